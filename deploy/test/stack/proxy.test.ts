import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../../server/src/embedded/free-port.ts";
import { openDoor, type Door } from "../door.ts";
import { must, root, run } from "../engine.ts";

/** Instead of the app: tells what reaches it; at /api/slow it says two words, the second one when it is told to. */
const echo = `
const { createServer } = require("node:http");
let waiting;
createServer((request, response) => {
  if (request.url === "/api/slow") { response.write("one "); waiting = response; return; }
  if (request.url === "/api/go") waiting.end("two");
  let bytes = 0;
  request.on("data", (chunk) => { bytes += chunk.length; });
  request.on("end", () => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ url: request.url, headers: request.headers, bytes, filler: "x".repeat(5000) }));
  });
}).listen(3000);
`;

interface Reached {
  url: string;
  headers: Record<string, string>;
  bytes: number;
}

let folder: string;
const started: string[] = [];
const networks: string[] = [];

/** Our nginx on a network of its own, with `net`.11 behind it; a visitor from this machine comes from `net`.1. */
async function startProxy(net: string): Promise<Door> {
  const name = `charlie-proxy-${net.replaceAll(".", "-")}-${process.pid}`;
  const port = await freePort();
  await must("docker", ["network", "create", "--subnet", `${net}.0/24`, name]);
  networks.push(name);
  const common = ["run", "--detach", "--network", name];
  await must("docker", [...common, "--name", `${name}-app`, "--ip", `${net}.11`, "node:24-slim", "node", "-e", echo]);
  started.push(`${name}-app`);
  const settings = ["--env", "DOMAIN=charlie.test", "--env", `FRONT_NET=${net}`, "--publish", `${port}:8443`];
  const mounts = [
    `${root}/deploy/nginx:/charlie/nginx:ro`,
    `${folder}/certificates:/etc/letsencrypt:ro`,
    `${folder}/state:/charlie/state:ro`,
  ].flatMap((mount) => ["--volume", mount]);
  const rest = ["--user", "10001:10001", "--read-only", "--tmpfs", "/tmp:mode=1777", "--entrypoint", "/bin/sh"];
  const nginx = ["--name", `${name}-nginx`, "--ip", `${net}.10`, ...rest, "nginx:1.28", "/charlie/nginx/start"];
  await must("docker", [...common, ...settings, ...mounts, ...nginx]);
  started.push(`${name}-nginx`);
  const ca = [readFileSync(join(folder, "certificates/live/charlie/fullchain.pem"), "utf8")];
  const door = openDoor({ domain: "charlie.test", port, ca });
  for (let tries = 0; ; tries += 1) {
    const there = await door.ask("/there").then(
      ({ status }) => status === 200,
      () => false,
    );
    if (there) return door;
    if (tries > 200) throw new Error(await must("docker", ["logs", `${name}-nginx`]));
    await sleep(100);
  }
}

let plain: Door;
let behindCloudflare: Door;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "charlie-proxy-"));
  const live = join(folder, "certificates/live/charlie");
  mkdirSync(live, { recursive: true });
  mkdirSync(join(folder, "state"));
  writeFileSync(join(folder, "state/colour"), "blue\n");
  const [key, chain] = [join(live, "privkey.pem"), join(live, "fullchain.pem")];
  const options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const name = ["-subj", "/CN=charlie.test", "-addext", "subjectAltName=DNS:charlie.test"];
  await must("openssl", ["req", ...options, ...name, "-keyout", key, "-out", chain]);
  await must("chown", ["-R", "10001:10001", live]);
  plain = await startProxy(`10.199.${Math.floor(Math.random() * 250)}`);
  // One of Cloudflare's own: to nginx, a visitor from this machine is Cloudflare.
  behindCloudflare = await startProxy("173.245.48");
});
afterAll(async () => {
  if (started.length > 0) await run("docker", ["rm", "--force", "--volumes", ...started]);
  if (networks.length > 0) await run("docker", ["network", "rm", ...networks]);
  rmSync(folder, { recursive: true, force: true });
});

describe("who asks", () => {
  const forged = {
    "x-forwarded-for": "203.0.113.7",
    "x-real-ip": "203.0.113.7",
    forwarded: "for=203.0.113.7",
    "x-forwarded-host": "evil.test",
    "x-forwarded-proto": "http",
  };

  test("is whoever is connected: what a visitor says about himself reaches nobody", async () => {
    const headers = { ...forged, "cf-connecting-ip": "203.0.113.7" };
    const { body } = await plain.ask<Reached>("/who", { headers });
    expect(body.headers["x-forwarded-for"]).toMatch(/^10\.199\.\d+\.1$/);
    expect(body.headers["x-forwarded-proto"]).toBe("https");
    expect(JSON.stringify(body.headers)).not.toMatch(/203\.0\.113\.7|evil\.test/);
  });

  test("is whom Cloudflare names, where it is Cloudflare that asks", async () => {
    const headers = { ...forged, "cf-connecting-ip": "198.51.100.4" };
    const { body } = await behindCloudflare.ask<Reached>("/who", { headers });
    expect(body.headers["x-forwarded-for"]).toBe("198.51.100.4");
    expect(JSON.stringify(body.headers)).not.toMatch(/203\.0\.113\.7|evil\.test/);
  });
});

test("the metrics are for the inside, however they are written", async () => {
  for (const path of ["/metrics", "/metrics/", "/metrics?x=1", "//metrics", "/%6detrics", "/x/../metrics"]) {
    expect([path, (await plain.ask(path)).status]).toEqual([path, 404]);
  }
});

test("a stream's first word is there before its second is said, also for who takes gzip", async () => {
  const stream = await plain.open("/api/slow", { headers: { "accept-encoding": "gzip" } });
  expect(stream.headers["content-encoding"]).toBeUndefined();
  const words = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  expect(String((await words.next()).value)).toBe("one ");
  await plain.ask("/api/go");
  expect(String((await words.next()).value)).toBe("two");
});

test("pages are sent small to who takes gzip, what the interface says is not", async () => {
  const headers = { "accept-encoding": "gzip" };
  expect((await plain.open("/page", { headers })).headers["content-encoding"]).toBe("gzip");
  expect((await plain.open("/api/v1/me", { headers })).headers["content-encoding"]).toBeUndefined();
});

test("uploads pass up to 32 MB, more is refused", async () => {
  const body = "x".repeat(20_000_000);
  expect((await plain.ask<Reached>("/api/upload", { method: "POST", body })).body.bytes).toBe(20_000_002);
  const tooLong = { method: "POST", headers: { "content-length": String(33 * 1024 * 1024) } };
  expect((await plain.ask("/api/upload", tooLong)).status).toBe(413);
});
