import { expect, type Locator, type Page } from "@playwright/test";

/**
 * Where the focus is now, and whether one could see where it was: the element that had it last, or what stands around
 * it, must look different without it. Transitions are ended first, or the looks would be those of the way.
 */
const stop = `(() => {
  for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
  const lookOf = (element) => {
    const looks = [];
    for (let at = element; at && looks.length < 4; at = at.parentElement) {
      const { outline, outlineStyle, boxShadow, borderColor, backgroundColor } = getComputedStyle(at);
      looks.push([outlineStyle === "none" ? "" : outline, boxShadow, borderColor, backgroundColor].join());
    }
    return looks.join(" | ");
  };
  const told = (element) => element.outerHTML.slice(0, 160);
  const last = window.lastStop;
  const unseen = last?.element.isConnected && lookOf(last.element) === last.look ? told(last.element) : null;
  const element = document.activeElement;
  if (element === document.body) return { unseen, away: null };
  window.lastStop = { element, look: lookOf(element) };
  const { top, bottom, left, right } = element.getBoundingClientRect();
  const inside = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
  return { unseen, away: inside ? null : told(element) };
})()`;

/** Presses Tab (or Shift+Tab) until this has the focus. Every stop on the way must be seen, and lie in the window. */
export async function tabTo(page: Page, goal: Locator, { back = false, most = 60 } = {}): Promise<void> {
  await expect(goal).toBeVisible();
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
    const { unseen, away } = await page.evaluate<{ unseen: string | null; away: string | null }>(stop);
    expect.soft(unseen, "the focus was here and nobody could see it").toBeNull();
    expect.soft(away, "the focus is outside of the window").toBeNull();
    if ((await goal.and(page.locator(":focus")).count()) === 1) return;
  }
  throw new Error(`${String(goal)} is not reached by ${most} presses of Tab`);
}
