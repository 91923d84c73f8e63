import { inject, onTestFinished } from "vitest";
import { otherThan, servingColour, type Colour } from "../../deploy/test/colours.ts";
import { run } from "../../deploy/test/engine.ts";
import { bringUp, type Shared } from "../../deploy/test/shared-stack.ts";
import type { Stack } from "../../deploy/test/stack.ts";
import { openWayIn } from "../../deploy/test/way-in.ts";
import { openDatabase } from "../../server/src/db/client.ts";
import { sweepAnswers } from "../../server/src/features/chat/sweep.ts";
import { makeLog } from "../../server/src/log.ts";
import { teach } from "../../server/test/chat.ts";
import { signUpAt } from "../../server/test/sign-up.ts";
import { runJob, type Place } from "../place.ts";
import { untilReady } from "../work.ts";

/** The stack as a place of faults: both colours run, the one that serves is reached through nginx. */
export interface StackPlace extends Place {
  shared: Shared;
  databaseUrl: string;
  stack: Stack;
  /** The services of the colour that serves, and of the other one. */
  serving: string;
  other: string;
}

/** Ends all processes of a container but its init at once, as a power cut would; what happens then is Docker's affair. */
export const crash = async (container: string): Promise<void> =>
  void (await run("docker", ["exec", container, "sh", "-c", "kill -KILL -1"]));

/** What Docker knows of a container's life. */
export async function lifeOf(container: string): Promise<{ restarts: number; startedAt: string }> {
  const { output } = await run("docker", ["inspect", "--format", "{{.RestartCount}} {{.State.StartedAt}}", container]);
  const [restarts = "", startedAt = ""] = output.trim().split(" ");
  return { restarts: Number(restarts), startedAt };
}

/** Servers of a stack that runs, the way to each of them, and its database. All is closed after the test. */
export async function placeOn(
  stack: Stack,
  ways: readonly ("nginx" | Colour)[],
): Promise<Place & { databaseUrl: string }> {
  const opened = await Promise.all(ways.map((way) => openWayIn(stack, way)));
  const urls = opened.map(({ url }) => url);
  const { POSTGRES_PASSWORD: password, DATA_NET: net } = stack.settings;
  const databaseUrl = `postgres://charlie:${password}@${net}.10:5432/charlie`;
  const db = openDatabase(databaseUrl, { onError: () => {} });
  onTestFinished(async () => {
    for (const way of opened) await way.close();
    await db.close();
  });
  await untilReady({ urls });
  return {
    db,
    databaseUrl,
    seeds: 3,
    urls,
    signUp: (options) => signUpAt(urls.at(-1) ?? "", db, options),
    teach: (client) => teach(client, "openai", "echo"),
    sweep: async () => void (await sweepAnswers({ db, log: makeLog("silent") })),
  };
}

/** The shared stack with both colours, whose worker does what is to be done. */
export async function openPlace(): Promise<StackPlace> {
  const shared = inject("shared");
  const stack = await bringUp(shared);
  const serving = servingColour(stack);
  const other = otherThan(serving);
  await stack.compose("--profile", "green", "up", "--detach", "--wait", `app_${serving}`, `app_${other}`);
  const place = await placeOn(stack, ["nginx", other]);
  const sweep = () => runJob(place.db, "sweep_answers", {});
  return { ...place, sweep, shared, stack, serving: `app_${serving}`, other: `app_${other}` };
}

/** What a stand-in on this machine has to listen at, so that containers find it. */
export const forContainers = (port: number): { host: string; port: number } => ({ host: "0.0.0.0", port });
