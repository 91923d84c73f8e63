import type { Door } from "../sessions.ts";
import type { Auth } from "./auth.ts";

/** People as Better Auth knows them, by its cookie. */
export function betterAuthDoor(auth: Auth): Door {
  const holderOf: Door["holderOf"] = async (cookie) => {
    const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
    return found && { id: found.user.id, name: found.user.name };
  };
  return { credentialsOf: ({ headers }) => headers.cookie ?? null, holderOf, lateHolderOf: holderOf };
}
