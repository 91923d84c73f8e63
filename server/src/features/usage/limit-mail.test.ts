import type { Agent } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askToEnd, pretendAnswered, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { capMail, limitMail } from "./limit-mail.ts";

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp();
});
afterAll(() => app.close());

const mailsTo = async ({ email }: Client): Promise<string[]> =>
  (
    await app.db.operator.query<{ subject: string }>(
      "select subject from mails where recipient = $1 and dedupe_key like 'limit:%' order by created_at, id",
      [email],
    )
  ).rows.map(({ subject }) => subject);

async function askTimes(client: Client, agent: Agent, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await askToEnd(client, agent.id, { text: "When do you open?" });
  await app.settled();
}

/** A workspace that has had so many answers today. */
async function busy(messages: number, options: Parameters<PaidApp["signUp"]>[0] = {}) {
  const pat = await app.signUp(options);
  const agent = await teach(pat);
  await pretendAnswered(app, pat.workspaceId, agent.id, messages);
  return { pat, agent };
}

test("at 80 % and at 100 % of the day's messages a mail tells so, once each, though a count is met again", async () => {
  const { pat, agent } = await busy(78);
  await askTimes(pat, agent, 1);
  expect(await mailsTo(pat)).toEqual([]);
  await askTimes(pat, agent, 2);
  expect(await mailsTo(pat)).toEqual(["80 of today's 100 messages are used"]);
  await app.db.operator.query(
    "update usage_metrics set value = value - 2 where workspace_id = $1 and metric_type = 'messages'",
    [pat.workspaceId],
  );
  await askTimes(pat, agent, 2);
  expect(await mailsTo(pat)).toHaveLength(1);
  await app.db.operator.query(
    "update usage_metrics set value = 99 where workspace_id = $1 and metric_type = 'messages'",
    [pat.workspaceId],
  );
  // The last one, and one that is refused.
  await askTimes(pat, agent, 2);
  expect((await mailsTo(pat)).slice(1)).toEqual(["Today's 100 messages are used"]);
});

test("a bigger plan has its own 80 %", async () => {
  const { pat, agent } = await busy(799, { plan: "pro" });
  await askTimes(pat, agent, 1);
  expect(await mailsTo(pat)).toEqual(["800 of today's 1,000 messages are used"]);
});

test("nobody is written to at an address that was not confirmed", async () => {
  const { pat, agent } = await busy(79, { confirmed: false });
  await askTimes(pat, agent, 1);
  expect(await mailsTo(pat)).toEqual([]);
});

test("the mail says what gives more and what it costs, and on the biggest plan nothing of the kind", () => {
  const resetsAt = new Date("2026-11-23T00:00:00Z");
  const to = { name: "Pat", url: "https://charlie.example.org/pricing" };
  const free = limitMail({ plan: "free", used: 80, limit: 100, resetsAt }, to);
  expect(free.text).toContain("Pro gives 1,000 messages a day for $29 a month.");
  expect(free.html).toContain(to.url);
  const team = limitMail({ plan: "team", used: 5000, limit: 5000, resetsAt }, to);
  expect(team.text).toContain("all 5,000 messages");
  expect(team.text).not.toContain("$");
});

test("the mails promise only what is so: how often they come, what is still asked, and that free AI is never charged", () => {
  const to = { name: "Pat", url: "https://charlie.example.org/usage" };
  const count = { used: 80, limit: 100, resetsAt: new Date("2026-12-01T00:00:00Z") };
  expect(limitMail({ ...count, plan: "free" }, to).text).toContain(
    "once a day when most of your plan's messages are used, and once when all are",
  );
  for (const met of [false, true]) {
    const [free, pro] = (["free", "pro"] as const).map((plan) => capMail({ ...count, plan, met }, to).text);
    expect(free).toContain("Free AI is never charged.");
    expect(free).not.toMatch(/you pay|never pay/i);
    expect(pro).toContain("You never pay more than the cap.");
    expect(pro).toContain("asks the AI only what is sure to fit");
    expect(pro).toContain("anew if you set another cap");
  }
});
