import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import type { Subscription } from "@charlie/contract";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { startHeldProvider, type HeldProvider } from "../../../server/test/held-provider.ts";
import { sessionIdOf } from "../../../server/test/paid-app.ts";
import { lookedAt, renew, servedSerial } from "../certificate.ts";
import { running, servingColour } from "../colours.ts";
import { imageWith } from "../images.ts";
import { tell, underLoad } from "../load.ts";
import { lettersAt } from "../mailbox.ts";
import { signUp, type Person } from "../person.ts";
import { bringUp } from "../shared-stack.ts";
import type { Stack } from "../stack.ts";
import { startStripe } from "../stripe.ts";

const shared = inject("shared");
let stack: Stack;
let provider: HeldProvider;
let pat: Person;
let agentId: string;
let healthyAfter: number;

beforeAll(async () => {
  provider = await startHeldProvider({ host: "0.0.0.0", port: shared.ports.provider });
  const begun = Date.now();
  stack = await bringUp(shared);
  healthyAfter = Date.now() - begun;
});
afterAll(() => provider?.close());

test("the whole stack comes up healthy behind TLS, and needs little", async () => {
  expect((await stack.door.ask("/readyz")).body).toEqual({ status: "ready" });
  const stats = await stack.compose("stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}");
  const used = stats.matchAll(/ ([\d.]+)(KiB|MiB|GiB) \//g);
  const unit = { KiB: 1 / 1024, MiB: 1, GiB: 1024 };
  const sum = [...used].reduce((all, [, amount, name]) => all + Number(amount) * unit[name as keyof typeof unit], 0);
  process.stdout.write(`healthy after ${healthyAfter} ms; ${Math.round(sum)} MiB of memory:\n${stats}\n`);
  expect(sum).toBeGreaterThan(100);
  expect(sum).toBeLessThan(700);
});

test("nothing about the settings has to be warned of; one that is missing is named", async () => {
  expect(await stack.script("compose", ["config", "--quiet"])).toEqual({ code: 0, output: "" });
  const incomplete = join(stack.state, "incomplete.env");
  writeFileSync(incomplete, readFileSync(stack.settingsFile, "utf8").replace(/^ENCRYPTION_KEY=.*$/m, ""));
  const { code, output } = await stack.script("compose", ["config", "--quiet"], { SETTINGS: incomplete });
  expect(output).toContain("ENCRYPTION_KEY is missing a value");
  expect(code).not.toBe(0);
});

describe("TLS", () => {
  test("HTTP leads to HTTPS, which is to be remembered for two years", async () => {
    const location = await new Promise((resolve, reject) => {
      request({ port: stack.httpPort, path: "/pricing?x=1", headers: { host: stack.domain } }, (response) => {
        resolve([response.statusCode, response.headers.location]);
      })
        .on("error", reject)
        .end();
    });
    expect(location).toEqual([301, `https://${stack.domain}/pricing?x=1`]);
    const { headers } = await stack.door.ask("/");
    expect(headers["strict-transport-security"]).toBe("max-age=63072000");
  });

  test("another name gets no certificate", async () => {
    const refused = new Promise((resolve, reject) => {
      connect({ host: "127.0.0.1", port: stack.httpsPort, servername: "other.test" }, () =>
        reject(new Error("let in")),
      ).on("error", ({ message }) => resolve(message));
    });
    await expect(refused).resolves.toMatch(/unrecognized[ _]name/i);
  });

  test("the certificate that is on the disk is served, and that was looked at", async () => {
    const { ok, detail } = await lookedAt(stack);
    expect(ok).toBe(true);
    expect(detail.servedSerial).toBe(await servedSerial(stack));
    expect(detail.diskSerial).toBe(detail.servedSerial);
    expect(detail.daysLeft).toBeGreaterThan(80);
  });

  test("a renewed one is taken up and looked at again", async () => {
    const before = await servedSerial(stack);
    await renew(stack, "--force-renewal");
    expect(await servedSerial(stack)).not.toBe(before);
    expect((await lookedAt(stack)).detail.servedSerial).toBe(await servedSerial(stack));
  });
});

describe("people", () => {
  test("sign up, are written to, teach, and hear an answer as it is said", async () => {
    pat = await signUp(stack.door);
    const written = async () => expect((await lettersAt(shared.ports.mail)).map(({ to }) => to)).toContain(pat.email);
    await vi.waitFor(written, 20_000);
    await stack.sql("update workspaces set plan = 'team'");
    ({ id: agentId } = await pat.teach({ provider: "offline", model: null, temperature: null, maxOutputTokens: null }));
    const key = { method: "PUT", body: { key: "sk-held-key-1234" } };
    expect((await pat.ask("/api/v1/ai-keys/openai", key)).status).toBe(200);
    const held = await pat.teach({ provider: "openai", model: "held", temperature: null, maxOutputTokens: null });
    const pieces = (await pat.chat(held.id, "Are you open?"))[Symbol.asyncIterator]();
    const call = await provider.call("Are you open?");
    for (const piece of ["Yes, ", "since ", "eight."]) {
      call.say(piece);
      // The next is said only once this one was heard: nothing on the way waits for more.
      expect((await pieces.next()).value).toBe(piece);
    }
    call.finish();
    expect((await pieces.next()).done).toBe(true);
  });

  test("pay, and have their plan as soon as Stripe says so", async () => {
    const { local, close } = await startStripe(shared, stack);
    const payer = await signUp(stack.door);
    await stack.sql(`update users set email_verified = true where email = '${payer.email}'`);
    const order = { method: "POST", body: { plan: "pro", interval: "month" } };
    const { status, body } = await payer.ask<{ url: string }>("/api/v1/billing/checkout", order);
    expect(status, JSON.stringify(body)).toBe(200);
    local.control.payCheckout(sessionIdOf(body.url));
    const plan = async () => (await payer.ask<Subscription>("/api/v1/billing/subscription")).body.plan;
    await vi.waitFor(async () => expect(await plan()).toBe("pro"), 20_000);
    expect(await stack.sql("select count(*) from billing_events where error is not null")).toBe("0");
    await close();
  });
});

describe("deploys, while people visit and chat", () => {
  test("a new version drops no request and breaks no answer, not even one that outlasts the deploy", async () => {
    const next = await imageWith("test-next", "ENV RELEASE=next");
    const held = await pat.teach({ provider: "openai", model: "held", temperature: null, maxOutputTokens: null });
    const pieces = (await pat.chat(held.id, "And on Sundays?"))[Symbol.asyncIterator]();
    const call = await provider.call("And on Sundays?");
    call.say("On Sundays ");
    expect((await pieces.next()).value).toBe("On Sundays ");
    const switched = (): boolean => servingColour(stack) === "green";
    const [{ code, output }, seen] = await underLoad({ stack, person: pat, agentId }, async () => {
      const deployed = stack.script("deploy", [next]);
      // Said all the time until the other colour serves, and a last word after that.
      for (let said = false; !said;) {
        said = switched();
        call.say("we sleep. ");
        expect((await pieces.next()).value).toBe("we sleep. ");
        await sleep(500);
      }
      call.finish();
      expect((await pieces.next()).done).toBe(true);
      return deployed;
    });
    tell("deploy", seen);
    expect([code, output]).toEqual([0, expect.stringContaining("live: charlie:test-next (green)")]);
    expect(seen.failed).toEqual([]);
    expect(seen.requests).toBeGreaterThan(100);
    expect(seen.answers).toBeGreaterThan(5);
    expect(await running(stack)).toEqual(["app_green"]);
  });

  test("the version of before comes back in the same way", async () => {
    const [{ code, output }, seen] = await underLoad({ stack, person: pat, agentId }, () =>
      stack.script("rollback", []),
    );
    tell("rollback", seen);
    expect([code, output]).toEqual([0, expect.stringContaining("(blue)")]);
    expect(seen.failed).toEqual([]);
    expect(await running(stack)).toEqual(["app_blue"]);
  });

  test("after all that the books agree", async () => {
    await expect(stack.compose("exec", "-T", "app_blue", "node", "scripts/audit.ts")).resolves.toContain("agree");
  });
});
