// The control page: turn the clock, break things, look at what was sent.
import type { Box } from "../box.ts";
import { money } from "../billing/disputes.ts";
import { productName } from "../billing/lines.ts";
import { dateText } from "../billing/periods.ts";
import type { Control } from "../control.ts";
import { StripeError } from "../http/errors.ts";
import { decodeForm } from "../http/form.ts";
import { newest } from "../resources/find.ts";
import { ACTIONS, VIEWS, treeOf, type Json } from "./actions.ts";
import { document, goTo, html, json, type Html, type PageAnswer, type PageRequest } from "./page.ts";

const SHOWN = 60;

/** `/_sandbox/<view or action>`: JSON in, JSON out, errors in Stripe's shape. */
export async function controlApi(control: Control, request: PageRequest, name: string): Promise<PageAnswer> {
  const view = Object.hasOwn(VIEWS, name) ? VIEWS[name] : undefined;
  if (request.method === "GET" && view) return json(view(control));
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  try {
    if (request.method !== "POST" || !action) {
      throw new StripeError(
        404,
        "invalid_request_error",
        `Unrecognized request URL (${request.method}: ${request.path}).`,
      );
    }
    return json(await action.run(control, treeOf(parse(request.body))));
  } catch (error) {
    if (error instanceof StripeError) return json(error.toBody(), error.status);
    throw error;
  }
}

function parse(body: string): Json {
  try {
    return body === "" ? {} : (JSON.parse(body) as Json);
  } catch {
    throw new StripeError(400, "invalid_request_error", "The body is not JSON.");
  }
}

/** `/sandbox`, and the buttons on it. */
export async function controlPage(box: Box, control: Control, request: PageRequest, name: string): Promise<PageAnswer> {
  if (request.method !== "POST") return show(box, control);
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action) return document("Not found", html`<h1>There is nothing here</h1>`, 404);
  try {
    await action.run(control, decodeForm(request.body));
    return goTo("/sandbox");
  } catch (error) {
    if (error instanceof StripeError) return show(box, control, error.message);
    throw error;
  }
}

const button = (action: string, label: string, fields: Record<string, string> = {}, hint = ""): Html =>
  html`<form method="post" action="/sandbox/${action}">
    ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button class="plain">${label}${hint && html`<span class="hidden"> ${hint}</span>`}</button>
  </form>`;

