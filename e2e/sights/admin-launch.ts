import type { Launch } from "@charlie/contract";
import { expect } from "@playwright/test";
import { answering, type Sight } from "./sight.ts";

/** One check of each state, and each operation as it may have ended. */
const someLaunch: Launch = {
  checked: {
    at: "2026-11-22T12:00:00.000Z",
    ready: false,
    checks: [
      {
        id: "stripe.catalogue",
        group: "payments",
        looksAt: "Stripe's products, yearly prices and the meter of AI usage are like the plan catalogue",
        state: "failed",
        found:
          "change product charlie_pro (name: Mine → Teach Charlie Pro)\nmake price charlie_team_yearly (790.00 USD a year)",
        todo: "Run npm run stripe:setup, look at what it would change, then again with -- --apply.",
      },
      {
        id: "backups.store",
        group: "backups",
        looksAt: "Backups can be written and read, and not be deleted with this server's key",
        state: "missing",
        found:
          "BACKUP_S3_ENDPOINT, BACKUP_S3_BUCKET, BACKUP_S3_ACCESS_KEY_ID and BACKUP_S3_SECRET_ACCESS_KEY are not set",
        todo: "npm run setup asks for them.",
      },
      {
        id: "database.version",
        group: "database",
        looksAt: "PostgreSQL answers, and is version 17",
        state: "ok",
        found: "PostgreSQL 17.6",
        todo: null,
      },
      {
        id: "watching.sentry",
        group: "watching",
        looksAt: "Sentry takes a test event",
        state: "unused",
        found: "SENTRY_DSN is not set",
        todo: null,
      },
    ],
  },
  operations: [
    {
      name: "backup",
      endedAt: "2026-11-22T02:00:00.000Z",
      ok: false,
      lastWellAt: "2026-11-21T02:00:00.000Z",
      detail: { error: "upload: the storage answers 403 after 12,345 bytes" },
    },
    {
      name: "certificate",
      endedAt: "2026-11-22T03:00:00.000Z",
      ok: true,
      lastWellAt: "2026-11-22T03:00:00.000Z",
      detail: {},
    },
  ],
};

/** The operator's list of what has to be in order before money is taken. */
export const launchSights: readonly Sight[] = [
  {
    name: "admin-launch-never",
    who: "operator",
    route: "/admin/launch",
    path: "/admin/launch",
    ready: async (page) => {
      await answering(page, "launch", { checked: null, operations: [] });
      await expect(page.getByRole("button", { name: "Check now" })).toBeVisible();
    },
  },
  {
    name: "admin-launch",
    who: "operator",
    path: "/admin/launch",
    ready: async (page) => {
      await answering(page, "launch", someLaunch);
      await expect(page.getByRole("heading", { name: "Not used" })).toBeVisible();
    },
  },
];
