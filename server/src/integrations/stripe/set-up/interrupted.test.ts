import type { Stripe } from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dearer, empty, everything, openAccount, type Account } from "../../../../test/stripe-account.ts";

let account: Account;
let stripe: Stripe;
beforeEach(async () => {
  account = await openAccount();
  ({ stripe } = account);
});
afterEach(() => account.close());

describe("ended in the middle, at any change, before or after Stripe heard of it", () => {
  const steps = Array.from({ length: empty.length }, (_, index) => index + 1);
  test.each(steps.flatMap((at) => [[at, false] as const, [at, true] as const]))(
    "of an empty account, at change %i (heard: %s), the next run goes on",
    async (at, getsThrough) => {
      account.doorman.cutAt(at, getsThrough);
      await expect(account.setUp()).rejects.toThrow();
      account.doorman.mend();
      const whole = await account.setUp();
      expect(whole.told).toEqual(empty.slice(getsThrough ? at : at - 1));
      expect((await everything(account)).prices).toHaveLength(6);
      expect((await stripe.webhookEndpoints.list()).data).toHaveLength(1);
      expect((await account.setUp()).told).toEqual([]);
    },
  );

  // Price, portal, default price of the product, archived.
  test.each([1, 2, 3, 4].flatMap((at) => [[at, false] as const, [at, true] as const]))(
    "of a changed price, at change %i (heard: %s), the next run goes on",
    async (at, getsThrough) => {
      const before = (await account.setUp()).catalogue?.prices.pro.month ?? "";
      await stripe.products.update("charlie_pro", { default_price: before });
      account.doorman.cutAt(at, getsThrough);
      await expect(account.setUp({ of: dearer })).rejects.toThrow();
      account.doorman.mend();
      await account.setUp({ of: dearer });
      const { prices, portals } = await everything(account);
      expect(prices).toEqual([
        "charlie_ai 0.0001 charlie_ai_usage true",
        "charlie_ai 0.0001 charlie_ai_usage_yearly true",
        "charlie_pro 2900 null false",
        "charlie_pro 29000 charlie_pro_yearly true",
        "charlie_pro 3900 charlie_pro_monthly true",
        "charlie_team 7900 charlie_team_monthly true",
        "charlie_team 79000 charlie_team_yearly true",
      ]);
      expect(portals).toHaveLength(1);
      expect(JSON.stringify(portals[0]?.offer)).toContain("3900");
      expect((await account.setUp({ of: dearer })).told).toEqual([]);
    },
  );
});

describe("two at once end alike, with one of each", () => {
  test("on an empty account", async () => {
    const [one, two] = await Promise.all([account.setUp(), account.setUp()]);
    expect(one.catalogue).toEqual(two.catalogue);
    const { products, prices, portals, endpoints, meters } = await everything(account);
    const all = [products, prices, portals, endpoints, meters];
    expect(all.map(({ length }) => length)).toEqual([3, 6, 1, 1, 1]);
    const secrets = [one.endpoint.secret, two.endpoint.secret].filter((each) => each !== null);
    expect(new Set(secrets).size).toBe(1);
    expect((await account.setUp()).told).toEqual([]);
  });

  test("on a changed price", async () => {
    await account.setUp();
    const [one, two] = await Promise.all([account.setUp({ of: dearer }), account.setUp({ of: dearer })]);
    expect(one.catalogue).toEqual(two.catalogue);
    expect((await everything(account)).prices).toHaveLength(7);
    expect((await account.setUp({ of: dearer })).told).toEqual([]);
  });
});
