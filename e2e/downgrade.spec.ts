import { ask, newProject, planNow, teach } from "./people.ts";
import { endPlan, subscribe } from "./stripe.ts";
import { expect, test } from "./test.ts";

test("a plan ends, three stay awake, others are picked by keyboard; paid again, all are as they were", async ({
  signUp,
  trouble,
}) => {
  const person = await signUp();
  const { api, page } = person;
  await subscribe(person);
  const agents = [];
  for (const name of ["Bruno", "Luna", "Oskar", "Nala"]) agents.push(await teach(person, { name }));
  const { id: projectId } = await newProject(person, "Island shop");
  agents.push(await teach(person, { name: "Balu", projectId }));
  const [bruno, luna] = agents;
  for (const { id } of agents.slice(1, 4)) expect(await ask(person, id, "Hello")).toBe(200);
  const all = async (): Promise<unknown> => (await api.get("/api/v1/agents")).json();
  const before = await all();
  await endPlan(person);

  await page.goto("/home");
  await expect(page.getByText("Free keeps 3 of your 5 agents and 1 of your 2 projects awake")).toBeVisible();
  await expect(page.getByText(/^Asleep/)).toHaveCount(3);
  await page.getByRole("link", { name: "Bruno" }).click();
  await expect(page.getByText("Bruno is asleep")).toBeVisible();
  await expect(page.getByRole("textbox", { name: /^Ask Bruno/ })).toHaveCount(0);
  expect(await ask(person, bruno!.id, "Hello")).toBe(409);

  await page.getByRole("link", { name: "Choose who stays awake" }).click();
  const save = page.getByRole("button", { name: "Keep these awake" });
  await page.getByRole("checkbox", { name: "Bruno" }).focus();
  await page.keyboard.press("Space");
  await expect(page.getByText("4 of 3 agents chosen: leave 1 out")).toBeVisible();
  await expect(save).toBeDisabled();
  await page.getByRole("checkbox", { name: "Luna" }).focus();
  await page.keyboard.press("Space");
  await expect(page.getByText("3 of 3 agents chosen")).toBeVisible();
  await save.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Hello, Anna" })).toBeVisible();

  await page.getByRole("link", { name: "Bruno" }).click();
  await page.getByRole("textbox", { name: /^Ask Bruno/ }).fill("What does sourdough cost?");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/\$6\.50/).first()).toBeVisible();
  expect(await ask(person, luna!.id, "Hello")).toBe(409);
  // Somebody who asks in a tab from before is told what helps.
  trouble.expect(/^409 POST .*\/messages$/);
  await api.put("/api/v1/plan-fit", {
    data: { projects: [luna!.projectId], agents: agents.slice(1, 4).map(({ id }) => id) },
  });
  await page.getByRole("textbox", { name: /^Ask Bruno/ }).fill("And delivery?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").getByRole("link", { name: "Choose who stays awake" })).toBeVisible();

  await subscribe(person);
  expect(await planNow(person)).toBe("pro");
  const { items } = (await all()) as { items: { id: string; lastUsedAt: string | null }[] };
  // Bruno was asked meanwhile; nothing else of anybody changed.
  const asked = items.find(({ id }) => id === bruno!.id)?.lastUsedAt;
  expect(items.map((item) => (item.id === bruno!.id ? { ...item, lastUsedAt: null } : item))).toEqual(
    (before as { items: unknown[] }).items,
  );
  expect(asked).toBeTruthy();
  await page.goto("/home");
  await expect(page.getByText("5 of 10 agents")).toBeVisible();
  await expect(page.getByText(/Asleep|awake/)).toHaveCount(0);
  await page.getByRole("link", { name: "Balu" }).click();
  await expect(page.getByRole("textbox", { name: /^Ask Balu/ })).toBeVisible();
});
