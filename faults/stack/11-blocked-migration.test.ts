import * as fc from "fast-check";
import { Client } from "pg";
import { expect, test } from "vitest";
import { leaveOne, otherThan, running, servingColour } from "../../deploy/test/colours.ts";
import { imageWith, withMigration } from "../../deploy/test/images.ts";
import { prepareLoad, tell, underLoad } from "../../deploy/test/load.ts";
import { survive } from "../seeds.ts";
import { openPlace } from "./place.ts";

/** A table that every request needs, or one that only answers do; and what somebody else is at with it. */
const scenarios = fc.record({
  table: fc.constantFrom("workspaces", "agents", "users"),
  mode: fc.constantFrom("access share", "row exclusive"),
});

test("a migration that a long transaction holds up: given up soon with nothing kept, and no request fails", async () => {
  const place = await openPlace();
  const { stack } = place;
  const load = await prepareLoad(stack);
  // Each release has the migrations of those before it.
  const migrations: string[] = [];
  await survive(place, scenarios, async ({ table, mode }) => {
    const colour = await leaveOne(stack);
    const name = `half_${migrations.length}`;
    // Two statements, so that one of them could be kept.
    migrations.push(withMigration(`create table ${name} (); alter table ${table} add column ${name} int;`));
    const image = await imageWith("test-blocked", ...migrations);
    const deploy = () => underLoad(load, () => stack.script("deploy", [image]));

    const long = new Client({ connectionString: place.databaseUrl });
    await long.connect();
    await long.query(`begin; lock table ${table} in ${mode} mode`);
    const [blocked, seen] = await deploy();
    tell(`a migration that waits for ${table} (${mode})`, seen);
    expect([blocked.code, blocked.output]).toEqual([1, expect.stringContaining("lock timeout")]);
    expect(blocked.output).toContain("that failed: the version of before stays");
    expect(seen.failed).toEqual([]);
    expect(await running(stack)).toEqual([`app_${colour}`]);
    expect(await stack.sql(`select to_regclass('${name}')`)).toBe("");
    await long.query("commit");
    await long.end();

    const [{ code, output }, later] = await deploy();
    tell("the same deploy afterwards", later);
    expect([code, output]).toEqual([0, expect.stringContaining(`(${otherThan(colour)})`)]);
    expect(later.failed).toEqual([]);
    expect(servingColour(stack)).toBe(otherThan(colour));
    expect(await stack.sql(`select to_regclass('${name}')`)).toBe(name);
  });
});
