import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { withBillingLock } from "./lock.ts";
import { makeTurns } from "./turns.ts";

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp();
});
afterAll(() => app.close());

test("however much one workspace asks for, the others get their turn", async () => {
  const services = app.billing();
  const [busy, other] = [randomUUID(), randomUUID()];
  const held = Promise.withResolvers<undefined>();
  const done: number[] = [];
  const all = Array.from({ length: 12 }, (_, n) =>
    withBillingLock(services, busy, async () => {
      await held.promise;
      done.push(n);
    }),
  );
  // The first of the twelve still waits for its answer.
  expect(await withBillingLock(services, other, () => Promise.resolve("done"))).toBe("done");
  expect(done).toEqual([]);
  held.resolve(undefined);
  await Promise.all(all);
  expect(done).toEqual(Array.from({ length: 12 }, (_, n) => n));
});

test("of many workspaces as many as there are turns come in, and a failure gives its turn back", async () => {
  const turns = makeTurns(2);
  let [inside, most] = [0, 0];
  const work = async () => {
    most = Math.max(most, ++inside);
    await Promise.resolve();
    inside -= 1;
    throw new Error("it failed");
  };
  const asked = Array.from({ length: 20 }, (_, n) => turns(`workspace ${n % 7}`, work));
  const ended = await Promise.allSettled(asked);
  expect(ended.every(({ status }) => status === "rejected")).toBe(true);
  expect(most).toBe(2);
  expect(await turns("workspace 0", () => Promise.resolve("in"))).toBe("in");
});
