import { eq } from "drizzle-orm";
import { asOperator } from "../../../db/client.ts";
import { clerkEndedSessions, clerkUsers } from "../../../db/schema/clerk.ts";
import { users } from "../../../db/schema/identity.ts";
import type { ClerkClaims, ClerkPerson } from "../../../integrations/clerk/index.ts";
import type { Door, Holder } from "../sessions.ts";
import { keepPerson } from "./keep-person.ts";
import type { ClerkServices } from "./services.ts";

/** How long a browser that was away is still shown to the page that it asks for, where its session is then renewed, ms. */
const lateMs = 30 * 24 * 60 * 60 * 1_000;

/** The tokens of a request: what a program sends, else the browser's cookies, the likeliest first. */
function tokenOf(
  headers: { authorization?: string | undefined; cookie?: string | undefined },
  names: readonly string[],
) {
  const sent = /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (sent !== undefined) return sent;
  const cookies = new Map(
    (headers.cookie ?? "").split(";").map((pair): [string, string] => {
      const [name = "", ...value] = pair.split("=");
      return [name.trim(), value.join("=").trim()];
    }),
  );
  return names.map((name) => cookies.get(name)).find(Boolean) ?? null;
}

/** People as Clerk knows them, by the tokens of its sessions. */
export function clerkDoor({ clerk, db, publicUrl, log }: ClerkServices): Door {
  /** First requests of people who are new here, by Clerk's id: a page sends several at once. */
  const arriving = new Map<string, Promise<Holder | null>>();

  async function fetchPerson(clerkId: string): Promise<ClerkPerson | null> {
    try {
      return await clerk.fetchPerson(clerkId);
    } catch (error) {
      // The token proves who it is; name and address come with the next webhook.
      log.warn({ err: error }, "Clerk's API did not tell of somebody who is new here");
      return { clerkId, name: "", email: null, emailVerified: false, image: null, toldAt: 0 };
    }
  }

  /** Whether somebody has an account here: `undefined` where they are new, `null` where they were deleted. */
  async function findHolder(clerkId: string): Promise<Holder | null | undefined> {
    const [known] = await asOperator(db, (tx) =>
      tx
        .select({ id: users.id, name: users.name })
        .from(clerkUsers)
        .leftJoin(users, eq(users.id, clerkUsers.userId))
        .where(eq(clerkUsers.clerkId, clerkId)),
    );
    if (!known) return undefined;
    return known.id === null || known.name === null ? null : { id: known.id, name: known.name };
  }

  /** Their webhook has not come yet. They may have arrived between the look of whoever asks and this one. */
  async function welcome({ clerkId, person }: ClerkClaims): Promise<Holder | null> {
    const known = await findHolder(clerkId);
    if (known !== undefined) return known;
    const told = person ?? (await fetchPerson(clerkId));
    return told && keepPerson(db, told, publicUrl);
  }

  async function holderOf(token: string, skewMs?: number): Promise<Holder | null> {
    const claims = await clerk.verify(token, skewMs);
    if (!claims) return null;
    const { clerkId, sessionId, expiresAt } = claims;
    const [ended] = await asOperator(db, (tx) =>
      tx.select().from(clerkEndedSessions).where(eq(clerkEndedSessions.sessionId, sessionId)),
    );
    if (ended) return null;
    let holder = await findHolder(clerkId);
    if (holder === undefined) {
      const arrival = arriving.get(clerkId) ?? welcome(claims).finally(() => arriving.delete(clerkId));
      arriving.set(clerkId, arrival);
      holder = await arrival;
    }
    return holder && { ...holder, until: expiresAt };
  }

  return {
    credentialsOf: ({ headers }) => tokenOf(headers, clerk.cookies),
    holderOf: (token) => holderOf(token),
    lateHolderOf: (token) => holderOf(token, lateMs),
  };
}
