import type { BillingDifference, Reconciliation } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalStripe, type LocalStripe } from "../../embedded/stripe.ts";
import { makeLog } from "../../log.ts";
import type { Client } from "../../../test/client.ts";
import { operatorEnv, signUpOperator } from "../../../test/operator.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { createCheckout } from "./create-checkout.ts";
import { reconcile } from "./reconcile.ts";
import { runReconciliation } from "./run-reconciliation.ts";
import { syncSubscription } from "./sync-subscription.ts";

let app: PaidApp;
/** Another account: it knows nobody. */
let other: LocalStripe;
let boss: Client;
beforeAll(async () => {
  app = await startPaidApp({ env: operatorEnv });
  boss = await signUpOperator(app);
  other = await startLocalStripe({
    port: 0,
    webhookUrl: `${app.url}/nowhere`,
    publicUrl: app.url,
    secret: "another account",
    log: makeLog("silent"),
  });
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const openDifferences = async () =>
  (await boss.get<{ items: BillingDifference[] }>("/api/v1/admin/differences?state=open")).body.items;
const planOf = async (client: Client) => (await app.subscription(client)).plan;
const mailed = async ({ email }: Client): Promise<number> =>
  (await app.db.operator.query("select 1 from mails where recipient = $1 and subject like '%ended%'", [email])).rows
    .length;

test("with another account's key nobody's plan ends, whoever asks, and it stands as an open difference", async () => {
  const payers = [await app.payer("pro"), await app.payer("team")];
  const services = app.billing(other);
  expect(await reconcile(services)).toMatchObject({ checked: 2, repaired: 0, failed: 2 });
  for (const cause of ["page", "grace", "event"] as const)
    await expect(syncSubscription(services, payers[0]!.workspaceId, cause)).rejects.toMatchObject({
      code: "customer_unknown",
    });
  expect(await Promise.all(payers.map(planOf))).toEqual(["pro", "team"]);
  expect(await Promise.all(payers.map(mailed))).toEqual([0, 0]);
  const open = await openDifferences();
  expect(open.map(({ customer }) => customer.id).toSorted()).toEqual(payers.map((each) => each.workspaceId).toSorted());
  for (const { error } of open)
    expect(error).toMatch(/does not know the customer cus_\w+: is the key another account's/);
  expect(await reconcile(app.billing())).toMatchObject({ repaired: 0, failed: 0, error: null });
  expect(await openDifferences()).toEqual([]);
});

test("whoever pays keeps their customer when another account's key is used; who only looked at paying gets a new one", async () => {
  const [payer, shopper] = [await app.payer("pro"), await app.signUp()];
  await app.checkout(shopper, "pro");
  const services = app.billing(other);
  const buy = (client: Client) => createCheckout(app.ctxOf(client), { plan: "team", interval: "month" }, services);
  await expect(buy(payer)).rejects.toMatchObject({ code: "customer_unknown" });
  // Also where the days of grace are over: the debt is still that account's.
  await app.db.operator.query("update workspaces set plan = 'free' where id = $1", [payer.workspaceId]);
  await expect(buy(payer)).rejects.toMatchObject({ code: "customer_unknown" });
  expect((await buy(shopper)).url).toContain(other.url);
  expect(await reconcile(app.billing())).toMatchObject({ repaired: 1, failed: 1 });
  expect(await planOf(payer)).toBe("pro");
  // With the first account's key the one who only looked is a stranger there, and can still buy.
  app.local.control.payCheckout(await app.checkout(shopper, "pro"));
  await app.settled();
  expect(await planOf(shopper)).toBe("pro");
});

test("more than three plans and more than a tenth that would end at once: none ends, and it says so", async () => {
  await reconcile(app.billing());
  const lost: Client[] = [];
  for (let n = 0; n < 4; n += 1) {
    const client = await app.signUp();
    await app.checkout(client, "pro");
    lost.push(client);
  }
  const ids = lost.map(({ workspaceId }) => workspaceId);
  const give = (plan: string, to: string[]) =>
    app.db.operator.query("update workspaces set plan = $1 where id = any($2)", [plan, to]);
  const plans = () => Promise.all(lost.map(planOf));
  await give("pro", ids);
  await runReconciliation(app.billing());
  const { latest } = (await boss.get<{ latest: Reconciliation }>("/api/v1/admin/reconciliation")).body;
  expect(latest).toMatchObject({ repaired: 0, failed: 4 });
  expect(latest.error).toMatch(/^4 of \d+ paid plans would end at once, so none was ended\./);
  expect(await plans()).toEqual(["pro", "pro", "pro", "pro"]);
  const open = await openDifferences();
  expect(open.map(({ customer }) => customer.id).toSorted()).toEqual(ids.toSorted());
  expect(open.map(({ error }) => error)).toEqual(Array(4).fill(latest.error));

  // Three are believed,
  await give("free", ids.slice(3));
  expect(await reconcile(app.billing())).toMatchObject({ repaired: 3, failed: 0, error: null });
  expect(await plans()).toEqual(["free", "free", "free", "free"]);
  expect(await openDifferences()).toEqual([]);

  // and so is a tenth of very many.
  await give("pro", ids);
  await app.db.operator.query(
    `insert into workspaces (id, name, plan, stripe_customer_id)
      select gen_random_uuid(), 'many', 'pro', 'cus_many' || n from generate_series(1, 40) n`,
  );
  expect(await reconcile(app.billing())).toMatchObject({ repaired: 4, failed: 40, error: null });
  expect(await plans()).toEqual(["free", "free", "free", "free"]);
});
