import { expect } from "@playwright/test";
import { heading, type Sight, words } from "./sight.ts";

/** What was used, in a workspace that is new, and in one that has been at work for weeks. */
export const usageSights: readonly Sight[] = [
  { name: "usage-empty", who: "newcomer", path: "/usage", ready: heading("Nothing has been asked yet") },
  { name: "usage-month", who: "regular", path: "/usage", ready: words(/messages in all, most on/) },
  {
    name: "usage-day-chosen",
    who: "regular",
    path: "/usage?days=90&show=cost",
    ready: async (page) => {
      const chart = page.getByRole("slider", { name: "AI cost by day" });
      await chart.focus();
      await page.keyboard.press("ArrowLeft");
      await expect(chart).toHaveAttribute("aria-valuetext", /: about \$/);
    },
  },
  { name: "usage-charged", who: "spender", path: "/usage?show=cost", ready: words("Charged to you") },
  { name: "usage-agents", who: "regular", path: "/usage?by=agent", ready: words("deleted") },
  { name: "usage-brains", who: "regular", path: "/usage?by=model&show=cost", ready: words("gpt-5-mini") },
  {
    name: "usage-table",
    who: "regular",
    path: "/usage?by=agent&show=words",
    ready: async (page) => {
      await page.getByRole("button", { name: "Show as a table" }).click();
      await expect(page.getByRole("rowheader", { name: "Oskar (deleted)" })).toBeVisible();
    },
  },
];
