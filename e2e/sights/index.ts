import { launchSights } from "./admin-launch.ts";
import { adminSights } from "./admin.ts";
import { insideSights } from "./inside.ts";
import { moneySights } from "./money.ts";
import { publicSights } from "./public.ts";
import { usageSights } from "./usage.ts";

/** Every page of the service, and the states of pages that people see often or when it matters. */
export const sights = [
  ...publicSights,
  ...insideSights,
  ...moneySights,
  ...usageSights,
  ...adminSights,
  ...launchSights,
];
