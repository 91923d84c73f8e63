// What was answered for survives a kill; what was cut off never was.
import { spawn, type ChildProcess } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startStripeSandbox } from "../src/index.ts";
import { openStore } from "../src/store.ts";
import { createShop, validatingClient } from "./world.ts";

let folder: string;
let file: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stripe-sandbox-"));
  file = join(folder, "data.jsonl");
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** The command line's own process, on a free port. */
async function start(): Promise<{ child: ChildProcess; stripe: Stripe }> {
  const cli = new URL("../src/cli.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [cli, "--port", "0", "--data", file], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const port = await new Promise<number>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      const match = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(chunk.toString());
      if (match) resolve(Number(match[1]));
    });
  });
  const stripe = new Stripe("sk_test_kill", {
    host: "127.0.0.1",
    port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
  return { child, stripe };
}

test("kill -9 in the middle of writing loses nothing that was answered", async () => {
  const first = await start();
  const answered: string[] = [];
  const writers = Array.from({ length: 6 }, async (_, lane) => {
    try {
      for (let count = 0; ; count++) {
        const { id } = await first.stripe.customers.create(
          { metadata: { lane, count } },
          { idempotencyKey: `${lane}-${count}` },
        );
        answered.push(`${lane}-${count} ${id}`);
        if (answered.length === 150) first.child.kill("SIGKILL");
      }
    } catch {
      // The connection was cut: what was under way may or may not have been taken, and was not answered.
    }
  });
  await Promise.all(writers);
  expect(answered.length).toBeGreaterThanOrEqual(150);
  const second = await start();
  for (const line of answered) {
    const [key, id] = line.split(" ") as [string, string];
    const [lane, count] = key.split("-");
    const again = await second.stripe.customers.create(
      { metadata: { lane: lane!, count: count! } },
      { idempotencyKey: key },
    );
    expect(again.id).toBe(id);
  }
  const listed = await second.stripe.customers.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
  expect(listed.length).toBeGreaterThanOrEqual(answered.length);
  expect(listed.length).toBeLessThanOrEqual(answered.length + 6);
});

test("a torn last line is as if it had never been; a damaged one in the middle is said to be so", async () => {
  const store = openStore(file);
  const setting = (id: string) => store.change(() => store.put({ id, object: "sandbox.setting", value: id }));
  setting("one");
  setting("two");
  store.close();
  appendFileSync(file, '[{"id":"three","object":"sandbox.setting","va');
  const again = openStore(file);
  expect(again.all("sandbox.setting").map((row) => row.id)).toEqual(["one", "two"]);
  again.change(() => again.remove("sandbox.setting", "one"));
  again.close();
  expect(
    openStore(file)
      .all("sandbox.setting")
      .map((row) => row.id),
  ).toEqual(["two"]);
  writeFileSync(file, `not json\n${readFileSync(file, "utf8")}`);
  expect(() => openStore(file)).toThrow(/damaged at line 1/);
});

test("a step that throws leaves nothing, and a preview neither", () => {
  const store = openStore();
  const put = (id: string, value: number) => store.put({ id, object: "sandbox.setting", value });
  store.change(() => put("a", 1));
  expect(() =>
    store.change(() => {
      put("a", 2);
      put("b", 1);
      store.remove("sandbox.setting", "a");
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(store.all("sandbox.setting").map((row) => [row.id, row.value])).toEqual([["a", 1]]);
  expect(store.change(() => store.dry(() => put("a", 5).value))).toBe(5);
  expect(store.get("sandbox.setting", "a")?.value).toBe(1);
});

test("deliveries go on after a restart, with the secret that was given, and links follow the new port", async () => {
  // By id: a delivery that the end of the process cut off is made again.
  const got = new Map<string, string>();
  const hook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const event = stripe.webhooks.constructEvent(
        Buffer.concat(chunks),
        request.headers["stripe-signature"] as string,
        "whsec_fixed",
      );
      got.set(event.id, event.type);
      response.end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  const webhooks = [{ url: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`, secret: "whsec_fixed" }];
  const broken: string[] = [];
  const before = await startStripeSandbox({ port: 0, dataFile: file, webhooks });
  before.control.deliveries.setMode({ hold: true });
  let stripe = validatingClient(before.port, broken);
  const shop = await createShop(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: shop.pro.id, quantity: 1 }],
    success_url: "https://app.example/done",
  });
  before.control.deliveries.setMode({ hold: false });
  before.control.deliveries.release();
  await before.close();
  const after = await startStripeSandbox({ port: 0, dataFile: file, webhooks });
  stripe = validatingClient(after.port, broken);
  await after.control.deliveries.settled();
  expect([...got.values()].filter((type) => type === "product.created")).toHaveLength(2);
  expect([...got.values()].filter((type) => type === "price.created")).toHaveLength(3);
  expect((await stripe.webhookEndpoints.list()).data).toHaveLength(1);
  const again = await stripe.checkout.sessions.retrieve(session.id);
  expect(again.url).toBe(session.url!.replace(before.url, after.url));
  expect((await fetch(again.url!)).status).toBe(200);
  await after.close();
  hook.close();
  expect(broken).toEqual([]);
});

test("a port that is taken is an error at start", async () => {
  const first = await startStripeSandbox({ port: 0 });
  await expect(startStripeSandbox({ port: first.port })).rejects.toThrow(/EADDRINUSE/);
  await first.close();
});
