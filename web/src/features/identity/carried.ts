import type { createCheckout } from "@charlie/contract";
import type { z } from "zod";

/** A plan that is paid for. */
export type PaidPlan = z.infer<typeof createCheckout.body>["plan"];

/** The plan somebody chose before they had an account, as the address carries it along. */
export const paidPlan = (value: unknown): PaidPlan | undefined =>
  value === "pro" || value === "team" ? value : undefined;
