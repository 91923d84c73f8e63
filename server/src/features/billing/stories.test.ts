import * as fc from "fast-check";
import { test } from "vitest";
import { expectTruth } from "../../../test/stories/expect-truth.ts";
import { stories } from "../../../test/stories/life-stories.ts";
import { play } from "../../../test/stories/play.ts";
import { journeys, replay } from "../../../test/stories/replay.ts";

// Each story is played once on a local Stripe, and all that Stripe answered at each of its moments is kept. Then it is
// lived through again and again in no time: each time its events arrive in another order, late, doubled or not at all,
// and one reconciliation follows.
const seeds = 200;

test.concurrent.each(Object.entries(stories))(
  "who %s: whatever way the events come, Charlie ends where Stripe stands",
  { timeout: 300_000 },
  async (_name, story) => {
    const played = await play(story);
    try {
      await fc.assert(
        fc.asyncProperty(journeys(played), async (journey) =>
          expectTruth(played, story, journey, await replay(played, journey)),
        ),
        { numRuns: seeds },
      );
    } finally {
      await played.stage.close();
    }
  },
);
