import { expect, type Page } from "@playwright/test";
import type { Width } from "../looks.ts";
import type { Resident, World } from "../world.ts";

/** One page, or one state of a page, that has to look right. */
export interface Sight {
  name: string;
  /** Whose browser. */
  who: keyof World | "stranger";
  /** The route of web/src/app/routeTree.gen.ts that it shows. */
  route?: string;
  path: string | ((resident: Resident) => string | Promise<string>);
  /** Waits until it is whole, and does what leads to this state. */
  ready: (page: Page) => Promise<void>;
  /** Requests that it makes and that are refused, as `Trouble` writes them. */
  refused?: RegExp;
  /** Only at these widths. */
  widths?: readonly Width[];
}

/** It is there when this heading is. */
export const heading =
  (name: string | RegExp) =>
  (page: Page): Promise<void> =>
    expect(page.getByRole("heading", { name }).first()).toBeVisible();

/** It is there when these words are. */
export const words =
  (text: string | RegExp) =>
  (page: Page): Promise<void> =>
    expect(page.getByText(text).first()).toBeVisible();

/** A page of the resident's agent: "" is the playground. */
export const agentPage =
  (tab: string) =>
  ({ agentId }: Resident): string =>
    `/agents/${agentId}${tab}`;

/** The playground with a stored conversation. */
export const conversation =
  (which: keyof Resident["conversations"]) =>
  ({ agentId, conversations }: Resident): string =>
    `/agents/${agentId}?conversation=${conversations[which]}`;

/** Answers for the service at an address of the operator's interface: by now it has customers. */
export const answering = async (page: Page, what: string, answer: object): Promise<void> => {
  await page.route(`**/api/v1/admin/${what}`, (route) => route.fulfill({ json: answer }));
  await page.reload();
};
