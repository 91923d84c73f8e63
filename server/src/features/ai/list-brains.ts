import { brainProviders, type Brain, type BrainProvider } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { brainFacts } from "./models.ts";
import type { AiServices } from "./services.ts";
import { autoProvider, findSources, isHosted, modelsOf, sourceOf } from "./sources.ts";

/** The brains that this workspace can choose for its agents, and what `auto` means now. */
export async function listBrains(ctx: Ctx, services: AiServices): Promise<{ brains: Brain[]; auto: BrainProvider }> {
  needRole(ctx, "viewer");
  const sources = await findSources(ctx, services);
  const brains = brainProviders.map((provider): Brain => {
    const source = sourceOf(provider, sources, services);
    // On the operator's key only what has a price is offered.
    const models = modelsOf(provider, sources).filter(
      (model) => source !== "operator" || (isHosted(provider) && services.prices.has(provider, model)),
    );
    return { provider, name: brainFacts[provider].name, source, models, defaultModel: models[0] ?? null };
  });
  return { brains, auto: autoProvider(sources, services) };
}
