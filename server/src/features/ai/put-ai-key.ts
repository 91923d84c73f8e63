import type { AiKey, KeyProvider } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { aiKeys } from "../../db/schema/ai.ts";
import { AppError, badRequest, unavailable } from "../../errors.ts";
import { listModels, type Connection, type ModelListing } from "../../integrations/ai/index.ts";
import { audit } from "../workspaces/index.ts";
import { presentKey } from "./get-ai-keys.ts";
import { brainFacts } from "./models.ts";
import { placeOf } from "./resolve-brain.ts";
import type { AiServices } from "./services.ts";
import { isHosted } from "./sources.ts";

/** How long a provider may take to say whether a key is right, in milliseconds. */
const checkTimeoutMs = 15_000;
/** How many of a server's models "More" offers; the others can be typed. */
const mostModels = 50;

function connectionOf(
  provider: KeyProvider,
  key: string,
  baseUrl: string | undefined,
  services: AiServices,
): Connection {
  if (isHosted(provider)) {
    if (baseUrl !== undefined)
      throw badRequest("address_not_needed", `${brainFacts[provider].name} needs no address; leave it empty.`);
    return { provider, apiKey: key, baseUrl: services.hosted[provider].baseUrl, fetch };
  }
  if (baseUrl === undefined) {
    const message = "Give the address of your server too. It usually ends in /v1.";
    throw new AppError(400, "address_missing", message, [{ path: "baseUrl", message }]);
  }
  const url = new URL(baseUrl);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw badRequest("address_refused", "Give the plain address of your server, without a password, ? or #.");
  }
  return { provider, apiKey: key, baseUrl: baseUrl.replace(/\/+$/, ""), fetch: services.guardedFetch };
}

const refusals: Record<Extract<ModelListing, { ok: false }>["why"], (name: string) => AppError> = {
  refused: (name) =>
    badRequest("key_refused", `${name} did not accept this key. Check that it was copied whole and is still active.`),
  not_a_provider: () => badRequest("address_refused", "No AI server answers at this address. It usually ends in /v1."),
  forbidden_address: () =>
    badRequest(
      "address_refused",
      "This address cannot be used: it has to begin with https:// and be reachable from the internet.",
    ),
  unreachable: (name) =>
    unavailable(
      "provider_unreachable",
      `${name} cannot be reached right now, so the key was not saved. Try again in a moment.`,
    ),
};

/**
 * Saves the workspace's key for a provider, after asking the provider whether it is right. It is stored encrypted and
 * never comes back. Throws 400 key_refused, address_missing, address_refused, address_not_needed; 503 provider_unreachable.
 */
export async function putAiKey(
  ctx: Ctx,
  provider: KeyProvider,
  { key, baseUrl }: { key: string; baseUrl?: string | undefined },
  services: AiServices,
): Promise<AiKey> {
  needRole(ctx, "admin");
  const connection = connectionOf(provider, key, baseUrl, services);
  // Outside the transaction: a provider may take seconds, and a connection to the database should not wait for it.
  const listing = await listModels(connection, checkTimeoutMs);
  if (!listing.ok) throw refusals[listing.why](brainFacts[provider].name);
  const row = {
    workspaceId: ctx.workspaceId,
    provider,
    ciphertext: services.vault.seal(key, placeOf(ctx.workspaceId, provider)),
    lastFour: key.slice(-4),
    baseUrl: isHosted(provider) ? null : connection.baseUrl,
    models: isHosted(provider) ? [] : listing.models.filter((model) => model.length <= 200).slice(0, mostModels),
    checkedAt: new Date(),
  };
  return ctx.transaction(async (tx, inner) => {
    const [saved = row] = await tx
      .insert(aiKeys)
      .values(row)
      .onConflictDoUpdate({ target: [aiKeys.workspaceId, aiKeys.provider], set: row })
      .returning();
    await audit(tx, inner, "ai_key.saved", provider, { provider, lastFour: row.lastFour });
    return presentKey(saved);
  });
}
