import { readFile } from "node:fs/promises";
import { createProject, exportUsage, pathOf, type Problem } from "@charlie/contract";
import { ask, giveKey, teach } from "./people.ts";
import { expect, test } from "./test.ts";

test("what was asked stands on the usage page by day, agent and brain, and in the file, also of an agent that is gone", async ({
  signUp,
}) => {
  const person = await signUp();
  const { api, page } = person;
  await page.goto("/usage");
  await expect(page.getByRole("heading", { name: "Nothing has been asked yet" })).toBeVisible();

  const bruno = await teach(person);
  const formula = await teach(person, { name: '=HYPERLINK("http://example.org";"Prize")' });
  for (const text of ["What does sourdough cost?", "When do you open?"])
    expect(await ask(person, bruno.id, text)).toBe(200);
  await giveKey(person);
  expect(await ask(person, formula.id, "Do you deliver?")).toBe(200);
  expect((await api.delete(`/api/v1/agents/${formula.id}`)).status()).toBe(204);

  await page.goto("/usage");
  const history = page.getByRole("region", { name: "The last 30 days" });
  await expect(page.getByText("Too little was asked today to tell how long they will last.")).toBeVisible();
  await expect(history.getByText(/^3 messages in all, on /)).toBeVisible();
  const answered = history.getByRole("list", { name: "Who answered" }).getByRole("listitem");
  await expect(answered).toHaveText(["With your own key 1 message", "Practice brain 2 messages"]);

  await test.step("the arrow keys walk through the days", async () => {
    const chart = history.getByRole("slider", { name: "Messages by day" });
    await chart.focus();
    await expect(chart).toHaveAttribute("aria-valuetext", /: 3 messages/);
    await page.keyboard.press("ArrowLeft");
    await expect(chart).toHaveAttribute("aria-valuetext", /: 0 messages/);
    await page.keyboard.press("End");
    await expect(chart).toHaveAttribute("aria-valuetext", /: 3 messages \(1 with your own key, 2 practice brain\)/);
  });

  await test.step("by agent and brain; what is shown stands in the address", async () => {
    await history.getByText("By agent").click();
    await expect(history.getByRole("link", { name: "Bruno" })).toBeVisible();
    await expect(history.getByText("· deleted")).toBeVisible();
    await history.getByText("By brain").click();
    await expect(history.getByText("Practice brain").first()).toBeVisible();
    await history.getByText("AI cost", { exact: true }).click();
    await expect(page).toHaveURL(/\/usage\?show=cost&by=model$/);
    await page.reload();
    await expect(history.getByRole("radio", { name: "By brain" })).toBeChecked();
    await expect(history.getByText(/^about \$0\.0/).first()).toBeVisible();
    await history.getByRole("button", { name: "Show as a table" }).click();
    await expect(history.getByRole("row").filter({ hasText: "Practice brain" }).first()).toContainText("$0.00");
  });

  await test.step("the file", async () => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      history.getByRole("link", { name: "Download as CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^charlie-usage-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv$/);
    const rows = (await readFile(await download.path(), "utf8")).split("\r\n");
    expect(rows).toHaveLength(4);
    expect(rows.filter((row) => row.includes(`,Bruno,${bruno.id},awake,offline,`))).toEqual([
      expect.stringContaining(",nobody,2,"),
    ]);
    expect(
      rows.filter((row) =>
        row.includes(`"'=HYPERLINK(""http://example.org"";""Prize"")",${formula.id},deleted,openai,`),
      ),
    ).toEqual([expect.stringContaining(",your own key,1,")]);
    expect((await api.get(`${pathOf(exportUsage)}?days=30`)).headers()["content-disposition"]).toContain("attachment");
  });
});

test("refusals of one kind are one on the usage page, older ones can be shown, and each is found by its reference", async ({
  signUp,
  trouble,
}) => {
  trouble.expect(/decisions\/0|status of 404/);
  const { api, page } = await signUp();
  const ids: string[] = [];
  for (let time = 0; time < 53; time += 1) {
    const answer = await api.post(pathOf(createProject), { data: { name: `Shop ${time}` } });
    expect(answer.status()).toBe(402);
    ids.push(((await answer.json()) as Problem).decision!.id);
  }
  await page.goto("/usage");
  const refusals = page.getByRole("region", { name: "What was refused and why" });
  await expect(refusals.getByRole("listitem")).toHaveCount(1);
  await expect(refusals.getByText(/^50 times or more, /)).toBeVisible();
  await refusals.getByRole("button", { name: "Show older" }).click();
  await expect(refusals.getByText(/^53 times, /)).toBeVisible();
  await expect(refusals.getByRole("button", { name: "Show older" })).toBeHidden();

  const field = refusals.getByLabel("Find one by its reference");
  await field.fill(ids[0]!);
  await field.press("Enter");
  await expect(refusals.getByRole("status")).toContainText(`Reference ${ids[0]}`);
  await field.fill("01980000-0000-7000-8000-000000000000");
  await field.press("Enter");
  await expect(refusals.getByText("There is no refusal of this reference.")).toBeVisible();
});
