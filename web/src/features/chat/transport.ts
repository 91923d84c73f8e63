import { joinStream, pathOf, sendMessage } from "@charlie/contract";
import { DefaultChatTransport } from "ai";
import { readProblem } from "../../api/problem.ts";
import { fetchSignedIn } from "../../api/signed-in.ts";
import type { ChatMessage } from "./messages.ts";

/** What is posted for a question. `replaces` names the last question when it is asked again or edited. */
export interface Ask {
  text: string;
  conversationId?: string;
  replaces?: string;
}

const pausesMs = [400, 1_500, 4_000];
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * `fetch` that tries again where no answer came at all, and turns a refusal into `CallError`. Trying again is safe: a
 * question carries the same `Idempotency-Key` each time, so the server counts it once and joins us to its answer.
 */
async function patientFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  for (let tries = 0; ; tries += 1) {
    try {
      const response = await fetchSignedIn(input, init);
      if (response.ok) return response;
      throw await readProblem(response);
    } catch (error) {
      const wait = pausesMs[tries];
      if (!(error instanceof TypeError) || wait === undefined || init?.signal?.aborted) throw error;
      await pause(wait);
    }
  }
}

/** The page's end of `POST /agents/:id/messages` and `GET /messages/:id/stream`, for `useChat`. */
export function makeTransport(agentId: string): DefaultChatTransport<ChatMessage> {
  return new DefaultChatTransport<ChatMessage>({
    api: pathOf(sendMessage, { id: agentId }),
    fetch: patientFetch,
    prepareSendMessagesRequest: ({ body, headers }) => ({
      body: body ?? {},
      ...(headers && { headers }),
    }),
    prepareReconnectToStreamRequest: ({ body }) => ({ api: pathOf(joinStream, { id: body?.["messageId"] }) }),
  });
}
