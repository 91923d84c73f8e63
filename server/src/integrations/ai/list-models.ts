import { storable } from "@charlie/contract";
import { z } from "zod";
import type { Connection } from "./providers.ts";

const modelList = z.object({ data: z.array(z.object({ id: z.string() })) });

/** The provider's models, or why it did not tell them. */
export type ModelListing =
  | { ok: true; models: string[] }
  | { ok: false; why: "refused" | "unreachable" | "not_a_provider" | "forbidden_address" };

const headersOf = ({ provider, apiKey }: Connection): Record<string, string> =>
  provider === "anthropic"
    ? { "x-api-key": apiKey, "anthropic-version": "2023-06-01" }
    : { authorization: `Bearer ${apiKey}` };

/**
 * Asks a provider for its models that can be stored (`GET /models`, the same for all of them): the cheapest call that needs a valid key.
 * Waits at most `timeoutMs`. Never throws; what the provider wrote is not passed on, as it may repeat the key.
 */
export async function listModels(connection: Connection, timeoutMs: number): Promise<ModelListing> {
  try {
    const response = await connection.fetch(`${connection.baseUrl.replace(/\/+$/, "")}/models`, {
      headers: headersOf(connection),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 401 || response.status === 403) return { ok: false, why: "refused" };
    if (response.status === 429 || response.status >= 500) return { ok: false, why: "unreachable" };
    if (!response.ok) return { ok: false, why: "not_a_provider" };
    const list = modelList.safeParse(JSON.parse(await response.text()));
    return list.success
      ? { ok: true, models: list.data.data.map(({ id }) => id).filter(storable) }
      : { ok: false, why: "not_a_provider" };
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false, why: "not_a_provider" };
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "BODY_TOO_LONG") return { ok: false, why: "not_a_provider" };
    return { ok: false, why: code === "FORBIDDEN_ADDRESS" ? "forbidden_address" : "unreachable" };
  }
}
