import { z } from "zod";
import { endpoint, time } from "../endpoint.ts";

/** What is looked at before money is taken, in the order it is shown. */
export const launchGroups = [
  "address",
  "settings",
  "database",
  "redis",
  "payments",
  "mail",
  "signIn",
  "ai",
  "watching",
  "backups",
  "lately",
] as const;
export type LaunchGroup = (typeof launchGroups)[number];

/** What each group is called, wherever the list is shown. */
export const launchGroupNames: Record<LaunchGroup, string> = {
  address: "Address and certificate",
  settings: "Settings",
  database: "Database",
  redis: "Redis",
  payments: "Payments",
  mail: "Mail",
  signIn: "Sign-in",
  ai: "AI",
  watching: "Watching",
  backups: "Backups",
  lately: "Done lately",
};

export const launchCheck = z
  .object({
    id: z.string(),
    group: z.enum(launchGroups),
    /** In plain words. */
    looksAt: z.string(),
    /** `missing`: needed, and not set or not done yet; `unused`: not set, and not needed. */
    state: z.enum(["ok", "missing", "failed", "unused"]),
    found: z.string(),
    /** What to do about it. */
    todo: z.string().nullable(),
  })
  .meta({ id: "LaunchCheck" });
export type LaunchCheck = z.infer<typeof launchCheck>;

export const operationNames = ["backup", "restore_check", "certificate"] as const;

export const launch = z
  .object({
    /** The newest run; `null` before the first. */
    checked: z
      .object({
        at: time,
        /** Nothing failed, and nothing that is needed is missing. */
        ready: z.boolean(),
        checks: z.array(launchCheck),
      })
      .nullable(),
    /** What was done to the service: how it ended last, and when it last went well. */
    operations: z.array(
      z.object({
        name: z.enum(operationNames),
        endedAt: time,
        ok: z.boolean(),
        lastWellAt: time.nullable(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: "Launch" });
export type Launch = z.infer<typeof launch>;

const operator = { access: "operator", tag: "Operator" } as const;

export const getLaunch = endpoint({
  ...operator,
  method: "GET",
  path: "/api/v1/admin/launch",
  summary:
    "What the newest check of settings and outside services found, and the newest backup, restore and certificate",
  response: launch,
});

export const checkLaunch = endpoint({
  ...operator,
  repeats: "outside",
  method: "POST",
  path: "/api/v1/admin/launch/check",
  summary: "Look at every setting and every outside service again; takes up to a quarter of a minute",
  response: launch,
});
