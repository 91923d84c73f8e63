import type { BrainProvider, KeyProvider, PlanId } from "@charlie/contract";
import { eq } from "drizzle-orm";
import type { Ctx } from "../../context.ts";
import { aiKeys } from "../../db/schema/ai.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { brainFacts } from "./models.ts";
import type { AiServices, HostedProvider } from "./services.ts";

/** A key as the workspace saved it, sealed. */
export type SavedKey = Pick<typeof aiKeys.$inferSelect, "provider" | "ciphertext" | "baseUrl" | "models">;

/** Where the brains of a workspace can get their keys. */
export interface Sources {
  workspaceId: string;
  own: Map<KeyProvider, SavedKey>;
  /** May the operator's keys be used: always on paid plans, on Free where there is an allowance; both up to the spend cap. */
  operator: boolean;
}

/** Which keys a workspace can use, by what was read of it. */
export const sourcesOf = (
  { workspaceId, plan, keys }: { workspaceId: string; plan: PlanId; keys: readonly SavedKey[] },
  services: Pick<AiServices, "freeAllowanceMicros">,
): Sources => ({
  workspaceId,
  own: new Map(keys.map((key) => [key.provider, key])),
  operator: plan !== "free" || services.freeAllowanceMicros > 0,
});

/** Reads which keys a workspace can use now. */
export const findSources = (ctx: Ctx, services: AiServices): Promise<Sources> =>
  ctx.transaction(async (tx) => {
    const { workspaceId } = ctx;
    const rows = await tx.select({ plan: workspaces.plan }).from(workspaces).where(eq(workspaces.id, workspaceId));
    const keys = await tx.select().from(aiKeys);
    return sourcesOf({ workspaceId, plan: rows[0]?.plan ?? "free", keys }, services);
  });

export const isHosted = (provider: BrainProvider): provider is HostedProvider =>
  provider === "openai" || provider === "anthropic";

/** Which key a provider would be asked with now. */
export function sourceOf(
  provider: BrainProvider,
  sources: Sources,
  services: AiServices,
): "built_in" | "own_key" | "operator" | "none" {
  if (provider === "offline") return "built_in";
  if (sources.own.has(provider)) return "own_key";
  const operated = isHosted(provider) && services.hosted[provider].operatorKey !== null && sources.operator;
  return operated ? "operator" : "none";
}

/** The models that can be offered: a server's own list, or a few well-known ones. The first is the default. */
export function modelsOf(provider: BrainProvider, sources: Sources): readonly string[] {
  return provider === "compatible" ? (sources.own.get(provider)?.models ?? []) : brainFacts[provider].models;
}

/**
 * What `auto` means now: the workspace's own key, else the operator's, else the offline brain. Of several the first in
 * the order OpenAI, Anthropic, compatible server; one without a model to take is passed over.
 */
export function autoProvider(sources: Sources, services: AiServices): BrainProvider {
  const candidates = ["openai", "anthropic", "compatible"] as const;
  for (const wanted of ["own_key", "operator"] as const) {
    const found = candidates.find(
      (provider) => sourceOf(provider, sources, services) === wanted && modelsOf(provider, sources).length > 0,
    );
    if (found) return found;
  }
  return "offline";
}
