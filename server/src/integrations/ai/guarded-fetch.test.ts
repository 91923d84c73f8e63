import { createServer } from "node:http";
import { expect, test } from "vitest";
import { isInside, makeGuardedFetch } from "./guarded-fetch.ts";

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.31.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "224.0.0.1",
  "255.255.255.255",
  "::1",
  "::",
  "fe80::1",
  "fd00::1",
  "::ffff:127.0.0.1",
  "::ffff:a00:1",
  "64:ff9b::7f00:1",
])("%s is inside", (address) => expect(isInside(address)).toBe(true));
test.each(["8.8.8.8", "172.32.0.1", "192.169.0.1", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])(
  "%s is outside",
  (address) => expect(isInside(address)).toBe(false),
);

test.each([
  "https://127.0.0.1/v1",
  "https://2130706433/v1",
  "https://0x7f.1/v1",
  "https://[::1]/v1",
  "https://[::ffff:127.0.0.1]/v1",
  "https://169.254.169.254/latest",
  // A name is looked up, and what it stands for is refused.
  "https://localhost/v1",
  "http://example.org/v1",
])("%s is refused before anything is sent", async (address) => {
  await expect(makeGuardedFetch({ allowPrivate: false })(address)).rejects.toMatchObject({ code: "FORBIDDEN_ADDRESS" });
});

test("a request that meets a connection which the server just closed is sent on another one", async () => {
  let connections = 0;
  const server = createServer((request, response) => void request.pipe(response));
  server.on("connection", (socket) => {
    connections += 1;
    // Gone before what is said on it again is heard.
    socket.once("data", () => socket.prependListener("data", () => socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const guarded = makeGuardedFetch({ allowPrivate: true });
  const ask = async (body: string) => (await guarded(url, { method: "POST", body })).text();
  try {
    expect(await ask("one")).toBe("one");
    expect(await ask("two")).toBe("two");
    expect(connections).toBe(2);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("redirects are not followed, bodies and headers arrive, a stop closes", async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${String(request.headers["x-one"])}`);
    if (request.url === "/away") response.writeHead(302, { location: "/elsewhere" }).end();
    else if (request.url === "/hang") response.write("start");
    else request.pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const guarded = makeGuardedFetch({ allowPrivate: true });
  try {
    const away = await guarded(`${base}/away`, { headers: { "x-one": "1" } });
    expect(away.status).toBe(302);
    await away.body?.cancel();
    const echoed = await guarded(`${base}/echo`, { method: "POST", body: "grüße", headers: { "x-one": "2" } });
    expect(await echoed.text()).toBe("grüße");
    expect(seen).toEqual(["GET /away 1", "POST /echo 2"]);
    const stop = new AbortController();
    const hanging = await guarded(`${base}/hang`, { signal: stop.signal });
    const reading = hanging.text();
    stop.abort();
    await expect(reading).rejects.toThrow();
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
