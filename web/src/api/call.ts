import { type EndpointDefinition, type EndpointInput, type EndpointOutput, pathOf } from "@charlie/contract";
import { CallError, readProblem } from "./problem.ts";
import { fetchSignedIn } from "./signed-in.ts";

interface CallOptions {
  signal?: AbortSignal;
  /**
   * For a POST that must not happen twice: it carries an `Idempotency-Key`. Where no answer came at all, the same
   * request sent again carries the same key, so that the server does it once.
   */
  once?: boolean;
}

/** Keys of requests that have had no answer yet, by what they ask for. */
const unanswered = new Map<string, string>();

function queryOf(query: Record<string, unknown> | undefined): string {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return "";
  return `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()}`;
}

/**
 * Calls an endpoint of the contract in the caller's workspace.
 * Throws `CallError` where the server says no, and what `fetch` throws where no answer came or the call was aborted.
 */
export async function call<E extends EndpointDefinition>(
  endpoint: E,
  input: EndpointInput<E>,
  { signal, once = false }: CallOptions = {},
): Promise<EndpointOutput<E>> {
  const url = pathOf(endpoint, input.params) + queryOf(input.query);
  const headers: Record<string, string> = { accept: "application/json" };
  const body = input.body === undefined ? null : JSON.stringify(input.body);
  if (body !== null) headers["content-type"] = "application/json";
  const request = `${endpoint.method} ${url}\n${body ?? ""}`;
  if (once) {
    const key = unanswered.get(request) ?? crypto.randomUUID();
    unanswered.set(request, key);
    headers["idempotency-key"] = key;
  }
  const response = await fetchSignedIn(url, { method: endpoint.method, headers, body, signal: signal ?? null });
  unanswered.delete(request);
  if (!response.ok) throw await readProblem(response);
  // The server checks its answers against the same schemas; checking them again here would only cost time.
  return (response.status === 204 ? null : await response.json()) as EndpointOutput<E>;
}

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Every item of a keyset-paginated list, page after page of 100. */
export async function everyPage<T>(read: (page: { limit: number; cursor?: string }) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read({ limit: 100, ...(cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** Trying again helps against a broken connection and a tired server, not against a no. */
export const worthRetrying = (failures: number, error: unknown): boolean =>
  failures < 2 && (!(error instanceof CallError) || error.problem.status >= 500);
