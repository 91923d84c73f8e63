import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApp, type App, type AppDeps } from "../src/app.ts";
import { readConfig, type Config } from "../src/config.ts";
import { makeCtx, type Ctx } from "../src/context.ts";
import { openDatabase, type Database } from "../src/db/client.ts";
import { makeStripe } from "../src/integrations/stripe/index.ts";
import { makeLog } from "../src/log.ts";
import { cloneDatabase } from "./database.ts";
import { makeClient, type Client } from "./client.ts";
import { signUpAt, type SignUp } from "./sign-up.ts";
import { clerkUser, type ClerkStandIn } from "./stand-ins/clerk.ts";
import { freePort } from "../src/embedded/free-port.ts";

export interface TestApp {
  url: string;
  app: App;
  db: Database;
  databaseUrl: string;
  config: Config;
  /** For a second server on the same sessions and keys. */
  secrets: AppDeps["secrets"];
  /** Every log line so far. */
  logged(): string;
  /** A new person with a workspace of their own, signed in. */
  signUp(options?: SignUp): Promise<Client>;
  /** A client that nobody is signed in with. */
  stranger(): Client;
  /** A context for calling verbs as that person. */
  ctxOf(client: Client): Ctx;
  close(): Promise<void>;
}

export interface TestOptions {
  /** Settings as the environment would give them. */
  env?: Record<string, string>;
  /** An existing database to share, for a second server. */
  databaseUrl?: string;
  /** Signs people in, in place of Better Auth. */
  clerk?: ClerkStandIn;
  /** Other parts than the usual ones; as a function where they need the app's address. */
  deps?: Partial<AppDeps> | ((publicUrl: string) => Promise<Partial<AppDeps>>);
}

/** Stripe for tests that ask nothing of it: nobody listens there. */
const noStripe: AppDeps["stripe"] = {
  stripe: makeStripe({ secretKey: "sk_test_nobody", server: { host: "127.0.0.1", port: 9 } }),
  catalogue: () => Promise.reject(new Error("this test has no Stripe")),
  webhookSecrets: [],
  customerUrl: (customer) => `http://stripe.test/${customer}`,
  now: () => new Date(),
};

/** Starts the real app on a database of its own (or a shared one) and a free port. */
export async function startTestApp({ env = {}, databaseUrl, clerk, deps = {} }: TestOptions = {}): Promise<TestApp> {
  const own = databaseUrl === undefined ? await cloneDatabase() : null;
  const url = own?.url ?? databaseUrl ?? "";
  const folder = mkdtempSync(join(tmpdir(), "charlie-app-"));
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const config = readConfig({
    NODE_ENV: "test",
    PORT: String(port),
    CHARLIE_DATA_DIR: folder,
    DATABASE_URL: url,
    RATE_LIMIT_SCALE: "0",
    ...clerk?.env,
    ...env,
  });
  const lines: string[] = [];
  const log = makeLog("info", { write: (line) => void lines.push(line) });
  const db = openDatabase(url, { onError: () => {} });
  const secrets = { auth: randomBytes(32).toString("base64url"), encryptionKey: Buffer.alloc(32, 7) };
  const given = typeof deps === "function" ? await deps(publicUrl) : deps;
  const app = await buildApp({
    config,
    publicUrl,
    secrets,
    db,
    log,
    stripe: noStripe,
    mailSender: null,
    demo: null,
    eventPauseMs: 5,
    ...given,
  });
  await app.fastify.listen({ port, host: "127.0.0.1" });

  async function enterByClerk(client: Client, standIn: ClerkStandIn, confirmed: boolean): Promise<void> {
    const person = clerkUser({ email: client.email, verified: confirmed });
    const status = await standIn.send(publicUrl, "user.created", person);
    if (status !== 200) throw new Error(`Clerk's webhook was answered ${status}`);
    // Nothing renews it in a test, so it lives longer than Clerk's.
    const exp = Math.floor(Date.now() / 1_000) + 3_600;
    client.cookie = `__session=${standIn.token(person.id, { azp: publicUrl, exp })}`;
  }

  const signUp = (options?: SignUp): Promise<Client> =>
    signUpAt(publicUrl, db, options, clerk && ((client, sure) => enterByClerk(client, clerk, sure)));

  return {
    url: publicUrl,
    app,
    db,
    databaseUrl: url,
    config,
    secrets,
    logged: () => lines.join(""),
    signUp,
    stranger: () => makeClient(publicUrl),
    ctxOf: ({ userId, workspaceId }) => makeCtx({ actor: { type: "user", userId }, role: "owner", workspaceId, db }),
    close: async () => {
      await app.shutDown({ ms: 0 });
      await db.close();
      await own?.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
