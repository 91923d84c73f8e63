import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isAgeRecipient, makeAgeKeys } from "./age-keys.ts";

test("age itself encrypts for the public half, and opens with the private one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "charlie-age-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "identity");
  const { recipient, identity } = await makeAgeKeys();
  writeFileSync(file, `${identity}\n`);
  const sealed = execFileSync("age", ["-r", recipient], { input: "a good dog" });
  expect(execFileSync("age", ["-d", "-i", file], { input: sealed, encoding: "utf8" })).toBe("a good dog");
});

test("a letter that was mistyped, left out or turned round is noticed", async () => {
  const { recipient, identity } = await makeAgeKeys();
  expect(isAgeRecipient(recipient)).toBe(true);
  const swapped = recipient.replace(/(.)(.)$/, "$2$1");
  const other = recipient.endsWith("q") ? "p" : "q";
  for (const wrong of [
    identity,
    recipient.slice(0, -1),
    recipient.toUpperCase(),
    `${recipient.slice(0, -1)}${other}`,
    "",
  ])
    expect(isAgeRecipient(wrong)).toBe(false);
  expect(isAgeRecipient(swapped)).toBe(swapped === recipient);
});
