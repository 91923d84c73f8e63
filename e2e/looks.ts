import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import axe, { type AxeResults } from "axe-core";

const screens = join(import.meta.dirname, "../test-results/screens");
const allWidths = [1440, 360] as const;
export type Width = (typeof allWidths)[number];
const schemes = ["light", "dark"] as const;

const picture = { type: "jpeg", quality: 75, fullPage: true, animations: "disabled" } as const;

/** Words that don't fit into their box and are cut off without an ellipsis; what is hidden from everybody's eyes is not. */
const cutOff = `[...document.querySelectorAll("body *")]
  .filter((element) => {
    const { overflowX, textOverflow } = getComputedStyle(element);
    const hides = overflowX === "hidden" || overflowX === "clip";
    const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    return words && hides && textOverflow !== "ellipsis" && element.clientWidth > 1
      && element.scrollWidth > element.clientWidth + 1;
  })
  .map((element) => element.textContent)`;

/**
 * Looks at what is on the page now: at these widths and in both colour schemes it must have no violation for axe, and nothing
 * to scroll sideways. Keeps a picture of each look in test-results/screens. The page is not loaded again in between.
 */
export async function look(page: Page, name: string, widths: readonly Width[] = allWidths): Promise<void> {
  const faults: string[] = [];
  await page.evaluate(axe.source);
  // What was pressed last need not tell its tip any more.
  await page.mouse.move(0, 0);
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const where = `${name}-${width}-${colorScheme}`;
      await page.evaluate("scrollTo(0, 0)");
      // Ends running transitions too, so that axe sees the colours that stay.
      await page.screenshot({ path: join(screens, `${where}.jpg`), ...picture });
      const wider = await page.evaluate<number>(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      if (wider > 0) faults.push(`${where}: ${wider} px wider than the window`);
      for (const cut of await page.evaluate<string[]>(cutOff)) faults.push(`${where}: cut off: ${cut}`);
      const { violations } = await page.evaluate<AxeResults>(
        "axe.run({ resultTypes: ['violations'], preload: false })",
      );
      for (const { id, help, nodes } of violations) {
        faults.push(`${where}: ${id}: ${help}\n  ${nodes.map(({ html }) => html.slice(0, 200)).join("\n  ")}`);
      }
    }
  }
  await expect(page).toHaveTitle(/\S/);
  expect(faults.join("\n"), `axe and width of ${name}`).toBe("");
}
