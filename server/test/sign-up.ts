import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Me, PlanId } from "@charlie/contract";
import { asOperator, type Database } from "../src/db/client.ts";
import { workspaces } from "../src/db/schema/workspaces.ts";
import { makeClient, type Client } from "./client.ts";

export interface SignUp {
  plan?: PlanId;
  confirmed?: boolean;
  email?: string;
}

const password = "a good long password";

/** Gives a client an account by Better Auth. */
export async function enterByPassword(db: Database, client: Client, confirmed: boolean): Promise<void> {
  const answer = await client.post("/api/auth/sign-up/email", { name: "Pat Tester", email: client.email, password });
  if (answer.status !== 200) throw new Error(`sign-up answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  if (confirmed) await db.operator.query("update users set email_verified = true where email = $1", [client.email]);
}

/** Signs somebody new up at the server at `url`, whose database is `db`; `enter` gives the account. */
export async function signUpAt(
  url: string,
  db: Database,
  { plan = "free", confirmed = true, email }: SignUp = {},
  enter: (client: Client, confirmed: boolean) => Promise<void> = (client, sure) => enterByPassword(db, client, sure),
): Promise<Client> {
  const client = makeClient(url);
  client.email = email ?? `p-${randomBytes(6).toString("hex")}@example.org`;
  await enter(client, confirmed);
  const { body: me } = await client.get<Me>("/api/v1/me");
  client.userId = me.user.id;
  client.workspaceId = me.workspace.id;
  if (plan !== "free")
    await asOperator(db, (tx) => tx.update(workspaces).set({ plan }).where(eq(workspaces.id, me.workspace.id)));
  return client;
}
