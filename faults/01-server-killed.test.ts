import { test } from "vitest";
import { startTestApp } from "../server/test/harness.ts";
import { startHeldProvider } from "../server/test/held-provider.ts";
import { startServerProcess, type ServerProcess } from "../server/test/server-process.ts";
import { onProcesses } from "./place.ts";
import { serverKilled } from "./scenarios/server-killed.ts";

test("a server killed in the midst of answers: readers get a clear end, and what did not come is given back", async () => {
  const app = await startTestApp();
  const provider = await startHeldProvider();
  let running: ServerProcess | null = null;
  // A server that starts looks for answers that went silent; nobody else does here.
  const place = { ...onProcesses(app, [], provider, "held"), sweep: async () => {} };
  await serverKilled(place, provider, {
    url: async () => (running ??= await startServerProcess(app.databaseUrl)).url,
    kill: async () => {
      await running?.kill();
      running = null;
    },
  });
  await provider.close();
  await app.close();
});
