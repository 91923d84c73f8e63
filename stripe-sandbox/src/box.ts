// What every part of the sandbox works with: state, time, and the events that a change gives rise to.
import { newId } from "./ids.ts";
import type { Store } from "./store.ts";
import type { EventObject, Stored } from "./types.ts";

export const API_VERSION = "2026-10-28.endive";
export const ACCOUNT_ID = "acct_1SandboxSandbox";

/** Stands in stored URLs for wherever the sandbox is reached now. */
export const BASE = "https://base.sandbox.invalid";

interface Pending {
  type: string;
  object: Stored;
  previous?: Record<string, unknown>;
  at: number;
}

export interface Box {
  store: Store;
  /** The time in seconds: of a test clock, or of the sandbox when there is none. */
  now(clock?: string | null): number;
  /** The time for a customer's objects. */
  nowFor(customer: string | null): number;
  /** Holds the sandbox's own time at one moment while time is being turned. */
  pinned: number | undefined;
  /** The request that is being answered; events name it. */
  request: { id: string | null; idempotency_key: string | null };
  /** Announces what happened to an object, as it is now. Sent when the change is complete. */
  emit(type: string, object: Stored, previous?: Record<string, unknown>): void;
  /** Puts an object in place of its earlier self and announces what differs. Returns it. */
  update<T extends Stored>(type: string, before: T, patch: Partial<T>): T;
  /** One whole step: state, events and their deliveries, or nothing at all. */
  change<T>(step: () => T): T;
  /** Runs a step and takes back all of it, events included. */
  dry<T>(step: () => T): T;
  /** Brings the events of this change into the order in which Stripe sends them. Types not named keep to the end. */
  inOrder(types: readonly string[]): void;
  /** Called after a change that made deliveries, with their ids. */
  onDeliveries: (ids: string[]) => void;
}

/** Builds the box over a store. */
export function createBox(store: Store): Box {
  let pending: Pending[] = [];

  const offset = () => Number(store.get("sandbox.setting", "clock_offset")?.value ?? 0);
  const now: Box["now"] = (clock) => {
    const frozen = clock ? store.get("test_helpers.test_clock", clock)?.frozen_time : undefined;
    return frozen ?? box.pinned ?? Math.floor(Date.now() / 1000) + offset();
  };

  const flush = (): string[] => {
    const made: string[] = [];
    const events = pending;
    pending = [];
    const endpoints = store.all("webhook_endpoint").filter((endpoint) => endpoint.status === "enabled");
    const held = store.get("sandbox.setting", "deliveries")?.value as { hold?: boolean } | undefined;
    for (const { type, object, previous, at } of events) {
      const event = store.put({
        id: newId("evt"),
        object: "event",
        api_version: API_VERSION,
        created: at,
        data: { object: { ...object }, ...(previous && { previous_attributes: previous }) },
        livemode: false,
        pending_webhooks: 0,
        request: box.request,
        type,
      } satisfies EventObject);
      for (const endpoint of endpoints) {
        if (!endpoint.enabled_events.some((wanted) => wanted === "*" || wanted === type)) continue;
        const id = deliveryId(event.id, endpoint.id);
        made.push(id);
        store.put({
          id,
          object: "sandbox.delivery",
          event: event.id,
          endpoint: endpoint.id,
          status: held?.hold ? "held" : "pending",
          attempts: 0,
          next_at: Date.now(),
          last_status: null,
          last_error: null,
        });
      }
    }
    return made;
  };

  const box: Box = {
    store,
    now,
    nowFor: (customer) => now(customer ? (store.get("customer", customer)?.test_clock ?? null) : null),
    pinned: undefined,
    request: { id: null, idempotency_key: null },
    onDeliveries: () => {},
    emit(type, object, previous) {
      pending.push({ type, object, at: now(clockOf(store, object)), ...(previous && { previous }) });
    },
    update(type, before, patch) {
      const after = store.put({ ...before, ...patch });
      const previous = difference(before, after);
      if (Object.keys(previous).length > 0) box.emit(type, after, previous);
      return after;
    },
    inOrder(types) {
      const place = (type: string) => (types.includes(type) ? types.indexOf(type) : types.length);
      pending = pending.toSorted((one, other) => place(one.type) - place(other.type));
    },
    change(step) {
      const outer = pending;
      pending = [];
      try {
        let sent: string[] = [];
        const result = store.change(() => {
          const value = step();
          sent = flush();
          return value;
        });
        if (sent.length > 0) box.onDeliveries(sent);
        return result;
      } finally {
        pending = outer;
      }
    },
    dry(step) {
      const outer = [...pending];
      try {
        return store.dry(step);
      } finally {
        pending = outer;
      }
    },
  };
  return box;
}

/** A delivery is found by what it brings where. */
export const deliveryId = (event: string, endpoint: string): string => `dlv_${event}_${endpoint}`;

function clockOf(store: Store, object: Stored): string | null {
  if (object.object === "test_helpers.test_clock") return object.id;
  if ("test_clock" in object && typeof object.test_clock === "string") return object.test_clock;
  const customer = "customer" in object && typeof object.customer === "string" ? object.customer : null;
  return (customer && store.get("customer", customer)?.test_clock) || null;
}

const isHash = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What `previous_attributes` holds: the earlier values of changed fields, hashes only as far as they changed. */
export function difference(before: object, after: object): Record<string, unknown> {
  const previous: Record<string, unknown> = {};
  const old = before as Record<string, unknown>;
  const fresh = after as Record<string, unknown>;
  for (const key of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
    const [was, is] = [old[key], fresh[key]];
    if (was === is || JSON.stringify(was) === JSON.stringify(is)) continue;
    previous[key] = isHash(was) && isHash(is) && was.object === undefined ? difference(was, is) : (was ?? null);
  }
  return previous;
}
