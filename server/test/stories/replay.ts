import * as fc from "fast-check";
import { workedEvents } from "../../src/features/billing/event-kinds.ts";
import { reconcile, type Reconciled } from "../../src/features/billing/reconcile.ts";
import { deliver, drain, startAnew, type Letter, type Played } from "./play.ts";

/** What becomes of one event on its way. */
export interface Fate {
  dropped: boolean;
  twice: boolean;
  /** Whether it arrives although nothing is done with its kind; few of those do, for the sake of the test's speed. */
  idle: boolean;
  /** Moments by which it is late. */
  late: number;
  /** Its places among what arrives at the same moment, for each copy. */
  places: [number, number];
}

export interface Journey {
  fates: Fate[];
  /** How many arrive before the queue gets to work, which may be moments later. */
  batch: number;
  /** Stripe's list of events has forgotten all of them when the reconciliation asks. */
  forgotten: boolean;
  /** A second reconciliation follows, which must find nothing to do. */
  again: boolean;
}

const place = fc.integer({ min: 0, max: 1_000 });
const fate: fc.Arbitrary<Fate> = fc.record({
  dropped: fc.boolean(),
  twice: fc.nat({ max: 2 }).map((number) => number === 0),
  idle: fc.nat({ max: 4 }).map((number) => number === 0),
  late: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 3 }) }),
  places: fc.tuple(place, place),
});

/** Any way in which the events of a story may arrive. */
export const journeys = ({ moments }: Played): fc.Arbitrary<Journey> => {
  const count = moments.reduce((sum, { letters }) => sum + letters.length, 0);
  return fc.record({
    fates: fc.array(fate, { minLength: count, maxLength: count }),
    batch: fc.integer({ min: 1, max: 12 }),
    forgotten: fc.boolean(),
    again: fc.nat({ max: 3 }).map((number) => number === 0),
  });
};

/** What arrives at each moment, in its order. */
function arrivals({ moments }: Played, { fates }: Journey): Letter[][] {
  const last = moments.length - 1;
  const waiting = moments.map((): { letter: Letter; at: number }[] => []);
  let index = 0;
  for (const [moment, { letters }] of moments.entries()) {
    for (const letter of letters) {
      const fated = fates[index];
      index += 1;
      if (!fated || fated.dropped || !(fated.idle || workedEvents.includes(letter.type))) continue;
      const [first, second] = fated.places;
      waiting[Math.min(moment + fated.late, last)]?.push({ letter, at: first });
      if (fated.twice) waiting[Math.min(moment + Math.max(fated.late, second % 3), last)]?.push({ letter, at: second });
    }
  }
  return waiting.map((some) => some.toSorted((a, b) => a.at - b.at).map(({ letter }) => letter));
}

export interface Replayed {
  delivered: Set<string>;
  /** What the reconciliation did, and a second one right after it. */
  reconciled: Reconciled;
  again: Reconciled | null;
}

/** Lives through a story's moments again, with the events on the given journey, and ends with a reconciliation. */
export async function replay(played: Played, journey: Journey): Promise<Replayed> {
  const { stage, moments } = played;
  const { tape, services } = stage;
  await startAnew(stage);
  tape.changes = [];
  tape.forgetEvents = journey.forgotten;
  const delivered = new Set<string>();
  let waiting = 0;
  for (const [moment, letters] of arrivals(played, journey).entries()) {
    const truth = moments[moment]?.truth;
    if (truth) tape.play(truth);
    for (const letter of letters) {
      delivered.add(letter.id);
      await deliver(stage, letter);
      waiting += 1;
      if (waiting % journey.batch === 0) await drain(stage);
    }
  }
  await drain(stage);
  const reconciled = await reconcile(services);
  if (reconciled.recovered > 0) await drain(stage);
  const again = journey.again ? await reconcile(services) : null;
  if (again && again.recovered > 0) await drain(stage);
  return { delivered, reconciled, again };
}
