import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import * as fc from "fast-check";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { openEnvFile } from "../../scripts/setup/env-file.ts";

let path: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "charlie-env-file-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  path = join(folder, "deploy", ".env.production");
});
const written = (): Record<string, string | undefined> => parseEnv(readFileSync(path, "utf8"));

const value = fc.string({ unit: "grapheme" }).filter((text) => !/[\n\r'\0]/.test(text));
test("gives back every value as it was, and keeps what it held", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/), value, { noNullPrototype: true }),
      value,
      (pairs, last) => {
        rmSync(path, { force: true });
        openEnvFile(path).set("FIRST", "");
        const file = openEnvFile(path);
        for (const [name, each] of Object.entries(pairs)) file.set(name, each);
        for (const name of Object.keys(pairs)) file.set(name, last);
        for (const [name, each] of Object.entries(pairs)) file.set(name, each);
        expect({ ...written() }).toEqual({ FIRST: "", ...pairs });
        expect(Object.fromEntries(openEnvFile(path).values)).toEqual({ FIRST: "", ...pairs });
      },
    ),
  );
});

test("keeps comments and other people's variables in their places; only its owner reads it", () => {
  openEnvFile(path).set("TEAM", "one");
  writeFileSync(path, "# ours\nexport MINE=1\nTEAM=one\n\nLAST='x y'");
  const file = openEnvFile(path);
  file.set("MINE", "2");
  file.set("NEW", "a $b #c");
  expect(readFileSync(path, "utf8")).toBe("# ours\nMINE=2\nTEAM=one\n\nLAST='x y'\nNEW='a $b #c'\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(() => file.set("BAD", "it's")).toThrow("single quote");
});
