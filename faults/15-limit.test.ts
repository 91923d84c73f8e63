import { test } from "vitest";
import { startTestApp } from "../server/test/harness.ts";
import { startServerProcess } from "../server/test/server-process.ts";
import { startProviderStandIn } from "../server/test/stand-ins/providers.ts";
import { onProcesses } from "./place.ts";
import { limitHolds } from "./scenarios/limit.ts";

test("200 messages at once at a limit of 100, on two servers: exactly as many as are left are answered", async () => {
  const app = await startTestApp();
  const provider = await startProviderStandIn();
  const servers = [await startServerProcess(app.databaseUrl), await startServerProcess(app.databaseUrl)];
  const urls = servers.map(({ url }) => url);
  await limitHolds(onProcesses(app, urls, provider));
  await Promise.all(servers.map((server) => server.terminate()));
  await provider.close();
  await app.close();
});
