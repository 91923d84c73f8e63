import { createHash } from "node:crypto";
import { makeCtx, type Ctx } from "../../context.ts";
import type { Database } from "../../db/client.ts";
import { forbidden, notSignedIn } from "../../errors.ts";
import type { Authenticate } from "../../http/route.ts";
import { ensureWorkspace, type Membership } from "../workspaces/index.ts";

type Request = Parameters<Authenticate>[0];

/** Whose credentials they are. */
export interface Holder {
  id: string;
  name: string;
  /** Until when at the most, ms since the epoch. */
  until?: number;
  /** Whether they still are good, for less work than asking whose they are; without it, or with a no, that is asked anew. */
  isStill?: () => Promise<boolean>;
}

/** How people are known: Better Auth's way, or Clerk's. */
export interface Door {
  /** What of a request tells who asks; `null` where nothing does. */
  credentialsOf(request: Request): string | null;
  /** Whose they are; `null` where they are not good (any more). */
  holderOf(credentials: string): Promise<Holder | null>;
  /** As `holderOf`, also for those that have just run out and that their browser can renew. */
  lateHolderOf(credentials: string): Promise<Holder | null>;
}

interface Session {
  holder: Holder;
  memberships: Membership[];
  /** Until when this server believes it without asking again, ms since the epoch. */
  until: number;
}

/** Short enough that a sign-out on another server, or a lost membership, is seen before anybody wonders. */
const believedMs = 3_000;
const mostRemembered = 10_000;

export interface Sessions {
  authenticate: Authenticate;
  /** As `authenticate`, also where the session has to be renewed first: for choosing a page, never for showing data. */
  recognise: Authenticate;
  /** Forgets what is remembered of a request's session: after sign-out, sign-in and password change. */
  forget(request: Request): void;
  /** Forgets all: after a password reset, which ends sessions whose cookies are not known here. */
  forgetAll(): void;
}

const keyOf = (credentials: string): string => createHash("sha256").update(credentials).digest("base64");

/** Resolves sessions, remembering each for a moment: asking the door and for workspaces costs several queries. */
export function makeSessions(door: Door, db: Database): Sessions {
  const remembered = new Map<string, Session>();

  async function sessionOf(holder: Holder): Promise<Session> {
    const memberships = await ensureWorkspace(db, holder);
    // The account was deleted a moment ago.
    if (memberships.length === 0) throw notSignedIn();
    return { holder, memberships, until: Math.min(Date.now() + believedMs, holder.until ?? Infinity) };
  }

  async function known(request: Request): Promise<Session> {
    const credentials = door.credentialsOf(request);
    if (credentials === null) throw notSignedIn();
    const key = keyOf(credentials);
    const before = remembered.get(key);
    if (before && before.until > Date.now()) return before;
    remembered.delete(key);
    const holder = (await before?.holder.isStill?.()) ? before?.holder : await door.holderOf(credentials);
    if (!holder) throw notSignedIn();
    const session = await sessionOf(holder);
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(key, session);
    return session;
  }

  async function late(request: Request): Promise<Session> {
    const credentials = door.credentialsOf(request);
    const holder = credentials === null ? null : await door.lateHolderOf(credentials);
    if (!holder) throw notSignedIn();
    return sessionOf(holder);
  }

  function act(request: Request, { holder, memberships }: Session): Ctx {
    const wanted = request.headers["charlie-workspace"];
    const chosen =
      wanted === undefined ? memberships[0] : memberships.find(({ workspaceId }) => workspaceId === wanted);
    if (!chosen) throw forbidden("You are not a member of this workspace.");
    const actor = { type: "user", userId: holder.id } as const;
    return makeCtx({ actor, role: chosen.role, workspaceId: chosen.workspaceId, db });
  }

  return {
    authenticate: async (request) => act(request, await known(request)),
    recognise: async (request) => act(request, await late(request)),
    forget: (request) => {
      const credentials = door.credentialsOf(request);
      if (credentials !== null) remembered.delete(keyOf(credentials));
    },
    forgetAll: () => remembered.clear(),
  };
}
