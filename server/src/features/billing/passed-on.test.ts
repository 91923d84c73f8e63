import type { Agent } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askToEnd, differences, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { spend } from "../../../test/spend.ts";
import { startProviderStandIn, type ProviderStandIn } from "../../../test/stand-ins/providers.ts";

let provider: ProviderStandIn;
let app: TestApp;
beforeAll(async () => {
  provider = await startProviderStandIn();
  app = await startTestApp({
    env: { OPENAI_BASE_URL: provider.url, OPENAI_API_KEY: "sk-operator-openai-1", FREE_AI_ALLOWANCE_USD: "5" },
  });
});
afterAll(async () => {
  await app.close();
  await provider.close();
});

interface Counted {
  payer: string;
  passed: boolean;
  cost: number;
}

/** Asks once with a brain, and returns what the ledger says of the answer. */
async function asked(client: Client, brain: string): Promise<Counted> {
  const { id } = await teach(client);
  const choice = { provider: brain, model: null, temperature: null, maxOutputTokens: null };
  expect((await client.patch<Agent>(`/api/v1/agents/${id}`, { brain: choice })).status).toBe(200);
  const { state, usage } = await askToEnd(client, id, { text: "When do you open?" });
  expect(state).toBe("complete");
  const { rows } = await app.db.operator.query<Counted>(
    "select payer, passed_on as passed, cost_micros as cost from usage_events where workspace_id = $1",
    [client.workspaceId],
  );
  // Whoever asks is told what the books say.
  expect(rows).toEqual([{ payer: usage?.payer, passed: usage?.passedOn, cost: usage?.costMicros }]);
  return rows[0] ?? { payer: "", passed: false, cost: 0 };
}

test("what is passed on: answers with the operator's key on a paid plan; not the trial on Free, nor those that cost nothing", async () => {
  const paid = await asked(await app.signUp({ plan: "pro" }), "openai");
  expect(paid).toMatchObject({ payer: "operator", passed: true });
  expect(paid.cost).toBeGreaterThan(0);
  expect(await asked(await app.signUp(), "openai")).toMatchObject({ payer: "operator", passed: false });
  expect(await asked(await app.signUp({ plan: "pro" }), "offline")).toMatchObject({ payer: "nobody", passed: false });
});

test("the books show a report of more than was recorded, and an invoice of more than was reported", async () => {
  const pat = await app.signUp({ plan: "pro" });
  await spend(app, pat, 100);
  const told = async (micros: number) =>
    app.db.operator.query(
      `with period as (
        insert into usage_periods (workspace_id, stripe_item_id, stripe_price_id, stripe_subscription_id, stripe_customer_id, period_start, period_end)
        values ($1::uuid, 'si', 'price', 'sub', 'cus', now(), now() + interval '1 month')
        on conflict do nothing returning workspace_id, stripe_item_id, period_start
      )
      insert into usage_reports (id, workspace_id, stripe_item_id, period_start, identifier, micros, reported_for)
      select gen_random_uuid(), workspace_id, stripe_item_id, period_start, $1::text || $2::text, $2::bigint, now() from period`,
      [pat.workspaceId, micros],
    );
  await told(100);
  expect(await differences(app)).toEqual([]);
  await app.db.operator.query("update usage_reports set micros = 101 where workspace_id = $1", [pat.workspaceId]);
  const about = { workspaceId: pat.workspaceId };
  expect(await differences(app)).toMatchObject([{ ...about, invariant: "usage_reported", expected: 100, found: 101 }]);
  await app.db.operator.query("update usage_reports set micros = 50 where workspace_id = $1", [pat.workspaceId]);
  await app.db.operator.query(
    "update usage_periods set settled_at = now(), invoiced_micros = 60 where workspace_id = $1",
    [pat.workspaceId],
  );
  expect(await differences(app)).toMatchObject([{ ...about, invariant: "usage_invoiced", expected: 50, found: 60 }]);
});
