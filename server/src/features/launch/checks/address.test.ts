import { createServer as createHttp, type RequestListener } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "../../../embedded/free-port.ts";
import { makeCertificate, trust, type Certificate } from "../../../../test/certificate.ts";
import { examine, failed, ok } from "../../../../test/launch.ts";

let good: Certificate;
let ending: Certificate;
let unknown: Certificate;
beforeAll(() => {
  [good, ending, unknown] = [makeCertificate(80), makeCertificate(20), makeCertificate(80)];
  trust(good, ending);
});
afterAll(() => [good, ending, unknown].forEach((certificate) => certificate.remove()));

const look = (id: string, env: Record<string, string>, http = 9, https = 9) =>
  examine(`address.${id}`, env, { ports: { http, https } });

/** Listens until the test ends; `certificate` where it speaks TLS. */
async function serve(listener: RequestListener, certificate?: Certificate): Promise<number> {
  const server = certificate ? createHttps(certificate, listener) : createHttp(listener);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

const PUBLIC_URL = "https://localhost";
const alive: RequestListener = (request, response) =>
  void response.end(request.url === "/livez" ? '{"status":"alive"}' : "hello");

describe("the address", () => {
  test.each([
    [
      "with https and DOMAIN alike",
      { PUBLIC_URL: "https://charlie.example.org", DOMAIN: "charlie.example.org" },
      ok("https://charlie.example.org"),
    ],
    ["without https", { PUBLIC_URL: "http://charlie.example.org" }, failed("http://", "https://")],
    ["with a path", { PUBLIC_URL: "https://charlie.example.org/app" }, failed("/app", "Leave out")],
    [
      "of another name",
      { PUBLIC_URL: "https://charlie.example.org", DOMAIN: "example.org" },
      failed("DOMAIN is example.org", "the same"),
    ],
    [
      "with https:// in DOMAIN",
      { PUBLIC_URL: "https://charlie.example.org", DOMAIN: "https://charlie.example.org" },
      failed("DOMAIN must be a name"),
    ],
  ])("%s", async (_name, env, expected) => expect(await look("url", env)).toEqual(expected));
});

test("DNS knows the name, or not", async () => {
  expect(await look("dns", { PUBLIC_URL })).toEqual(ok("localhost is "));
  expect(await look("dns", { PUBLIC_URL: "https://nowhere.invalid" })).toEqual(
    failed("nowhere.invalid is not known", "A record"),
  );
});

test("Let's Encrypt writes to a real address only", async () => {
  expect(await look("acme", { ACME_EMAIL: "pat@teach-charlie.dev" })).toEqual(ok("pat@"));
  expect(await look("acme", { ACME_EMAIL: "pat@mail.example.com" })).toEqual(failed("is an example", "ACME_EMAIL"));
  expect(await look("acme", { ACME_EMAIL: "pat" })).toEqual(failed("ACME_EMAIL must be an e-mail address"));
});

describe("port 80", () => {
  test("sends people on to https", async () => {
    const port = await serve(
      (_request, response) => void response.writeHead(301, { location: "https://localhost/livez" }).end(),
    );
    expect(await look("port80", { PUBLIC_URL }, port)).toEqual(ok("sends people on to https://localhost"));
  });

  test("leads to this machine, where nothing serves yet", async () => {
    expect(await look("port80", { PUBLIC_URL }, await freePort())).toEqual(ok("it leads to this machine"));
  });

  test("is somebody else's", async () => {
    const port = await serve((_request, response) => void response.end("welcome to nginx"));
    expect(await look("port80", { PUBLIC_URL }, port)).toEqual(failed("port 80 answers 200", "deploy/nginx"));
  });

  test("cannot be reached", async () => {
    const result = await look("port80", { PUBLIC_URL: "https://nowhere.invalid" }, await freePort());
    expect(result).toEqual(failed("Port 80 cannot be reached", "firewall"));
  });
});

describe("https", () => {
  test("with a trusted certificate that holds", async () => {
    expect(await look("https", { PUBLIC_URL }, 9, await serve(alive, good))).toEqual(
      ok("the certificate holds for 79 days"),
    );
  });

  test("with one that ends soon", async () => {
    expect(await look("https", { PUBLIC_URL }, 9, await serve(alive, ending))).toEqual(
      failed("ends in 19 days", "certbot"),
    );
  });

  test("with one that nobody vouches for", async () => {
    expect(await look("https", { PUBLIC_URL }, 9, await serve(alive, unknown))).toEqual(
      failed("no answer over https: self-signed"),
    );
  });

  test("by something else than this service", async () => {
    const port = await serve((_request, response) => void response.end("hello"), good);
    expect(await look("https", { PUBLIC_URL }, 9, port)).toEqual(failed("something else answers there (200)"));
  });

  test("not at all", async () => {
    expect(await look("https", { PUBLIC_URL })).toEqual(failed("no answer over https: "));
  });
});
