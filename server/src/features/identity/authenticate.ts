import { createHash } from "node:crypto";
import { makeCtx, type Ctx } from "../../context.ts";
import type { Database } from "../../db/client.ts";
import { forbidden, notSignedIn } from "../../errors.ts";
import type { Authenticate } from "../../http/route.ts";
import { ensureWorkspace, type Membership } from "../workspaces/index.ts";
import type { Auth } from "./auth.ts";

type Request = Parameters<Authenticate>[0];

interface Session {
  userId: string;
  memberships: Membership[];
  /** Until when this server believes it without asking again, ms since the epoch. */
  until: number;
}

/** Short enough that a sign-out on another server, or a lost membership, is seen before anybody wonders. */
const believedMs = 3_000;
const mostRemembered = 10_000;

export interface Sessions {
  authenticate: Authenticate;
  /** Forgets what is remembered of a request's session: after sign-out, sign-in and password change. */
  forget(request: Request): void;
  /** Forgets all: after a password reset, which ends sessions whose cookies are not known here. */
  forgetAll(): void;
}

const cookieKey = (request: Request): string | null =>
  request.headers.cookie === undefined ? null : createHash("sha256").update(request.headers.cookie).digest("base64");

/** Resolves sessions by their cookie, remembering each for a moment: asking Better Auth costs two queries. */
export function makeSessions(auth: Auth, db: Database): Sessions {
  const remembered = new Map<string, Session>();

  async function sessionOf(request: Request): Promise<Session> {
    const key = cookieKey(request);
    if (key === null) throw notSignedIn();
    const known = remembered.get(key);
    if (known && known.until > Date.now()) return known;
    remembered.delete(key);
    const found = await auth.api.getSession({ headers: new Headers({ cookie: request.headers.cookie ?? "" }) });
    if (!found) throw notSignedIn();
    const { id, name } = found.user;
    const memberships = await ensureWorkspace(db, { id, name });
    const session = { userId: id, memberships, until: Date.now() + believedMs };
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(key, session);
    return session;
  }

  async function authenticate(request: Request): Promise<Ctx> {
    const { userId, memberships } = await sessionOf(request);
    const wanted = request.headers["charlie-workspace"];
    const chosen =
      wanted === undefined ? memberships[0] : memberships.find(({ workspaceId }) => workspaceId === wanted);
    if (!chosen) throw forbidden("You are not a member of this workspace.");
    const actor = { type: "user", userId } as const;
    return makeCtx({ actor, role: chosen.role, workspaceId: chosen.workspaceId, db });
  }

  return {
    authenticate,
    forget: (request) => {
      const key = cookieKey(request);
      if (key !== null) remembered.delete(key);
    },
    forgetAll: () => remembered.clear(),
  };
}
