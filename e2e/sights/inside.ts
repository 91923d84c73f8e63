import { expect } from "@playwright/test";
import { agentPage, conversation, heading, type Sight, words } from "./sight.ts";

/** Pages behind the door, except those about money. */
export const insideSights: readonly Sight[] = [
  {
    name: "home-empty",
    who: "newcomer",
    route: "/home",
    path: "/home",
    ready: heading("Charlie sits and waits for you"),
  },
  { name: "wizard", who: "newcomer", route: "/teach", path: "/teach", ready: heading("Who is he?") },
  {
    name: "wizard-tricks",
    who: "newcomer",
    path: "/teach",
    ready: async (page) => {
      await page.getByRole("button", { name: /^Customer support/ }).click();
      await page.getByRole("navigation", { name: "Steps" }).getByRole("link", { name: "Tricks" }).click();
      await expect(page.getByRole("region", { name: "Preview" }).getByText(/From /)).toBeVisible();
    },
  },
  {
    name: "wizard-name",
    who: "newcomer",
    path: "/teach?step=name",
    ready: async (page) => {
      await page.getByRole("button", { name: "Luna" }).click();
      await expect(page.getByRole("button", { name: "Meet Luna" })).toBeVisible();
    },
  },

  { name: "home", who: "builder", path: "/home", ready: heading("Hello, Anna") },
  {
    name: "playground-empty",
    who: "builder",
    route: "/agents/$agentId",
    path: agentPage(""),
    ready: heading("Ask Bruno something"),
  },
  {
    name: "playground-markdown",
    who: "builder",
    path: conversation("markdown"),
    ready: async (page) => {
      await expect(page.getByRole("cell", { name: "Saturday" })).toBeVisible();
      await page.getByRole("button", { name: "Why did he say that?" }).click();
      await expect(page.getByText("The answer was put into words by")).toBeVisible();
    },
  },
  {
    name: "playground-feedback",
    who: "builder",
    path: conversation("short"),
    ready: async (page) => {
      await page.getByRole("button", { name: "Not a good answer" }).click();
      await expect(page.getByRole("textbox", { name: "What was not right?" })).toBeVisible();
      // The pointer rests on the button, whose hint would stand over the page.
      await page.mouse.move(0, 0);
      await expect(page.getByRole("tooltip")).toBeHidden();
    },
  },
  {
    name: "playground-failed",
    who: "builder",
    path: conversation("failed"),
    ready: async (page) => expect(page.getByRole("button", { name: "Try again" })).toBeVisible(),
  },
  {
    name: "playground-answering",
    who: "builder",
    path: agentPage(""),
    ready: async (page) => {
      await page.getByRole("textbox", { name: /^Ask Bruno/ }).fill("Count for me [slow]");
      await page.keyboard.press("Enter");
      await expect(page.getByText(/1 2 3 4/)).toBeVisible();
    },
  },
  {
    name: "teach",
    who: "builder",
    route: "/agents/$agentId/teach",
    path: agentPage("/teach"),
    ready: async (page) => {
      await page.getByRole("button", { name: "More: his brain" }).click();
      await expect(page.getByRole("combobox", { name: "Brain" })).toBeVisible();
    },
  },
  ...["knowledge", "canvas", "share", "activity"].map((tab): Sight => ({
    name: tab,
    who: "builder",
    route: `/agents/$agentId/${tab}`,
    path: agentPage(`/${tab}`),
    ready: async (page) => expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible(),
  })),
  {
    name: "agent-not-found",
    who: "builder",
    path: "/agents/01980000-0000-7000-8000-000000000000",
    ready: heading("Charlie looked everywhere"),
    refused: /^404 GET /,
  },
  { name: "usage", who: "builder", route: "/usage", path: "/usage", ready: heading("What was refused and why") },
  {
    name: "usage-cap-met",
    who: "spender",
    path: "/usage",
    ready: async (page) => {
      await expect(page.getByText("A question to Bruno").first()).toBeVisible();
      await page.getByRole("button", { name: "Change the cap" }).click();
      await expect(page.getByLabel("Cap in dollars")).toBeFocused();
    },
  },
  {
    name: "usage-nothing-yet",
    who: "newcomer",
    path: "/usage",
    ready: words(/Nothing in the last 90 days/),
  },
  { name: "settings", who: "builder", route: "/settings", path: "/settings", ready: heading("Workspace") },
  {
    name: "consent",
    who: "builder",
    path: "/settings",
    ready: async (page) => {
      // As where the operator has set POSTHOG_KEY.
      await page.route("**/api/v1/config", async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ json: { ...(await answer.json()), analytics: true } });
      });
      await page.reload();
      await expect(page.getByRole("complementary", { name: "May we count?" })).toBeVisible();
      await expect(page.getByRole("switch", { name: "Count which steps I take here" })).not.toBeChecked();
    },
  },
  {
    name: "ai-keys",
    who: "builder",
    route: "/settings/ai-keys",
    path: "/settings/ai-keys",
    ready: async (page) => {
      await expect(page.getByText("Key saved")).toBeVisible();
      const anthropic = page.getByRole("region", { name: "Anthropic" });
      await anthropic.getByRole("button", { name: "Add a key" }).click();
      await anthropic.getByRole("button", { name: "Where do I get a key?" }).click();
    },
  },
  {
    name: "chats-drawer",
    who: "builder",
    path: agentPage(""),
    widths: [360],
    ready: async (page) => {
      await page.setViewportSize({ width: 360, height: 740 });
      await page.getByRole("button", { name: "Chats" }).click();
      await expect(page.getByRole("dialog", { name: "Chats" }).getByText("What does sourdough cost?")).toBeVisible();
    },
  },
  { name: "home-full", who: "full", path: "/home", ready: heading("Hello, Anna") },
  {
    name: "wizard-no-room",
    who: "full",
    path: "/teach",
    ready: words(/of your plan are taken/),
  },
  {
    name: "rename-dialogue",
    who: "full",
    path: "/home",
    ready: async (page) => {
      await page.getByRole("button", { name: "More about Oskar" }).click();
      await page.getByRole("menuitem", { name: "Rename" }).click();
      await expect(page.getByRole("dialog", { name: "Rename Oskar" })).toBeVisible();
    },
  },
  { name: "home-asleep", who: "sleeper", path: "/home", ready: words(/^Free keeps 3 of your 5 agents/) },
  {
    name: "awake",
    who: "sleeper",
    route: "/awake",
    path: "/awake",
    ready: async (page) => {
      await page.getByRole("checkbox", { name: "Bruno" }).check();
      await expect(page.getByText("4 of 3 agents chosen: leave 1 out")).toBeVisible();
    },
  },
  { name: "awake-all", who: "builder", path: "/awake", ready: heading("Everybody is awake") },
  {
    name: "playground-asleep",
    who: "sleeper",
    path: conversation("short"),
    ready: words("Bruno is asleep"),
  },
  {
    name: "teach-asleep",
    who: "sleeper",
    path: agentPage("/teach"),
    ready: words("Bruno is asleep"),
  },
  {
    name: "menu",
    who: "builder",
    path: "/home",
    ready: async (page) => {
      await page.getByRole("button", { name: "Menu" }).click();
      await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
    },
  },
];
