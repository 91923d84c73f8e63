import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Settings } from "../../../settings.ts";
import { check, NotYet, Wrong } from "./check.ts";
import { isReady, runChecks } from "./run-checks.ts";
import { scrubber } from "./scrub.ts";

const about = { group: "settings", looksAt: "Something" } as const;
const examined = (settings: Settings = {}, faults: [string, string][] = []) => ({ settings, faults: new Map(faults) });

test("what is needed and not set is missing; what nobody needs is not used; half of it is a slip", async () => {
  const run = async () => "fine";
  const variables = ["LANGFLOW_URL", "LANGFLOW_API_KEY"] as const;
  const needed = check({ ...about, id: "needed", variables, run });
  const optional = check({ ...about, id: "optional", variables, needed: false, run });
  const states = async (settings: Settings) =>
    (await runChecks([needed, optional], examined(settings))).map(({ state }) => state);
  expect(await states({})).toEqual(["missing", "unused"]);
  expect(await states({ LANGFLOW_URL: "https://a.dev" })).toEqual(["missing", "missing"]);
  expect(await states({ LANGFLOW_URL: "https://a.dev", LANGFLOW_API_KEY: "k" })).toEqual(["ok", "ok"]);
});

test("a variable that is wrong is named before anybody is asked", async () => {
  const run = vi.fn(async () => "fine");
  const one = check({ ...about, id: "one", variables: ["DOMAIN"], reads: ["ACME_EMAIL"], run });
  const [result] = await runChecks([one], examined({ DOMAIN: "a.dev" }, [["ACME_EMAIL", "must be an e-mail address"]]));
  expect(result).toMatchObject({ state: "failed", found: "ACME_EMAIL must be an e-mail address" });
  expect(run).not.toHaveBeenCalled();
});

test("whatever a check throws becomes a result, and no secret is told", async () => {
  const key = "sk-4Kd0zQm2vR8";
  const throwing = (id: string, error: Error) =>
    check({ ...about, id, variables: [], run: () => Promise.reject(error) });
  const results = await runChecks(
    [
      throwing("wrong", new Wrong(`refused ${key}`, `change ${key}`)),
      throwing("not yet", new NotYet("never", "wait")),
      throwing("unknown", new Error(`bang ${key}`)),
      throwing("hidden", new TypeError("fetch failed", { cause: new AggregateError([new Error("ECONNREFUSED")]) })),
    ],
    examined({ OPENAI_API_KEY: key }),
  );
  expect(results.map(({ state, found }) => [state, found])).toEqual([
    ["failed", "refused •••"],
    ["missing", "never"],
    ["failed", "bang •••"],
    ["failed", "ECONNREFUSED"],
  ]);
  expect(JSON.stringify(results)).not.toContain(key);
});

test("somebody who takes the call and never answers is not waited for, and is hung up on", async () => {
  const silent = createServer();
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  const connected = once(silent, "connection");
  const slow = check({
    ...about,
    id: "slow",
    variables: [],
    run: async (_settings, { signal }) => (await fetch(`http://127.0.0.1:${port}`, { signal })).statusText,
  });
  const running = runChecks([slow], examined(), { patienceMs: 50 });
  const [socket] = (await connected) as [Socket];
  const closed = once(socket, "close");
  expect((await running)[0]).toMatchObject({
    state: "failed",
    found: expect.stringContaining("No answer within") as string,
  });
  socket.resume();
  await closed;
});

test("ready is: nothing failed, and nothing that is needed is missing", () => {
  const states = (...all: ("ok" | "missing" | "failed" | "unused")[]) => all.map((state) => ({ state }));
  expect(isReady(states("ok", "unused"))).toBe(true);
  expect(isReady(states("ok", "missing"))).toBe(false);
  expect(isReady(states("ok", "failed"))).toBe(false);
});

test("secrets are blackened wherever they stand: keys, parts of lists, passwords in addresses as written and as meant", () => {
  const scrub = scrubber({
    STRIPE_WEBHOOK_SECRET: "whsec_aaaaaaa1,whsec_bbbbbbb2",
    DATABASE_URL: "postgres://charlie:p%40ssword9@db/charlie",
    OTEL_EXPORTER_OTLP_HEADERS: "api-key=zzzz9999",
    PUBLIC_URL: "https://charlie.dev",
  });
  const said = "whsec_bbbbbbb2 p%40ssword9 p@ssword9 zzzz9999 https://charlie.dev charlie";
  expect(scrub(said)).toBe("••• ••• ••• ••• https://charlie.dev charlie");
});
