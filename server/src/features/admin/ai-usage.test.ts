import type { CustomerAiUsage } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { operatorEnv, signUpOperator } from "../../../test/operator.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { spend } from "../../../test/spend.ts";
import { noDifference, usageWorld } from "../../../test/usage-world.ts";

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp({ env: operatorEnv });
});
afterAll(() => app.close());

test("each customer's AI usage, step by step; who has none is left out, page by page", async () => {
  const boss = await signUpOperator(app);
  const world = usageWorld(app);
  const list = async (query = "") =>
    (await boss.get<{ items: CustomerAiUsage[]; nextCursor: string | null }>(`/api/v1/admin/ai-usage${query}`)).body;
  expect(await list()).toEqual({ items: [], nextCursor: null });
  const [pat, quiet, sam] = [await app.payer("pro"), await app.payer("pro"), await app.payer("team")];
  await spend(app, pat, 1_234_567);
  await world.report(pat);
  await spend(app, sam, 400);
  const told = {
    customer: { id: pat.workspaceId },
    recordedMicros: 1_234_567,
    reportedMicros: 1_234_567,
    acceptedMicros: 1_234_567,
    invoicedMicros: 0,
    pendingMicros: 1_234_567,
    differences: noDifference,
    error: null,
  };
  const recorded = {
    customer: { id: sam.workspaceId },
    recordedMicros: 400,
    reportedMicros: 0,
    differences: { reported: 400, accepted: 0, invoiced: 0 },
  };
  expect((await list()).items).toMatchObject([recorded, told]);
  const first = await list("?limit=2");
  expect(first.items).toMatchObject([recorded]);
  const second = await list(`?limit=2&cursor=${first.nextCursor ?? ""}`);
  expect([second.items, second.nextCursor]).toMatchObject([[told], null]);
  expect(JSON.stringify([first, second])).not.toContain(quiet.workspaceId);
});
