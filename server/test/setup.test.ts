import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { openEnvFile } from "../../scripts/setup/env-file.ts";
import { setUpEverything, type SetUp } from "../../scripts/setup/run.ts";
import { readConfig } from "../src/config.ts";
import { freePort } from "../src/embedded/free-port.ts";
import { startRecorder } from "./stand-ins/recorder.ts";
import { openAccount, type Account } from "./stripe-account.ts";

let path: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "charlie-setup-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  path = join(folder, "deploy", ".env.production");
});
const written = (): Record<string, string | undefined> => parseEnv(readFileSync(path, "utf8"));

describe("with nobody there", () => {
  async function run(env: Record<string, string> = {}) {
    const script = join(import.meta.dirname, "../../scripts/setup.ts");
    // Without `--` Node takes --env-file for its own, as in package.json.
    const child = spawn(process.execPath, ["--", script, "--env-file", path], {
      env: { PATH: process.env["PATH"], ...env },
    });
    const said: Buffer[] = [];
    child.stdin.end();
    child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, said: Buffer.concat(said).toString() };
  }

  test("it makes what it can, tells the private half of the backups' key once, and names what is missing", async () => {
    const first = await run({ OPERATOR_EMAILS: "pat@charlie.dev", STRIPE_SECRET_KEY: "pk_test_4Kd0zQm2" });
    expect(first.code).toBe(1);
    const [identity = ""] = /AGE-SECRET-KEY-1[A-Z0-9]+/.exec(first.said) ?? [];
    expect(identity).toHaveLength(74);
    expect(first.said).toContain("STRIPE_SECRET_KEY must start with");
    expect(first.said).toMatch(
      /Still open: DOMAIN, ACME_EMAIL, STRIPE_SECRET_KEY, RESEND_API_KEY, FROM_EMAIL, BACKUP_S3_ENDPOINT/,
    );
    const file = readFileSync(path, "utf8");
    expect(Object.keys(written()).toSorted()).toEqual([
      "BACKUP_AGE_RECIPIENT",
      "BETTER_AUTH_SECRET",
      "ENCRYPTION_KEY",
      "OPERATOR_EMAILS",
      "POSTGRES_PASSWORD",
      "REDIS_PASSWORD",
    ]);
    expect(file).not.toContain(identity);
    const secrets = Object.entries(written()).filter(([name]) => /SECRET|KEY|PASSWORD/.test(name));
    for (const [, secret] of secrets) expect(first.said).not.toContain(secret);

    const second = await run({ OPERATOR_EMAILS: "ann@charlie.dev" });
    expect(second.said).not.toContain("AGE-SECRET-KEY");
    expect(readFileSync(path, "utf8")).toBe(file);
  });
});

