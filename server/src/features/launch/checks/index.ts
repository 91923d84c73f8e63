import { addressChecks } from "./address.ts";
import { aiChecks } from "./ai.ts";
import { backupChecks } from "./backups.ts";
import type { Check } from "./check.ts";
import { databaseChecks } from "./database.ts";
import { latelyChecks } from "./lately.ts";
import { mailChecks } from "./mail.ts";
import { paymentChecks } from "./payments.ts";
import { redisChecks } from "./redis.ts";
import { settingsChecks } from "./settings.ts";
import { signInChecks } from "./sign-in.ts";
import { watchingChecks } from "./watching.ts";

const outside = [
  ...databaseChecks,
  ...redisChecks,
  ...paymentChecks,
  ...mailChecks,
  ...signInChecks,
  ...aiChecks,
  ...watchingChecks,
  ...backupChecks,
  ...latelyChecks,
];

/** Everything that is looked at before money is taken, in the order it is shown. */
export const launchChecks: readonly Check[] = [
  ...addressChecks,
  ...settingsChecks([...addressChecks, ...outside]),
  ...outside,
];

export { isReady, runChecks, type Examined } from "./run-checks.ts";
