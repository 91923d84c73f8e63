import type { PlanId } from "@charlie/contract";
import { eq } from "drizzle-orm";
import { asOperator } from "../src/db/client.ts";
import { workspaces } from "../src/db/schema/workspaces.ts";
import { fitToPlan, type Counts } from "../src/features/plans/index.ts";
import type { Client } from "./client.ts";
import type { TestApp } from "./harness.ts";

/** Changes somebody's plan as a sync with Stripe does. Returns what is frozen then. */
export const fallTo = (
  { db }: Pick<TestApp, "db">,
  { workspaceId }: Pick<Client, "workspaceId">,
  plan: PlanId,
): Promise<Counts> =>
  asOperator(db, async (tx) => {
    await tx.update(workspaces).set({ plan }).where(eq(workspaces.id, workspaceId));
    return fitToPlan(tx, { actor: { type: "system", name: "test" }, workspaceId }, plan);
  });