describe("step by step", () => {
  let account: Account;
  let given: Record<string, string>;
  let said: string[];
  let setUp: SetUp;
  let domains: object;
  beforeEach(async () => {
    account = await openAccount();
    onTestFinished(() => account.close());
    domains = {
      status: 200,
      json: { object: "list", data: [{ name: "charlie.dev", status: "verified" }], has_more: false },
    };
    const resend = await startRecorder(({ headers }) =>
      headers["authorization"] === "Bearer re_G00dKey"
        ? (domains as { status: number })
        : { status: 401, json: { name: "invalid_api_key", message: "no" } },
    );
    onTestFinished(() => resend.close());
    openEnvFile(path).set("RESEND_BASE_URL", resend.url);
    given = {
      DOMAIN: "localhost",
      ACME_EMAIL: "pat@charlie.dev",
      STRIPE_SECRET_KEY: "sk_test_4Kd0zQm2",
      RESEND_API_KEY: "re_G00dKey",
      FROM_EMAIL: "Charlie <hello@charlie.dev>",
      OPERATOR_EMAILS: "pat@charlie.dev",
    };
    said = [];
    const surroundings = {
      stripe: { host: "127.0.0.1", port: account.doorman.port },
      ports: { http: await freePort(), https: 9 },
    };
    setUp = {
      file: openEnvFile(path),
      given,
      human: null,
      live: false,
      surroundings,
      say: (words) => void said.push(words),
    };
  });

  /** Somebody who answers a question that holds these words, and Enter to all others; remembers what was asked. */
  function person(answers: [words: string, answer: string][]) {
    const asked: string[] = [];
    const left = [...answers];
    return {
      asked,
      say: () => {},
      ask: async (words: string): Promise<string> => {
        asked.push(words);
        const index = left.findIndex(([part]) => words.includes(part));
        if (index === -1) return "";
        const [[, answer] = ["", ""]] = left.splice(index, 1);
        if (answer === "CTRL-C") throw new Error("left");
        return answer;
      },
    };
  }
  const backups = ["BACKUP_S3_ENDPOINT", "BACKUP_S3_BUCKET", "BACKUP_S3_ACCESS_KEY_ID", "BACKUP_S3_SECRET_ACCESS_KEY"];

  test("answers of the environment are checked, Stripe's objects made, and production would start with it", async () => {
    expect(await setUpEverything(setUp)).toEqual([...backups, "Backups"]);
    const file = written();
    expect(file).toMatchObject({ ...given, PUBLIC_URL: "https://localhost" });
    expect(file["STRIPE_WEBHOOK_SECRET"]).toMatch(/^whsec_/);
    expect(said.join("\n")).toContain("charlie.dev is verified");
    const urls = { DATABASE_URL: "postgres://a:hTq02mZx@db/a", REDIS_URL: "redis://:hTq02mZx@redis" };
    expect(readConfig({ ...file, ...urls, NODE_ENV: "production" }).STRIPE_PRO_PRICE_ID).toMatch(/^price_/);
    account.doorman.changes();
    const before = readFileSync(path, "utf8");
    expect(
      await setUpEverything({ ...setUp, file: openEnvFile(path), given: { ...given, FROM_EMAIL: "x@charlie.dev" } }),
    ).toEqual([...backups, "Backups"]);
    expect(account.doorman.changes()).toEqual([]);
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  test("at a desk, where nothing serves yet, port 80 is told of and not waited for; nor is what belongs to nothing asked for", async () => {
    const other = await startRecorder(() => ({ status: 200, json: {} }));
    onTestFinished(() => other.close());
    setUp.surroundings.ports = { http: Number(new URL(other.url).port), https: 9 };
    const human = person([
      ...Object.entries({
        "The name people type": given["DOMAIN"]!,
        "Your mail address": given["ACME_EMAIL"]!,
        "Stripe's secret key": given["STRIPE_SECRET_KEY"]!,
        "Resend's key": given["RESEND_API_KEY"]!,
        "Whom mail comes from": given["FROM_EMAIL"]!,
        "Who may see": given["OPERATOR_EMAILS"]!,
      }),
      ["The S3 address", "http://127.0.0.1:9"],
      ["The name of the bucket", "b"],
      ["The access key id", "Qd83kZx0"],
      ["The secret access key", "Qd83kZx0mm"],
      ["Enter: look again", "g"],
    ]);
    expect(await setUpEverything({ ...setUp, given: {}, human })).toEqual(["Backups"]);
    expect(said.join("\n")).toContain("✗ Port 80 of the name leads here");
    expect(human.asked.join("\n")).not.toMatch(/Clerk's publishable|JWKS|PostHog's region|Langflow's key|Its headers/);
  });

  test("where a service refuses an answer, it is asked for again; left in the middle, nothing is lost", async () => {
    const steps: [string, string][] = [
      ["The name people type", given["DOMAIN"]!],
      ["Your mail address", given["ACME_EMAIL"]!],
      ["Stripe's secret key", "pk_test_4Kd0zQm2"],
      ["Stripe's secret key", given["STRIPE_SECRET_KEY"]!],
      ["Resend's key", "re_Wr0ngKey"],
      ["Whom mail comes from", given["FROM_EMAIL"]!],
      ["Enter: look again", "c"],
      ["Resend's key", given["RESEND_API_KEY"]!],
      ["Who may see the operator's pages", "CTRL-C"],
    ];
    const human = person(steps);
    await expect(setUpEverything({ ...setUp, given: {}, human })).rejects.toThrow("left");
    expect(said.join("\n")).toContain("Resend refuses the key");
    expect(said.join("\n")).toContain("charlie.dev is verified");
    expect(written()).toMatchObject({ DOMAIN: "localhost", RESEND_API_KEY: "re_G00dKey" });

    const again = person([
      ["Who may see the operator's pages", given["OPERATOR_EMAILS"]!],
      ["The S3 address", "http://127.0.0.1:9"],
      ["The name of the bucket", "b"],
      ["The access key id", "Qd83kZx0"],
      ["The secret access key", "Qd83kZx0mm"],
      ["Enter: look again", "g"],
    ]);
    expect(await setUpEverything({ ...setUp, file: openEnvFile(path), given: {}, human: again })).toEqual(["Backups"]);
    expect(again.asked[0]).toContain("Who may see the operator's pages");
    expect(again.asked.join("\n")).not.toMatch(/The name people type|Stripe|Resend/);

    const third = person([["Enter: look again", "g"]]);
    await setUpEverything({ ...setUp, file: openEnvFile(path), given: {}, human: third });
    expect(third.asked).toEqual([expect.stringContaining("Enter: look again")]);
  });

  test("with a live key nothing is made in Stripe unless somebody says yes", async () => {
    account.doorman.changes();
    const human = person([
      ["LIVE mode", "no"],
      ["Enter: look again", "g"],
      ["Enter: look again", "g"],
      ["Enter: look again", "g"],
    ]);
    const live = { ...given, STRIPE_SECRET_KEY: "sk_live_4Kd0zQm2" };
    for (const [name, value] of Object.entries({
      ...live,
      ...Object.fromEntries(backups.map((each) => [each, "http://127.0.0.1:9"])),
    }))
      setUp.file.set(name, value);
    await setUpEverything({ ...setUp, given: {}, human });
    expect(human.asked.join("\n")).toContain("LIVE mode");
    expect(account.doorman.changes()).toEqual([]);
    await setUpEverything(setUp);
    expect(account.doorman.changes()).toEqual([]);
  });
});
