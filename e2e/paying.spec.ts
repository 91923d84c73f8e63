import { ask, planNow, teach } from "./people.ts";
import { payWith } from "./stripe.ts";
import { expect, test } from "./test.ts";

test("a payment whose page is closed at once counts all the same", async ({ signUp }) => {
  const person = await signUp();
  const agent = await teach(person);
  const { page } = person;
  await page.goto(`/agents/${agent.id}`);
  await page.getByRole("button", { name: "Your plan: Free. See plans" }).click();
  await page.getByRole("button", { name: "Go on with Pro" }).click();
  await expect(page.getByRole("heading", { name: /^Subscribe to/ })).toBeVisible();
  // The success page never gets to ask: only Stripe's event is left to tell.
  await page.route("**/billing/success**", (route) => route.abort());
  await payWith(page, "4242 4242 4242 4242");
  await page.close();
  await expect.poll(() => planNow(person), { timeout: 15_000 }).toBe("pro");
  const reopened = await person.context.newPage();
  await reopened.goto("/settings/billing");
  await expect(reopened.getByRole("row").filter({ hasText: "Paid" })).toContainText("$29");
  expect(await ask(person, agent.id, "Hello")).toBe(200);
});
