import type { MetricType, UsageCurrent } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askToEnd, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { getUsageCurrent } from "./get-usage-current.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const sql = (text: string, values: unknown[]) => app.db.operator.query(text, values);

const counter = (client: Client, metric: MetricType, value: number, start: string, end: string) =>
  sql(
    "insert into usage_metrics (workspace_id, metric_type, value, period_start, period_end) values ($1, $2, $3, $4, $5)",
    [client.workspaceId, metric, value, start, end],
  );

const paidFor = (client: Client, start: string | null, end: string | null) =>
  sql("update workspaces set period_start = $2, period_end = $3 where id = $1", [client.workspaceId, start, end]);

/** Value and period of a metric as the page would have shown it then. */
async function shownAt(client: Client, metric: MetricType, at: string) {
  const { metrics }: UsageCurrent = await getUsageCurrent(app.ctxOf(client), new Date(at));
  const found = metrics.find((candidate) => candidate.metric === metric);
  return [found?.value, found?.periodStart.slice(0, 10), found?.periodEnd.slice(0, 10)];
}

test("messages start anew at 00:00 UTC, to the millisecond, also from February to March and into a new year", async () => {
  const pat = await app.signUp();
  const dates = ["2026-02-28", "2026-03-01", "2026-03-02", "2028-02-28", "2028-02-29", "2028-03-01", "2026-12-31"];
  for (const [index, day] of dates.entries()) {
    await counter(pat, "messages", index + 1, `${day}T00:00:00Z`, `${day}T24:00:00Z`);
  }
  const at = (moment: string) => shownAt(pat, "messages", moment);
  expect(await at("2026-02-28T23:59:59.999Z")).toEqual([1, "2026-02-28", "2026-03-01"]);
  expect(await at("2026-03-01T00:00:00.000Z")).toEqual([2, "2026-03-01", "2026-03-02"]);
  // Where clocks are turned, a day has 24 hours all the same.
  expect(await at("2026-03-29T01:30:00Z")).toEqual([0, "2026-03-29", "2026-03-30"]);
  expect(await at("2028-02-28T23:59:59.999Z")).toEqual([4, "2028-02-28", "2028-02-29"]);
  expect(await at("2028-02-29T12:00:00Z")).toEqual([5, "2028-02-29", "2028-03-01"]);
  expect(await at("2026-12-31T23:59:59.999Z")).toEqual([7, "2026-12-31", "2027-01-01"]);
  expect(await at("2027-01-01T00:00:00Z")).toEqual([0, "2027-01-01", "2027-01-02"]);
});

test("without a paid period cost is counted by the UTC month, however long it is", async () => {
  const pat = await app.signUp();
  await counter(pat, "ai_cost_micros", 28, "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
  await counter(pat, "ai_cost_micros", 31, "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");
  const at = (moment: string) => shownAt(pat, "ai_cost_micros", moment);
  expect(await at("2026-02-28T23:59:59.999Z")).toEqual([28, "2026-02-01", "2026-03-01"]);
  expect(await at("2026-03-01T00:00:00Z")).toEqual([31, "2026-03-01", "2026-04-01"]);
  expect(await at("2028-02-29T23:59:59.999Z")).toEqual([0, "2028-02-01", "2028-03-01"]);
  expect(await at("2026-12-31T23:59:59.999Z")).toEqual([0, "2026-12-01", "2027-01-01"]);
});

test("a plan that begins on the 17th counts from then on; what was used before stays with the month, and after it the month goes on", async () => {
  const pat = await app.signUp();
  await counter(pat, "ai_cost_micros", 100, "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
  const at = (moment: string) => shownAt(pat, "ai_cost_micros", moment);
  expect(await at("2026-11-17T10:29:59Z")).toEqual([100, "2026-11-01", "2026-12-01"]);

  await paidFor(pat, "2026-11-17T10:30:00Z", "2026-12-17T10:30:00Z");
  expect(await at("2026-11-17T10:30:00Z")).toEqual([0, "2026-11-17", "2026-12-17"]);
  await counter(pat, "ai_cost_micros", 7, "2026-11-17T10:30:00Z", "2026-12-17T10:30:00Z");
  expect(await at("2026-12-01T00:00:00Z")).toEqual([7, "2026-11-17", "2026-12-17"]);
  expect(await at("2026-12-17T10:29:59.999Z")).toEqual([7, "2026-11-17", "2026-12-17"]);
  // Stripe's renewal has not been heard of: nothing is added to a period that is over.
  expect(await at("2026-12-17T10:30:00Z")).toEqual([0, "2026-12-01", "2027-01-01"]);

  await paidFor(pat, "2026-12-17T10:30:00Z", "2027-01-17T10:30:00Z");
  expect(await at("2026-12-17T10:30:00Z")).toEqual([0, "2026-12-17", "2027-01-17"]);
  // Another plan in the same period keeps counting; none at all goes back to the month.
  await sql("update workspaces set plan = 'team' where id = $1", [pat.workspaceId]);
  await counter(pat, "ai_cost_micros", 5, "2026-12-17T10:30:00Z", "2027-01-17T10:30:00Z");
  expect(await at("2026-12-20T00:00:00Z")).toEqual([5, "2026-12-17", "2027-01-17"]);
  await paidFor(pat, null, null);
  expect(await at("2026-12-20T00:00:00Z")).toEqual([0, "2026-12-01", "2027-01-01"]);
});

test("a period that Stripe shortens to February's end is taken as it is", async () => {
  const pat = await app.signUp();
  await paidFor(pat, "2026-01-31T08:00:00Z", "2026-02-28T08:00:00Z");
  expect(await shownAt(pat, "tokens", "2026-02-28T07:59:59.999Z")).toEqual([0, "2026-01-31", "2026-02-28"]);
  await paidFor(pat, "2026-02-28T08:00:00Z", "2026-03-31T08:00:00Z");
  expect(await shownAt(pat, "tokens", "2026-03-30T00:00:00Z")).toEqual([0, "2026-02-28", "2026-03-31"]);
});

test("current usage stands when its messages are gone", async () => {
  const pat = await app.signUp();
  const { id } = await teach(pat);
  await askToEnd(pat, id, { text: "When do you open?" });
  const read = async () => (await pat.get<UsageCurrent>("/api/v1/usage/current")).body.metrics;
  const before = await read();
  expect(before[0]).toMatchObject({ metric: "messages", value: 1 });
  await sql("delete from usage_events where workspace_id = $1", [pat.workspaceId]);
  await sql("delete from messages where workspace_id = $1", [pat.workspaceId]);
  expect(await read()).toEqual(before);
});
