import type { BrainChoice, KeyProvider } from "@charlie/contract";
import { createOfflineBrain } from "../../embedded/offline-brain/index.ts";
import { conflict } from "../../errors.ts";
import { connectModel } from "../../integrations/ai/index.ts";
import { brainFacts, defaultMaxOutputTokens } from "./models.ts";
import type { AiServices } from "./services.ts";
import { autoProvider, isHosted, modelsOf, sourceOf, type SavedKey, type Sources } from "./sources.ts";
import type { BrainTimeouts, ReadyBrain } from "./types.ts";

/** The offline brain, ready. `pauseMs` between pieces of text makes it stream like the others; 0 answers at once. */
export function offlineBrain(
  { pauseMs, timeouts }: { pauseMs: number; timeouts: BrainTimeouts },
  choice?: Pick<BrainChoice, "maxOutputTokens">,
): ReadyBrain {
  const model = createOfflineBrain({ pauseMs });
  return {
    provider: "offline",
    modelId: model.modelId,
    payer: "nobody",
    model,
    maxOutputTokens: choice?.maxOutputTokens ?? defaultMaxOutputTokens,
    timeouts,
    costMicros: () => 0,
    ownKeyMicros: () => null,
  };
}

/** The text under which a workspace's key for a provider is sealed. */
export const placeOf = (workspaceId: string, provider: KeyProvider): string => `ai_keys/${workspaceId}/${provider}`;

function openKey({ provider, ciphertext }: SavedKey, workspaceId: string, services: AiServices): string {
  try {
    return services.vault.open(ciphertext, placeOf(workspaceId, provider));
  } catch {
    throw conflict(
      "key_unreadable",
      `The saved key for ${brainFacts[provider].name} cannot be read any more. Save it again under Settings, AI keys.`,
    );
  }
}

function withoutKey(provider: KeyProvider): never {
  const { name } = brainFacts[provider];
  throw conflict(
    "key_missing",
    `There is no key for ${name} yet. Save one under Settings, AI keys, or choose another brain under More.`,
  );
}

function modelOf(provider: KeyProvider, choice: BrainChoice, sources: Sources): string {
  // With `auto` the provider can change from day to day, and one provider's model means nothing to the next.
  const model = (choice.provider === "auto" ? null : choice.model) ?? modelsOf(provider, sources)[0];
  if (model) return model;
  throw conflict("model_missing", `Say which model ${brainFacts[provider].name} should use: its name goes under More.`);
}

/**
 * Settles which brain answers and who pays for it: the workspace's own key, else the operator's on a paid plan or where
 * Free has an allowance, else for `auto` the offline brain. Whether its spend cap has room is seen where the question is
 * accepted. Throws 409: key_missing, key_unreadable, model_missing, model_not_priced.
 */
export function resolveBrain(choice: BrainChoice, sources: Sources, services: AiServices): ReadyBrain {
  const { timeouts } = services;
  const offline = () => offlineBrain({ pauseMs: services.offlinePauseMs, timeouts }, choice);
  if (choice.provider === "offline") return offline();
  const provider = choice.provider === "auto" ? autoProvider(sources, services) : choice.provider;
  if (provider === "offline") return offline();

  const modelId = modelOf(provider, choice, sources);
  const settings = {
    provider,
    modelId,
    ...(choice.temperature === null ? {} : { temperature: choice.temperature }),
    maxOutputTokens: choice.maxOutputTokens ?? defaultMaxOutputTokens,
    timeouts,
  };
  const own = sources.own.get(provider);
  const hosted = isHosted(provider) ? services.hosted[provider] : null;
  if (own) {
    const baseUrl = hosted?.baseUrl ?? own.baseUrl ?? "";
    const { workspaceId } = sources;
    // By the sealed key: a question that knows one from before it was replaced or deleted is not accepted.
    const model = services.connected(JSON.stringify([workspaceId, own.ciphertext, baseUrl, modelId]), () => {
      const apiKey = openKey(own, workspaceId, services);
      return connectModel({ provider, apiKey, baseUrl, fetch: hosted ? fetch : services.guardedFetch }, modelId);
    });
    return {
      ...settings,
      payer: "own_key",
      model,
      costMicros: () => 0,
      ownKeyMicros: (use) => (isHosted(provider) ? services.prices.micros(provider, modelId, use) : null),
    };
  }
  if (!isHosted(provider) || !hosted?.operatorKey || sourceOf(provider, sources, services) !== "operator") {
    return withoutKey(provider);
  }
  if (!services.prices.has(provider, modelId)) {
    throw conflict(
      "model_not_priced",
      `Nobody knows the price of the model ${modelId} here, so it needs your own key. Choose another model, or save a key under Settings, AI keys.`,
    );
  }
  const apiKey = hosted.operatorKey;
  return {
    ...settings,
    payer: "operator",
    model: services.connected(JSON.stringify([provider, modelId]), () =>
      connectModel({ provider, apiKey, baseUrl: hosted.baseUrl, fetch }, modelId),
    ),
    costMicros: (use) => {
      const cost = services.prices.micros(provider, modelId, use);
      if (cost === null) throw new Error(`the price of ${modelId} is gone`);
      return cost;
    },
    ownKeyMicros: () => null,
  };
}
