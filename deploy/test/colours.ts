import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "./stack.ts";

export type Colour = "blue" | "green";

/** The colour that deploy/ has written down as the one that serves: blue where nothing was deployed yet. */
export function servingColour({ state }: Pick<Stack, "state">): Colour {
  const file = join(state, "colour");
  return existsSync(file) && readFileSync(file, "utf8") === "green\n" ? "green" : "blue";
}

/** The other one. */
export const otherThan = (colour: Colour): Colour => (colour === "blue" ? "green" : "blue");

/** The colours that run. */
export const running = async ({ compose }: Stack): Promise<string[]> =>
  (await compose("--profile", "*", "ps", "--services", "--status", "running"))
    .split("\n")
    .filter((name) => name.startsWith("app_"));

/** Ends the colour that does not serve: it is not up between deploys. Returns the one that does. */
export async function leaveOne(stack: Stack): Promise<Colour> {
  const colour = servingColour(stack);
  const other = `app_${otherThan(colour)}`;
  if ((await running(stack)).includes(other)) await stack.compose("--profile", "*", "kill", other);
  return colour;
}
