import { setTimeout as sleep } from "node:timers/promises";
import type { LaunchCheck } from "@charlie/contract";
import type { Settings } from "../../../settings.ts";
import { type Check, NotYet, reasonOf, type SettingName, type World, Wrong } from "./check.ts";
import { scrubber } from "./scrub.ts";

export interface Examined {
  settings: Settings;
  /** What is wrong with a variable, by its name; such a one is not in the settings. */
  faults: ReadonlyMap<string, string>;
}

export interface Surroundings extends Partial<Omit<World, "signal">> {
  /** How long a check may take. */
  patienceMs?: number;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

type Outcome = Pick<LaunchCheck, "state" | "found" | "todo">;

/** What can be told before anybody is asked; `null` where the check can look. */
function before({ variables, reads, needed }: Check, { settings, faults }: Examined): Outcome | null {
  const wrong = [...variables, ...reads].filter((name) => faults.has(name));
  if (wrong.length > 0) {
    const found = wrong.map((name) => `${name} ${faults.get(name)}`).join("; ");
    return { state: "failed", found, todo: `Put the right value into ${listed(wrong)}.` };
  }
  const absent = variables.filter((name: SettingName) => settings[name] === undefined);
  if (absent.length === 0) return null;
  const found = `${listed(absent)} ${absent.length === 1 ? "is" : "are"} not set`;
  // Half of what belongs together is a slip, not a choice.
  if (!needed && absent.length === variables.length) return { state: "unused", found, todo: null };
  return { state: "missing", found, todo: `npm run setup asks for ${absent.length === 1 ? "it" : "them"}.` };
}

async function look(
  check: Check,
  settings: Settings,
  { patienceMs = 15_000, ...places }: Surroundings,
): Promise<Outcome> {
  const over = new AbortController();
  const late = sleep(patienceMs, null, { signal: over.signal }).then(
    () => {
      throw new Wrong(`No answer within ${patienceMs / 1_000} s`, "Look whether it can be reached from this machine.");
    },
    () => "",
  );
  try {
    const world = { ports: { http: 80, https: 443 }, ...places, signal: over.signal };
    return { state: "ok", found: await Promise.race([check.run(settings, world), late]), todo: null };
  } catch (error) {
    if (error instanceof NotYet)
      return { state: check.needed ? "missing" : "unused", found: error.message, todo: error.todo };
    if (error instanceof Wrong) return { state: "failed", found: error.message, todo: error.todo };
    return { state: "failed", found: reasonOf(error), todo: "Look at what it says, then check again." };
  } finally {
    over.abort();
  }
}

/** Runs all checks at once, each with a time-out. Never throws, and tells no secret. */
export function runChecks(
  checks: readonly Check[],
  examined: Examined,
  surroundings: Surroundings = {},
): Promise<LaunchCheck[]> {
  const scrub = scrubber(examined.settings);
  // A copy: what belongs to one run is remembered by it.
  const settings = { ...examined.settings };
  return Promise.all(
    checks.map(async (check): Promise<LaunchCheck> => {
      const { state, found, todo } = before(check, examined) ?? (await look(check, settings, surroundings));
      const { id, group, looksAt } = check;
      return { id, group, looksAt, state, found: scrub(found), todo: todo === null ? null : scrub(todo) };
    }),
  );
}

/** Whether nothing stands in the way of taking money. */
export const isReady = (results: readonly Pick<LaunchCheck, "state">[]): boolean =>
  results.every(({ state }) => state === "ok" || state === "unused");
