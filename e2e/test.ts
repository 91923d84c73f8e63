import { type BrowserContext, expect, test as base } from "@playwright/test";
import { newPerson, type Person, type PersonOptions } from "./people.ts";

export { expect } from "@playwright/test";

/** What no page may do unless a test says that it will: an error in the console, or a request that is refused. */
export class Trouble {
  readonly #found: string[] = [];
  readonly #expected: RegExp[] = [];

  /** From here on this is no trouble: `/^402 POST .*messages$/`, `/^404 /`. */
  expect(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  watch(context: BrowserContext): void {
    context.on("console", (message) => {
      // A refused request is told better by its response, below.
      if (message.type() !== "error" || message.text().startsWith("Failed to load resource")) return;
      this.#found.push(`console: ${message.text()}`);
    });
    context.on("weberror", (error) => this.#found.push(`thrown: ${error.error().stack ?? error.error().message}`));
    context.on("response", (response) => {
      if (response.status() < 400) return;
      this.#found.push(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`);
    });
  }

  /** What happened and was not expected. */
  unexpected(): string[] {
    return this.#found.filter((found) => !this.#expected.some((pattern) => pattern.test(found)));
  }
}

interface Fixtures {
  trouble: Trouble;
  signUp: (options?: PersonOptions) => Promise<Person>;
}

/** Fails every test whose pages made trouble, and gives it people. */
export const test = base.extend<Fixtures>({
  // Set by e2e/service.ts.
  baseURL: process.env["CHARLIE_URL"] ?? "",
  trouble: [
    async ({ context }, use) => {
      const trouble = new Trouble();
      trouble.watch(context);
      await use(trouble);
      expect(trouble.unexpected(), "errors in the console and refused requests").toEqual([]);
    },
    { auto: true },
  ],
  signUp: async ({ browser, baseURL, trouble }, use) => {
    const people: Person[] = [];
    await use(async (options) => {
      const person = await newPerson(browser, { ...options, baseURL: baseURL! });
      people.push(person);
      trouble.watch(person.context);
      return person;
    });
    await Promise.all(people.map(({ context }) => context.close()));
  },
});
