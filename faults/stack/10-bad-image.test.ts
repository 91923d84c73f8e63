import { expect, inject, test } from "vitest";
import { leaveOne, otherThan, running, servingColour } from "../../deploy/test/colours.ts";
import { imageWith, withMigration } from "../../deploy/test/images.ts";
import { prepareLoad, tell, underLoad } from "../../deploy/test/load.ts";
import { bringUp } from "../../deploy/test/shared-stack.ts";

const bad: [what: string, last: (idle: string) => string, line: string][] = [
  [
    "an image that does not start",
    (idle) => `starting ${idle}`,
    "RUN echo 'if (process.argv[2] !== \"migrate\") process.exit(3);' >server/src/main.ts",
  ],
  ["a migration that fails", () => "migrating", withMigration("create table half (); select 1/0;")],
  ["pages that are not there", (idle) => `trying ${idle} through nginx`, "RUN rm web/dist/client/app.html"],
];

test.each(bad)("%s is deployed: the version of before serves on, and no request fails", async (what, last, line) => {
  const stack = await bringUp(inject("shared"));
  const colour = await leaveOne(stack);
  const image = await imageWith("test-bad", line);
  const [{ code, output }, seen] = await underLoad(await prepareLoad(stack), () =>
    stack.script("deploy", [image], { READY_SECONDS: "20" }),
  );
  tell(what, seen);
  expect(code).toBe(1);
  const said = output.split("\n").filter((said_) => said_.startsWith("deploy: "));
  expect(said.slice(-2)).toEqual([
    `deploy: ${last(otherThan(colour))}`,
    "deploy: that failed: the version of before stays",
  ]);
  expect(seen.failed).toEqual([]);
  expect(await running(stack)).toEqual([`app_${colour}`]);
  expect(servingColour(stack)).toBe(colour);
  expect(await stack.sql("select to_regclass('half')")).toBe("");
  await expect(stack.compose("exec", "-T", `app_${colour}`, "node", "scripts/audit.ts")).resolves.toContain("agree");
});
