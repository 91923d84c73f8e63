import type { Database } from "../../../db/client.ts";
import type { Door, Holder } from "../sessions.ts";
import type { Auth } from "./auth.ts";

/** As long as that, a session is looked up by us alone; then Better Auth is asked again, which also lengthens it. */
const foundAnewMs = 10 * 60_000;

async function isRunning(db: Database, id: string): Promise<boolean> {
  const { rowCount } = await db.operator.query({
    name: "session-runs",
    text: "select 1 from sessions where id = $1 and expires_at > now()",
    values: [id],
  });
  return rowCount === 1;
}

/** People as Better Auth knows them, by its cookie. */
export function betterAuthDoor(auth: Auth, db: Database): Door {
  async function holderOf(cookie: string): Promise<Holder | null> {
    const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
    if (!found) return null;
    const { user, session } = found;
    const until = Date.now() + foundAnewMs;
    return { id: user.id, name: user.name, isStill: async () => Date.now() < until && isRunning(db, session.id) };
  }
  return { credentialsOf: ({ headers }) => headers.cookie ?? null, holderOf, lateHolderOf: holderOf };
}
