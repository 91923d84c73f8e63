import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { lookedAt, renew, servedSerial } from "../../deploy/test/certificate.ts";
import { bringUp } from "../../deploy/test/shared-stack.ts";
import type { Stack } from "../../deploy/test/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await bringUp(inject("shared"));
});

test("a renewal that fails is written down with its reason, and the certificate of before is served", async () => {
  const before = await servedSerial(stack);
  const nobody = ["exec", "-T", "--env", "ACME_SERVER=https://127.0.0.1:9/dir", "certbot"];
  const { code } = await stack.script("compose", [...nobody, "deploy/certbot/run", "once", "--force-renewal"]);
  expect(code).toBe(1);
  const { ok, detail } = await lookedAt(stack);
  expect([ok, detail.servedSerial]).toEqual([false, before]);
  expect(detail.renewal).toMatch(/connection/i);
  await renew(stack);
  expect(await lookedAt(stack)).toMatchObject({ ok: true, detail: { servedSerial: before } });
});

test("a new certificate that nginx does not take up is written down as not well, until it does", async () => {
  // Something else is wrong, so that nginx refuses to reload, and says so to nobody: it goes on with what it has.
  const colourFile = join(stack.state, "colour");
  const colour = existsSync(colourFile) ? readFileSync(colourFile, "utf8") : "blue\n";
  writeFileSync(colourFile, "purple\n");
  await expect(renew(stack, "--force-renewal")).rejects.toThrow();
  const { ok, detail } = await lookedAt(stack);
  expect(ok).toBe(false);
  expect(detail.servedSerial).not.toBe(detail.diskSerial);
  writeFileSync(colourFile, colour);
  await renew(stack);
  expect((await lookedAt(stack)).ok).toBe(true);
});
