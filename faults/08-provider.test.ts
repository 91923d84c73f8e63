import { test } from "vitest";
import { startTestApp } from "../server/test/harness.ts";
import { startProviderStandIn } from "../server/test/stand-ins/providers.ts";
import { onProcesses } from "./place.ts";
import { providerTroubled } from "./scenarios/provider.ts";

test("a provider that hangs, refuses, or breaks off: what was told is what is stored and what is counted", async () => {
  // A hanging provider is waited for this long, so that the test does not last for minutes.
  const timeouts = { firstTextMs: 1_500, betweenMs: 1_500, wholeMs: 6_000 };
  const first = await startTestApp({ deps: { brainTimings: { timeouts } } });
  const second = await startTestApp({ databaseUrl: first.databaseUrl, deps: { brainTimings: { timeouts } } });
  const provider = await startProviderStandIn();
  await providerTroubled(onProcesses(first, [first.url, second.url], provider));
  await second.close();
  await first.close();
  await provider.close();
});
