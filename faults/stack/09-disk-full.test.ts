import { join } from "node:path";
import { onTestFinished, test } from "vitest";
import { must, root } from "../../deploy/test/engine.ts";
import { testTag } from "../../deploy/test/images.ts";
import { makeStack, openStack } from "../../deploy/test/stack.ts";
import { startProviderStandIn } from "../../server/test/stand-ins/providers.ts";
import { diskFull } from "../scenarios/disk-full.ts";
import { forContainers, placeOn } from "./place.ts";

// A stack of its own, without what it does not need: its disk is small, and in memory.

test("the disk fills up under load: what can't be kept is refused and not counted, what was acknowledged is there", async () => {
  const provider = await startProviderStandIn(forContainers(0));
  const { port } = new URL(provider.url);
  const { facts, close } = await makeStack({
    tag: testTag,
    settings: { OPENAI_BASE_URL: `http://host.docker.internal:${port}/v1`, RATE_LIMIT_SCALE: "0" },
    extra: [join(root, "deploy/test/small-disk.yml")],
  });
  onTestFinished(close);
  const stack = openStack(facts);
  await stack.compose("up", "--detach", "--wait", "keeper", "app_blue");
  const onDisk = (command: string) => must("docker", ["exec", stack.container("keeper"), "sh", "-c", command]);
  await diskFull(await placeOn(stack, ["blue"]), async (left) => {
    await onDisk(`dd if=/dev/zero of=/disk/ballast bs=64k status=none 2>&- || truncate --size=-${left} /disk/ballast`);
    // Where even its log found no room it ended itself, and Docker starts it again.
    return async () => void (await onDisk("rm /disk/ballast"));
  });
  await provider.close();
});
