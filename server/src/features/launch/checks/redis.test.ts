import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { makeCertificate, trust, type Certificate } from "../../../../test/certificate.ts";
import { examine, failed, ok } from "../../../../test/launch.ts";
import { freePort } from "../../../embedded/free-port.ts";
import { startRedis, type RedisServer } from "../../../../test/redis.ts";

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis(undefined, ["--appendonly", "yes"]);
});
afterAll(() => redis.close());

const look = (id: string, url = redis.url) => examine(`redis.${id}`, { REDIS_URL: url });

async function another(settings: string[]): Promise<string> {
  const server = await startRedis(undefined, settings);
  onTestFinished(() => server.close());
  return server.url;
}

test("a Redis that keeps everything is in order", async () => {
  expect(await look("connects")).toEqual(ok("Redis "));
  expect(await look("policy")).toEqual(ok("noeviction"));
  expect(await look("persistence")).toEqual(ok("append-only file"));
});

test("snapshots are persistence too", async () => {
  expect(await look("persistence", await another(["--save", "60 1"]))).toEqual(ok("snapshots"));
});

test("one that is away says so", async () => {
  expect(await look("connects", "redis://127.0.0.1:9")).toEqual(failed("no connection: ", "REDIS_URL"));
});

test("one that speaks no TLS is not taken for one that does", async () => {
  expect(await look("connects", redis.url.replace("redis:", "rediss:"))).toEqual(
    failed("no connection: ", "rediss://"),
  );
});

test("a password is needed and given; a wrong one is refused, and not told", async () => {
  const url = new URL(await another(["--requirepass", "Zq81kdPw03"]));
  expect(await look("connects", url.href)).toEqual(failed("no connection: "));
  url.password = "Wr0ngOneHere";
  const wrong = await look("connects", url.href);
  expect(wrong).toEqual(failed("no connection: "));
  expect(JSON.stringify(wrong)).not.toContain("Wr0ngOneHere");
  url.password = "Zq81kdPw03";
  expect(await look("connects", url.href)).toEqual(ok("Redis "));
});

test("one that throws counters away is found out", async () => {
  const url = await another(["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]);
  expect(await look("policy", url)).toEqual(failed("maxmemory-policy is allkeys-lru", "noeviction"));
});

test("one that forgets with a restart is found out", async () => {
  expect(await look("persistence", await another([]))).toEqual(failed("neither an append-only file nor snapshots"));
});

test("one that does not tell its settings is believed", async () => {
  const url = await another(["--rename-command", "CONFIG", ""]);
  expect(await look("persistence", url)).toEqual(ok("does not tell"));
  expect(await look("policy", url)).toEqual(ok("noeviction"));
});

test("rediss:// is spoken, with a certificate that is trusted", async () => {
  const [known, stranger] = [makeCertificate(30), makeCertificate(30)];
  onTestFinished(() => [known, stranger].forEach((certificate) => certificate.remove()));
  const overTls = async ({ certFile, keyFile }: Certificate): Promise<string> => {
    const port = await freePort();
    const files = ["--tls-cert-file", certFile, "--tls-key-file", keyFile, "--tls-auth-clients", "no"];
    await another(["--tls-port", String(port), ...files]);
    return `rediss://localhost:${port}`;
  };
  trust(known);
  expect(await look("connects", await overTls(known))).toEqual(ok("Redis "));
  expect(await look("connects", await overTls(stranger))).toEqual(failed("no connection: self-signed"));
});
