import { afterEach, expect, test } from "vitest";
import { startRecorder, type Recorder } from "../../../test/stand-ins/recorder.ts";
import { ensureMonitor, findMonitor, UptimeRobotError } from "./index.ts";

interface Kept {
  id: number;
  url: string;
  type: string;
  status: string;
  interval: number;
}

let robot: Recorder;
afterEach(() => robot.close());

/** A stand-in for UptimeRobot's API, version 3: one monitor a page, Bearer keys, PATCH and start. */
async function startRobot(monitors: Partial<Kept>[]) {
  const usual = { url: "https://elsewhere.example", type: "HTTP", status: "UP", interval: 300 };
  const kept = monitors.map((given, at): Kept => ({ id: at + 1, ...usual, ...given }));
  robot = await startRecorder(({ method, path, headers, body }) => {
    if (headers["authorization"] !== "Bearer u123-secret") return { status: 401 };
    const { pathname, searchParams } = new URL(path, robot.url);
    const [, id, action] = /^\/v3\/monitors(?:\/(\d+))?(?:\/(start))?$/.exec(pathname) ?? [];
    const one = kept.find((monitor) => monitor.id === Number(id));
    if (method === "GET") {
      const at = Number(searchParams.get("cursor") ?? 0);
      const nextLink = at + 1 < kept.length ? `${robot.url}/v3/monitors?limit=200&cursor=${at + 1}` : null;
      return { status: 200, json: { data: kept.slice(at, at + 1), nextLink } };
    }
    if (one && action === "start") return { status: 200, json: Object.assign(one, { status: "UP" }) };
    const sent = JSON.parse(body.toString()) as Partial<Kept>;
    if (one) return { status: 200, json: Object.assign(one, sent) };
    const made = { status: "STARTED", id: kept.length + 1, ...sent } as Kept;
    kept.push(made);
    return { status: 201, json: made };
  });
  const settings = { apiKey: "u123-secret", baseUrl: `${robot.url}/v3` };
  return { kept, settings, changes: () => robot.requests.filter(({ method }) => method !== "GET").length };
}

const publicUrl = "https://charlie.example.org";

test("where nobody watches a monitor is made, once", async () => {
  const { kept, settings, changes } = await startRobot([{}, {}]);
  expect(await findMonitor(settings, publicUrl)).toBeNull();
  expect(await ensureMonitor(settings, publicUrl)).toBe("made");
  expect(kept.at(-1)).toMatchObject({ url: "https://charlie.example.org/health", type: "HTTP", interval: 300 });
  expect(await ensureMonitor(settings, publicUrl)).toBe("there");
  expect(await ensureMonitor(settings, publicUrl)).toBe("there");
  expect([kept.length, changes()]).toEqual([3, 1]);
});

test("a slow or paused monitor is corrected, a faster one left alone, others never touched", async () => {
  const ours = { url: "https://charlie.example.org/health" };
  const { kept, settings } = await startRobot([{ status: "PAUSED" }, { ...ours, status: "PAUSED", interval: 3_600 }]);
  expect(await ensureMonitor(settings, publicUrl)).toBe("corrected");
  expect(kept.map(({ status, interval }) => [status, interval])).toEqual([
    ["PAUSED", 300],
    ["UP", 300],
  ]);
  await robot.close();
  const fast = await startRobot([{ ...ours, interval: 60 }]);
  expect(await ensureMonitor(fast.settings, publicUrl)).toBe("there");
  expect(fast.changes()).toBe(0);
});

test("a refused key is said as it is, and not repeated", async () => {
  const { settings } = await startRobot([]);
  const refused = ensureMonitor({ ...settings, apiKey: "u999-wrong" }, publicUrl);
  await expect(refused).rejects.toThrow(UptimeRobotError);
  await expect(refused).rejects.toThrow("401");
  await expect(refused).rejects.not.toThrow("u999");
});

test("the key goes to no other address, whatever a page of the list says", async () => {
  const thief = await startRecorder();
  robot = await startRecorder(() => ({ status: 200, json: { data: [], nextLink: `${thief.url}/v3/monitors` } }));
  await expect(findMonitor({ apiKey: "u123-secret", baseUrl: `${robot.url}/v3` }, publicUrl)).rejects.toThrow(
    "another",
  );
  expect(thief.requests).toEqual([]);
  await thief.close();
});
