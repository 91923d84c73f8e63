import { randomBytes } from "node:crypto";
import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import { makeVault } from "./vault.ts";

const key = randomBytes(32);

test("what was sealed opens again, and reads like noise meanwhile", () => {
  assert(
    property(string({ minLength: 8 }), string(), (secret, place) => {
      const vault = makeVault([key]);
      const sealed = vault.seal(secret, place);
      expect(sealed).not.toContain(secret);
      expect(vault.seal(secret, place)).not.toBe(sealed);
      expect(vault.open(sealed, place)).toBe(secret);
    }),
  );
});

test("another place, a changed text and a foreign key do not open it", () => {
  const vault = makeVault([key]);
  const sealed = vault.seal("sk-secret", "workspace-1/openai");
  expect(() => vault.open(sealed, "workspace-2/openai")).toThrow();
  const [id, nonce, body = ""] = sealed.split(".");
  const changed = Buffer.from(body, "base64url");
  changed[0] = (changed[0] ?? 0) ^ 1;
  expect(() => vault.open([id, nonce, changed.toString("base64url")].join("."), "workspace-1/openai")).toThrow();
  expect(() => makeVault([randomBytes(32)]).open(sealed, "workspace-1/openai")).toThrow(/no key/);
  expect(() => makeVault([randomBytes(16)])).toThrow(/32 bytes/);
});

test("a new key in front still opens what the old one sealed", () => {
  const sealed = makeVault([key]).seal("sk-secret", "here");
  const rotated = makeVault([randomBytes(32), key]);
  expect(rotated.open(sealed, "here")).toBe("sk-secret");
  expect(rotated.seal("sk-secret", "here").split(".")[0]).not.toBe(sealed.split(".")[0]);
});
