import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startHeldProvider, type HeldProvider } from "../../../server/test/held-provider.ts";
import { imageWith, testTag } from "../images.ts";
import { type Seen, underLoad } from "../load.ts";
import { startMailbox } from "../mailbox.ts";
import { signUp, type Person } from "../person.ts";
import { makeStack, type Stack } from "../stack.ts";

let stack: Stack;
let provider: HeldProvider;
let mailbox: Awaited<ReturnType<typeof startMailbox>>;
let pat: Person;
let agentId: string;
let healthyAfter: number;

beforeAll(async () => {
  provider = await startHeldProvider("0.0.0.0");
  mailbox = await startMailbox();
  const outside = "http://host.docker.internal";
  stack = await makeStack({
    tag: testTag,
    settings: {
      OPENAI_BASE_URL: provider.url.replace("http://127.0.0.1", outside),
      RESEND_BASE_URL: `${outside}:${mailbox.port}`,
      RATE_LIMIT_SCALE: "0",
    },
  });
  const begun = Date.now();
  await stack.compose("up", "--detach", "--wait", "--wait-timeout", "240");
  healthyAfter = Date.now() - begun;
});
afterAll(async () => {
  await stack?.close();
  await provider?.close();
  mailbox?.close();
});

const colour = async (): Promise<string> =>
  (await stack.compose("--profile", "*", "ps", "--services", "--status", "running"))
    .split("\n")
    .filter((name) => name.startsWith("app_"))
    .join();

const tell = (what: string, { requests, answers, failed, again }: Seen): void => {
  const seen = `${requests} requests, ${answers} answers, ${failed.length} failed, ${again} sent again`;
  process.stdout.write(`${what}, under load: ${seen}\n`);
};

/** The newest look at the certificate. */
const lookedAt = async () =>
  JSON.parse(
    await stack.sql(
      "select json_build_object('ok', ok, 'detail', detail) from operations where name = 'certificate' order by ended_at desc limit 1",
    ),
  ) as { ok: boolean; detail: { servedSerial: string; diskSerial: string; daysLeft: number } };

const servedSerial = (): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: stack.httpsPort, servername: stack.domain, ca: stack.pebble.root };
    const socket = connect(options, () => {
      resolve(socket.getPeerX509Certificate()?.serialNumber);
      socket.destroy();
    });
    socket.on("error", reject);
  });

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
    const { ok, detail } = await lookedAt();
    expect(ok).toBe(true);
    expect(detail.servedSerial).toBe(await servedSerial());
    expect(detail.diskSerial).toBe(detail.servedSerial);
    expect(detail.daysLeft).toBeGreaterThan(80);
  });

  test("a renewed one is taken up and looked at again", async () => {
    const before = await servedSerial();
    await stack.compose("exec", "-T", "certbot", "deploy/certbot/run", "once", "--force-renewal");
    expect(await servedSerial()).not.toBe(before);
    expect((await lookedAt()).detail.servedSerial).toBe(await servedSerial());
  });

  test("one that nginx does not take up is written down as not well, until it does", async () => {
    // Something else is wrong, so that nginx refuses to reload: it goes on with what it has.
    const colourFile = join(stack.state, "colour");
    writeFileSync(colourFile, "purple\n");
    const renewal = ["exec", "-T", "certbot", "deploy/certbot/run", "once"];
    expect((await stack.script("compose", [...renewal, "--force-renewal"])).code).toBe(1);
    const { ok, detail } = await lookedAt();
    expect(ok).toBe(false);
    expect(detail.servedSerial).not.toBe(detail.diskSerial);
    writeFileSync(colourFile, "blue\n");
    await stack.compose(...renewal);
    expect((await lookedAt()).ok).toBe(true);
  });
});

describe("people", () => {
  test("sign up, are written to, teach, and hear an answer as it is said", async () => {
    pat = await signUp(stack.door);
    await vi.waitFor(() => expect(mailbox.letters.map(({ to }) => to)).toContain(pat.email), 20_000);
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
});

describe("deploys, while people visit and chat", () => {
  test("a new version drops no request and breaks no answer, not even one that outlasts the deploy", async () => {
    const next = await imageWith("test-next", "ENV RELEASE=next");
    const held = await pat.teach({ provider: "openai", model: "held", temperature: null, maxOutputTokens: null });
    const pieces = (await pat.chat(held.id, "And on Sundays?"))[Symbol.asyncIterator]();
    const call = await provider.call("And on Sundays?");
    call.say("On Sundays ");
    expect((await pieces.next()).value).toBe("On Sundays ");
    const switched = (): boolean => readFileSync(join(stack.state, "colour"), "utf8") === "green\n";
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
    expect(await colour()).toBe("app_green");
  });

  const bad = [
    [
      "an image that does not start",
      "starting blue",
      ["RUN echo 'if (process.argv[2] !== \"migrate\") process.exit(3);' >server/src/main.ts"],
    ],
    [
      "a migration that fails",
      "migrating",
      [
        "RUN cd server/src/db/migrations && n=$(printf %04d $(($(ls | wc -l) + 1))) && echo 'create table half (); select 1/0;' >$n-fails.sql",
      ],
    ],
    ["pages that are not there", "trying blue through nginx", ["RUN rm web/dist/client/app.html"]],
  ] as const;
  test.each(bad)("%s: the version of before serves on", async (what, last, lines) => {
    const image = await imageWith("test-bad", ...lines);
    const [{ code, output }, seen] = await underLoad({ stack, person: pat, agentId }, () =>
      stack.script("deploy", [image], { READY_SECONDS: "20" }),
    );
    tell(what, seen);
    expect(code).toBe(1);
    const said = output.split("\n").filter((line) => line.startsWith("deploy: "));
    expect(said.slice(-2)).toEqual([`deploy: ${last}`, "deploy: that failed: the version of before stays"]);
    expect(seen.failed).toEqual([]);
    expect(await colour()).toBe("app_green");
    expect(readFileSync(join(stack.state, "colour"), "utf8")).toBe("green\n");
    expect(await stack.sql("select to_regclass('half')")).toBe("");
  });

  test("the version of before comes back in the same way", async () => {
    const [{ code, output }, seen] = await underLoad({ stack, person: pat, agentId }, () =>
      stack.script("rollback", []),
    );
    tell("rollback", seen);
    expect([code, output]).toEqual([0, expect.stringContaining("(blue)")]);
    expect(seen.failed).toEqual([]);
    expect(await colour()).toBe("app_blue");
  });

  test("after all that the books agree", async () => {
    await expect(stack.compose("exec", "-T", "app_blue", "node", "scripts/audit.ts")).resolves.toContain("agree");
  });
});
