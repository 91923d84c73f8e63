// The control's actions by name: as JSON under /_sandbox/… for tests, as forms for the control page.
import type { Control } from "../control.ts";
import type { FormTree } from "../http/form.ts";
import { bool, decimal, int, oneOf, readParams, required, str, uint, type Shape, type Values } from "../http/params.ts";

interface Action {
  run(control: Control, tree: FormTree): object | null | Promise<object | null>;
}

function action<S extends Shape>(
  shape: S,
  work: (control: Control, values: Values<S>) => object | null | Promise<object | null>,
): Action {
  return { run: (control, tree) => work(control, readParams(shape, tree)) };
}

export const ACTIONS: Record<string, Action> = {
  clock: action({ seconds: uint, hours: uint, days: uint }, (control, { seconds = 0, hours = 0, days = 0 }) => ({
    now: control.turnClock(seconds + hours * 3600 + days * 86_400),
  })),
  "fail-payments": action({ customer: str, times: uint, code: str }, (control, order) => {
    control.failPayments(order);
    return { times: order.times ?? 1 };
  }),
  "pay-checkout": action(
    { session: required(str), number: str, name: str, approve: bool, email: str },
    (control, { session, ...card }) => control.payCheckout(session, card),
  ),
  dispute: action({ charge: required(str), reason: str }, (control, { charge, reason }) =>
    control.dispute(charge, reason),
  ),
  "close-dispute": action({ dispute: required(str), outcome: required(oneOf("won", "lost")) }, (control, values) =>
    control.closeDispute(values.dispute, values.outcome),
  ),
  refund: action({ charge: required(str), amount: int }, (control, { charge, amount }) =>
    control.refund(charge, amount),
  ),
  "promotion-code": action(
    { code: required(str), percent: required(decimal), duration: oneOf("once", "forever") },
    (control, order) => control.promotionCode(order),
  ),
  redeliver: action({ event: required(str) }, (control, { event }) => ({ count: control.deliveries.redeliver(event) })),
  deliveries: action({ hold: bool, drop: uint, duplicate: bool, shuffle: bool }, (control, mode) =>
    control.deliveries.setMode(mode),
  ),
  release: action({ shuffle: bool }, (control, how) => ({ count: control.deliveries.release(how) })),
  settled: action({ within_ms: uint }, async (control, { within_ms: within }) => {
    await control.deliveries.settled(within);
    return { settled: true };
  }),
};

/** What can be read. */
export const VIEWS: Record<string, (control: Control) => object> = {
  state: (control) => ({ now: control.now(), deliveries: control.deliveries.mode(), events: control.events().length }),
  events: (control) => ({ data: control.events() }),
  deliveries: (control) => ({ data: control.deliveries.list() }),
};

export type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;

/** JSON as the tree that parameters are read from. Null counts as not given. */
export function treeOf(value: Json): FormTree {
  const tree: FormTree = {};
  if (typeof value !== "object" || value === null) return tree;
  for (const [key, entry] of Object.entries(value)) {
    if (entry !== null) tree[key] = typeof entry === "object" ? treeOf(entry) : String(entry);
  }
  return tree;
}
