import type { LaunchGroup } from "@charlie/contract";
import type { Settings } from "../../../settings.ts";

export type SettingName = keyof Settings;

/** Where a check looks, beside what the settings say. Tests and local stand-ins live elsewhere than the real ones. */
export interface World {
  /** Set off when the check has taken too long. */
  signal: AbortSignal;
  /** The local Stripe, or another server that speaks its protocol; without it, Stripe itself. */
  stripe?: { host: string; port: number };
  /** Where the world reaches this service. */
  ports: { http: number; https: number };
}

export interface Check {
  id: string;
  group: LaunchGroup;
  /** What it looks at, in plain words. */
  looksAt: string;
  /** Without all of these it cannot look. */
  variables: readonly SettingName[];
  /** Read where they are set. */
  reads: readonly SettingName[];
  /** Whether a service that takes money can do without. */
  needed: boolean;
  /** What was found, where all is well. Throws a Wrong where it is not. */
  run: (settings: Settings, world: World) => Promise<string>;
}

/** Something is not as it has to be. Says what was found, and what to do about it. */
export class Wrong extends Error {
  readonly todo: string;
  constructor(found: string, todo: string, cause?: unknown) {
    super(found, { cause });
    this.todo = todo;
  }
}

/** There is nothing to look at yet; not wrong, but not done. */
export class NotYet extends Wrong {}

type With<Name extends SettingName> = Settings & { [Each in Name]: NonNullable<Settings[Each]> };

/** Declares a check; it runs only where its variables are set. */
export const check = <Name extends SettingName>({
  reads = [],
  needed = true,
  run,
  ...rest
}: Pick<Check, "id" | "group" | "looksAt"> & {
  variables: readonly Name[];
  reads?: readonly SettingName[];
  needed?: boolean;
  run: (settings: With<Name>, world: World) => Promise<string>;
}): Check => ({
  ...rest,
  reads,
  needed,
  // The runner has seen that they are there.
  run: (settings, world) => run(settings as With<Name>, world),
});

/** What a program tells of an error, in a few words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch hides why under `cause`, and Node's happy eyeballs hides it deeper still.
  const { cause } = error;
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (cause instanceof Error) return reasonOf(cause);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return error.message || code || error.name;
}

/**
 * Asks a service over HTTP. Throws a Wrong where it does not answer. `what` is how people call it.
 */
export async function ask(what: string, address: string | URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { redirect: "manual", ...init });
  } catch (error) {
    throw new Wrong(
      `${what} cannot be reached: ${reasonOf(error)}`,
      "Look whether the address is right and whether this machine may connect to it.",
      error,
    );
  }
}
