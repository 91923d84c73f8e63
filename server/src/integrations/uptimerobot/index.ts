import { z } from "zod";

/** UptimeRobot's API, version 3 (uptimerobot.com/api/v3): of a monitor, what we look at. */
const monitor = z.object({
  id: z.number(),
  url: z.string().nullish(),
  type: z.string(),
  status: z.string().nullish(),
  interval: z.number().nullish(),
});
const page = z.object({ data: z.array(monitor), nextLink: z.string().nullish() });

export type Monitor = z.infer<typeof monitor>;

export interface UptimeRobot {
  apiKey: string;
  /** UptimeRobot's own unless set, without a slash at its end. */
  baseUrl?: string | undefined;
}

/** What has to be watched: the address that says 503 when something is wrong. */
export const watchedUrl = (publicUrl: string): string => `${publicUrl}/health`;

/** Every five minutes, which every plan of theirs has; slower ones are set to it, faster ones left. In seconds. */
const interval = 300;
const patienceMs = 10_000;

/** UptimeRobot said no, or did not answer. The message never holds the key. */
export class UptimeRobotError extends Error {}

async function call(
  { apiKey, baseUrl = "https://api.uptimerobot.com/v3" }: UptimeRobot,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  // A list's next page is given by its whole address; the key goes to no other place than ours.
  const address = new URL(path, `${baseUrl}/`);
  if (address.origin !== new URL(baseUrl).origin) throw new UptimeRobotError("UptimeRobot leads to another address");
  const answer = await fetch(address, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    redirect: "error",
    signal: AbortSignal.timeout(patienceMs),
  }).catch((error: unknown) => {
    throw new UptimeRobotError("UptimeRobot does not answer", { cause: error });
  });
  if (!answer.ok) throw new UptimeRobotError(`UptimeRobot answers ${method} monitors with ${answer.status}`);
  return answer.json().catch(() => null);
}

/** The monitor of this service's `/health`, or `null`. Throws UptimeRobotError. */
export async function findMonitor(robot: UptimeRobot, publicUrl: string): Promise<Monitor | null> {
  const wanted = watchedUrl(publicUrl);
  for (let next: string | null = "monitors?limit=200"; next !== null;) {
    const read = page.safeParse(await call(robot, "GET", next));
    if (!read.success) throw new UptimeRobotError("UptimeRobot answers in a form that is not known");
    const found = read.data.data.find(({ url, type }) => url === wanted && type === "HTTP");
    if (found) return found;
    next = read.data.nextLink ?? null;
  }
  return null;
}

/**
 * Sees to it that UptimeRobot watches this service's `/health`: makes the monitor, corrects a slow one, starts a paused
 * one, and changes nothing where all is well. Throws UptimeRobotError.
 */
export async function ensureMonitor(robot: UptimeRobot, publicUrl: string): Promise<"made" | "corrected" | "there"> {
  const found = await findMonitor(robot, publicUrl);
  if (found === null) {
    await call(robot, "POST", "monitors", {
      friendlyName: `Teach Charlie at ${new URL(publicUrl).host}`,
      url: watchedUrl(publicUrl),
      type: "HTTP",
      httpMethod: "GET",
      interval,
      timeout: 30,
      gracePeriod: 60,
    });
    return "made";
  }
  const slow = (found.interval ?? 0) > interval;
  const paused = found.status === "PAUSED";
  if (slow) await call(robot, "PATCH", `monitors/${found.id}`, { interval });
  if (paused) await call(robot, "POST", `monitors/${found.id}/start`);
  return slow || paused ? "corrected" : "there";
}
