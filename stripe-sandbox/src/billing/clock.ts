// Time: what falls due, and carrying it out in the order of its times.
import type { Box } from "../box.ts";
import { need } from "../resources/find.ts";
import type { Invoice, Subscription } from "../types.ts";
import { collect } from "./collect.ts";
import { expireSession } from "./checkout.ts";
import { finalizeInvoice, voidInvoice } from "./invoices.ts";
import { DAY, HOUR } from "./periods.ts";
import { refreshUsage } from "./refresh-usage.ts";
import { endAsPlanned, endTrialWithoutCard, renew } from "./renew.ts";

const INCOMPLETE_HOURS = 23;
const TRIAL_NOTICE_DAYS = 3;

interface Due {
  at: number;
  run(): void;
}

function dueOfSubscription(box: Box, row: Subscription): Due | undefined {
  if (row.status === "incomplete") {
    return { at: row.created + INCOMPLETE_HOURS * HOUR, run: () => expireIncomplete(box, row) };
  }
  if (row.ended_at !== null || row.status === "paused") return undefined;
  const periodEnd = Math.min(...row.items.data.map((item) => item.current_period_end));
  const at = Math.min(periodEnd, row.cancel_at ?? Infinity);
  const notice = row.trial_end === null ? Infinity : row.trial_end - TRIAL_NOTICE_DAYS * DAY;
  if (
    row.status === "trialing" &&
    notice < at &&
    notice > row.created &&
    !box.store.get("sandbox.setting", `notice_${row.id}_${row.trial_end}`)
  ) {
    return {
      at: notice,
      run: () => {
        box.store.put({ id: `notice_${row.id}_${row.trial_end}`, object: "sandbox.setting", value: true });
        box.emit("customer.subscription.trial_will_end", row);
      },
    };
  }
  if (row.cancel_at !== null && row.cancel_at <= periodEnd) return { at, run: () => endAsPlanned(box, row, at) };
  const customer = box.store.get("customer", row.customer);
  const hasCard = Boolean(row.default_payment_method ?? customer?.invoice_settings.default_payment_method);
  const needsCard = row.trial_settings?.end_behavior.missing_payment_method !== "create_invoice";
  if (row.status === "trialing" && needsCard && !hasCard) return { at, run: () => endTrialWithoutCard(box, row, at) };
  return { at, run: () => renew(box, row, at) };
}

function expireIncomplete(box: Box, row: Subscription) {
  const invoice = row.latest_invoice ? box.store.get("invoice", row.latest_invoice) : undefined;
  const at = row.created + INCOMPLETE_HOURS * HOUR;
  if (invoice?.status === "open") voidInvoice(box, invoice, at);
  box.update("customer.subscription.updated", row, { status: "incomplete_expired", ended_at: at });
}

function dueOfInvoice(box: Box, row: Invoice): Due | undefined {
  if (!row.auto_advance) return undefined;
  if (row.status === "draft" && row.automatically_finalizes_at !== null) {
    const at = row.automatically_finalizes_at;
    return {
      at,
      run: () => {
        const open = finalizeInvoice(box, refreshUsage(box, row), at);
        if (open.status === "open") collect(box, open, { at, present: false, scheduled: true });
      },
    };
  }
  if (row.status === "open" && row.next_payment_attempt !== null) {
    const at = row.next_payment_attempt;
    return { at, run: () => void collect(box, row, { at, present: false, scheduled: true }) };
  }
  return undefined;
}

function nextDue(box: Box, clock: string | null): Due | undefined {
  let next: Due | undefined;
  const offer = (due: Due | undefined) => {
    if (due && (!next || due.at < next.at)) next = due;
  };
  // Invoices first: of two things at the same second, an older bill is settled before a new one is written.
  for (const row of box.store.all("invoice")) if (row.test_clock === clock) offer(dueOfInvoice(box, row));
  for (const row of box.store.all("subscription")) if (row.test_clock === clock) offer(dueOfSubscription(box, row));
  for (const row of box.store.all("checkout.session")) {
    const owner = row.customer ? (box.store.get("customer", row.customer)?.test_clock ?? null) : null;
    if (row.status === "open" && owner === clock)
      offer({ at: row.expires_at, run: () => void expireSession(box, row) });
  }
  return next;
}

/** Carries out all that is due on a clock until `to`, moving the clock along. Must run inside a change. */
export function runDue(box: Box, clock: string | null, to: number): number {
  const before = box.pinned;
  let count = 0;
  try {
    for (let due = nextDue(box, clock); due && due.at <= to; due = nextDue(box, clock)) {
      if (clock === null) box.pinned = due.at;
      else {
        const row = need(box, "test_helpers.test_clock", clock);
        box.store.put({ ...row, frozen_time: Math.max(row.frozen_time, due.at) });
      }
      due.run();
      count += 1;
    }
  } finally {
    box.pinned = before;
  }
  return count;
}

/** Turns the sandbox's own clock by so many seconds, forward only. Must run inside a change. */
export function turnClock(box: Box, seconds: number): number {
  const to = box.now() + seconds;
  const offset = Number(box.store.get("sandbox.setting", "clock_offset")?.value ?? 0);
  runDue(box, null, to);
  box.store.put({ id: "clock_offset", object: "sandbox.setting", value: offset + seconds });
  return to;
}
