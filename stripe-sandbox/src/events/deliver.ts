// Brings events to webhook endpoints: signed with real time, retried until a 2xx, in whatever disorder is asked for.
import { randomInt } from "node:crypto";
import type { Box } from "../box.ts";
import { render } from "../http/api.ts";
import { showEvent } from "../resources/events.ts";
import type { Delivery } from "../types.ts";
import { signatureHeader } from "./sign.ts";

// Stripe retries for three days in live mode; here a person is waiting, so the first ones come soon.
const RETRY_MS = [200, 1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000];
const TIMEOUT_MS = 20_000;
const AT_ONCE = 16;
// How many of those that wait are mixed with each other.
const WINDOW = 256;

/** What the control page can do to deliveries. */
export interface DeliveryMode {
  /** New deliveries wait until they are released. */
  hold: boolean;
  /** How many coming deliveries get lost. */
  drop: number;
  /** Each delivery is made twice. */
  duplicate: boolean;
  /** Deliveries arrive in random order. */
  shuffle: boolean;
}
export const ORDERLY: DeliveryMode = { hold: false, drop: 0, duplicate: false, shuffle: false };

export interface Deliverer {
  /** Takes on these deliveries (or none in particular) and starts those that are due. */
  wake: (ids?: string[]) => void;
  /** Resolves when nothing is pending that is due within `withinMs`. */
  settled(withinMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** How deliveries are disturbed now. */
export const deliveryMode = (box: Box): DeliveryMode => ({
  ...ORDERLY,
  ...(box.store.get("sandbox.setting", "deliveries")?.value as Partial<DeliveryMode> | undefined),
});

/** Must run inside a change. */
export function setDeliveryMode(box: Box, mode: Partial<DeliveryMode>): DeliveryMode {
  const value = { ...deliveryMode(box), ...mode };
  box.store.put({ id: "deliveries", object: "sandbox.setting", value });
  return value;
}

/** Starts delivering what waits, also from before a restart. `log` gets a line for each first failure. */
export function startDeliverer(box: Box, base: () => string, log: (line: string) => void): Deliverer {
  const running = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let waiting: (() => void)[] = [];
  const abort = new AbortController();

  // Ids of what is not settled, oldest first, so that a long history costs nothing.
  const open = new Set<string>();
  for (const row of box.store.all("sandbox.delivery")) if (row.status === "pending") open.add(row.id);

  function* pending(): Generator<Delivery> {
    for (const id of open) {
      const row = box.store.get("sandbox.delivery", id);
      if (row?.status === "pending") yield row;
      else open.delete(id);
    }
  }

  /** What can be started now; `next` is when there will be more, if nothing else happens before. */
  const startable = (shuffle: boolean): { rows: Delivery[]; next: number } => {
    const now = Date.now();
    const rows: Delivery[] = [];
    let next = Infinity;
    // In order, each endpoint takes one event after the other; shuffled, many at once as they come.
    const busy = new Set<string>();
    const endpoints = box.store.all("webhook_endpoint").length;
    if (!shuffle) for (const id of running.keys()) busy.add(box.store.get("sandbox.delivery", id)?.endpoint ?? "");
    for (const row of pending()) {
      if (shuffle ? rows.length >= WINDOW : busy.size >= endpoints) break;
      if (running.has(row.id) || busy.has(row.endpoint)) continue;
      if (row.next_at > now) next = Math.min(next, row.next_at);
      else {
        rows.push(row);
        if (!shuffle) busy.add(row.endpoint);
      }
    }
    return { rows: shuffle ? shuffled(rows) : rows, next };
  };

  const wake: Deliverer["wake"] = (ids = []) => {
    for (const id of ids) open.add(id);
    if (closed) return;
    clearTimeout(timer);
    const mode = deliveryMode(box);
    const { rows, next } = startable(mode.shuffle);
    for (const row of rows) {
      if (running.size >= AT_ONCE) break;
      const run = attempt(row, mode).finally(() => {
        running.delete(row.id);
        wake();
      });
      running.set(row.id, run);
    }
    if (Number.isFinite(next)) timer = setTimeout(wake, Math.min(Math.max(next - Date.now(), 0), 60_000));
    timer?.unref();
    for (const resolve of waiting.splice(0)) resolve();
  };

  const attempt = async (row: Delivery, mode: DeliveryMode) => {
    if (deliveryMode(box).drop > 0) {
      box.change(() => {
        setDeliveryMode(box, { drop: deliveryMode(box).drop - 1 });
        box.store.put({ ...row, status: "dropped", last_error: "dropped on request" });
      });
      return;
    }
    // A short, unequal wait is what mixes up the order in which they arrive.
    if (mode.shuffle) await new Promise((resolve) => setTimeout(resolve, randomInt(80)));
    const outcome = await post(row);
    if (mode.duplicate && outcome.last_error === null) await post(row);
    if (closed) return;
    box.change(() => {
      const latest = box.store.get("sandbox.delivery", row.id);
      if (!latest || latest.status !== "pending") return;
      const attempts = latest.attempts + 1;
      const ok = outcome.last_error === null;
      const wait = RETRY_MS[attempts - 1];
      box.store.put({
        ...latest,
        ...outcome,
        attempts,
        status: ok ? "delivered" : wait === undefined ? "failed" : "pending",
        next_at: Date.now() + (wait ?? 0),
      });
    });
  };

  const post = async (row: Delivery): Promise<Pick<Delivery, "last_status" | "last_error">> => {
    const endpoint = box.store.get("webhook_endpoint", row.endpoint);
    const event = box.store.get("event", row.event);
    const secret = box.store.get("sandbox.secret", row.endpoint)?.secret;
    if (!endpoint || !event || !secret) return { last_status: null, last_error: null };
    const body = render(showEvent(box, event), base());
    try {
      const response = await fetch(endpoint.url, {
        method: "POST",
        headers: {
          "Content-Type": "application/json; charset=utf-8",
          "User-Agent": "Stripe/1.0 (+local sandbox)",
          "Stripe-Signature": signatureHeader([secret], body, Math.floor(Date.now() / 1000)),
        },
        body,
        redirect: "manual",
        signal: AbortSignal.any([abort.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.arrayBuffer();
      return { last_status: response.status, last_error: response.ok ? null : `HTTP ${response.status}` };
    } catch (error) {
      const reason = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : "failed";
      if (!closed && row.attempts === 0) log(`local Stripe: ${event.type} did not reach ${endpoint.url}: ${reason}`);
      return { last_status: null, last_error: reason };
    }
  };

  return {
    wake,
    async settled(withinMs = 10_000) {
      const isBusy = () => {
        if (closed) return false;
        if (running.size > 0) return true;
        for (const row of pending()) if (row.next_at <= Date.now() + withinMs) return true;
        return false;
      };
      while (isBusy()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      abort.abort();
      for (const resolve of waiting.splice(0)) resolve();
      await Promise.allSettled(running.values());
    },
  };
}

function shuffled<T>(rows: T[]): T[] {
  const mixed = [...rows];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}