const table = (label: string, heads: string[], rows: Html[]): Html =>
  rows.length === 0
    ? html`<p class="quiet">Nothing yet.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
        <table>
          <thead>
            <tr>
              ${heads.map((head) => html`<th scope="col">${head}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>`;

function show(box: Box, control: Control, error?: string): PageAnswer {
  const now = control.now();
  const mode = control.deliveries.mode();
  const held = control.deliveries.list().filter((row) => row.status === "held").length;
  return document(
    "Control",
    html`<h1>Sandbox control</h1>
      ${error && html`<p class="error" role="alert">${error}</p>`}
      <h2>Time</h2>
      <p>It is <strong>${new Date(now * 1000).toISOString().replace("T", " ").slice(0, 19)} UTC</strong> here.</p>
      <div class="row">
        ${button("clock", "+ 1 hour", { hours: "1" })}${button("clock", "+ 1 day", { days: "1" })}${button("clock", "+ 1 week", { days: "7" })}${button("clock", "+ 1 month", { days: "31" })}${button("clock", "+ 1 year", { days: "366" })}
      </div>
      <p class="quiet">
        To watch an open payment take its course – the mail, the notice, the retries, the end – turn in days: a month at
        once jumps over most of it.
      </p>
      <h2>Payments</h2>
      <div class="row">
        ${button("fail-payments", "Fail the next payment")}${button("fail-payments", "Fail the next 10 payments", { times: "10" })}${button("fail-payments", "Fail none", { times: "0" })}
      </div>
      ${charges(box)}
      <h2>Subscriptions</h2>
      ${subscriptions(box)}
      <h2>Promotion codes</h2>
      ${promotionCodes(box)}
      <h2>Deliveries</h2>
      <p>
        ${[mode.hold && "New deliveries wait.", mode.duplicate && "Each is made twice.", mode.shuffle && "They arrive in random order.", mode.drop > 0 && `The next ${mode.drop} get lost.`].filter(Boolean).join(" ") || "Everything is delivered once, in order."}
      </p>
      <div class="row">
        ${button("deliveries", mode.shuffle ? "Stop shuffling" : "Shuffle", { shuffle: String(!mode.shuffle) })}
        ${button("deliveries", mode.duplicate ? "Stop duplicating" : "Duplicate", { duplicate: String(!mode.duplicate) })}
        ${button("deliveries", mode.drop > 0 ? "Stop dropping" : "Drop the next 5", { drop: mode.drop > 0 ? "0" : "5" })}
        ${button("deliveries", mode.hold ? "Stop holding" : "Hold", { hold: String(!mode.hold) })}
        ${held > 0 && html`${button("release", `Release ${held}`)}${button("release", "Release shuffled", { shuffle: "true" })}`}
      </div>
      <h2>Events</h2>
      ${events(control)}`,
  );
}

function charges(box: Box): Html {
  return table(
    "Charges",
    ["Time", "Customer", "Amount", "State", "Actions"],
    newest(box, "charge")
      .slice(0, 10)
      .map((row) => {
        const open = newest(box, "dispute", (one) => one.charge === row.id && one.status === "needs_response")[0];
        const whole = row.paid && !row.disputed && !row.refunded;
        return html`<tr>
          <td>${dateText(row.created)}</td>
          <td>${(row.customer && box.store.get("customer", row.customer)?.email) ?? row.customer}</td>
          <td>${money(row.amount, row.currency)}</td>
          <td><span class="tag">${row.disputed ? "disputed" : row.refunded ? "refunded" : row.status}</span></td>
          <td>
            <div class="row">
              ${whole && html`${button("refund", "Refund", { charge: row.id }, row.id)}${button("dispute", "Dispute", { charge: row.id }, row.id)}`}
              ${open && html`${button("close-dispute", "Win dispute", { dispute: open.id, outcome: "won" }, open.id)}${button("close-dispute", "Lose dispute", { dispute: open.id, outcome: "lost" }, open.id)}`}
            </div>
          </td>
        </tr>`;
      }),
  );
}

function subscriptions(box: Box): Html {
  return table(
    "Subscriptions",
    ["Customer", "Plan", "Status", "Period ends", "Cancels"],
    newest(box, "subscription")
      .slice(0, 10)
      .map(
        (row) =>
          html`<tr>
            <td>${box.store.get("customer", row.customer)?.email ?? row.customer}</td>
            <td>${row.items.data.map((item) => productName(box, item.price)).join(", ")}</td>
            <td><span class="tag">${row.status}</span></td>
            <td>${dateText(Math.min(...row.items.data.map((item) => item.current_period_end)))}</td>
            <td>${row.cancel_at === null ? "" : dateText(row.cancel_at)}</td>
          </tr>`,
      ),
  );
}

function promotionCodes(box: Box): Html {
  const rows = newest(box, "promotion_code", (row) => row.active).map((row) => {
    const coupon = row.promotion.coupon ? box.store.get("coupon", row.promotion.coupon) : undefined;
    const off = coupon?.percent_off
      ? `${coupon.percent_off} %`
      : money(coupon?.amount_off ?? 0, coupon?.currency ?? "usd");
    return html`<li><strong>${row.code}</strong>: ${off} off, ${coupon?.duration}</li>`;
  });
  return html`${
      rows.length > 0 &&
      html`<ul>
        ${rows}
      </ul>`
    }
    <form method="post" action="/sandbox/promotion-code">
      <div class="three">
        <div>
          <label for="code">Code to type at a checkout</label>
          <input id="code" name="code" autocomplete="off" placeholder="HALF" required />
        </div>
        <div>
          <label for="percent">Percent off</label>
          <input id="percent" name="percent" type="number" min="1" max="100" value="50" required />
        </div>
        <div>
          <label for="duration">How often</label>
          <select id="duration" name="duration">
            <option value="once">The first invoice</option>
            <option value="forever">Every invoice</option>
          </select>
        </div>
        <button class="plain">Make this code</button>
      </div>
    </form>`;
}

function events(control: Control): Html {
  const deliveries = Map.groupBy(control.deliveries.list(), (row) => row.event);
  return table(
    "Events",
    ["Time", "Type", "Deliveries", "Again"],
    control
      .events()
      .slice(-SHOWN)
      .toReversed()
      .map((row) => {
        const sent = deliveries.get(row.id) ?? [];
        const state = sent.map((one) =>
          [one.status, one.attempts > 1 && `after ${one.attempts} attempts`, one.last_error].filter(Boolean).join(" "),
        );
        return html`<tr>
          <td class="time">${new Date(row.created * 1000).toISOString().slice(0, 19).replace("T", " ")}</td>
          <td>${row.type}</td>
          <td>${state.join(", ") || "no endpoint wants it"}</td>
          <td>${sent.length > 0 && button("redeliver", "Redeliver", { event: row.id }, row.type)}</td>
        </tr>`;
      }),
  );
}
