import type { AnswerStarted, AnswerUsage, Failure, MessageState } from "@charlie/contract";
import { createUIMessageStream, type InferUIMessageChunk, type UIMessage } from "ai";
import { chatFailures, type Ending } from "./types.ts";

/** An answer as `useChat` sees it; `metadata.state` comes with the end. */
export type AnswerMessage = UIMessage<
  { state: MessageState },
  { started: AnswerStarted; usage: AnswerUsage; failure: Failure }
>;

type Follow = (onText: (delta: string) => void) => Promise<Ending | null>;

/**
 * An answer as a stream of parts: `start`, `data-started`, text, then on a failure `data-failure` and `error` (the same
 * sentence), on an answer that counts `data-usage`, and `finish` with the state. A stop before any text is no error.
 * Where `follow` gives null there is no `finish`: the reader comes back by joining the answer again.
 */
export function answerStream(
  place: AnswerStarted,
  follow: Follow,
  onFault: (error: unknown) => void,
): ReadableStream<InferUIMessageChunk<AnswerMessage>> {
  return createUIMessageStream<AnswerMessage>({
    onError: (error) => {
      onFault(error);
      return "Something broke on our side. Please load this page again to see where Charlie is.";
    },
    execute: async ({ writer }) => {
      writer.write({ type: "start", messageId: place.messageId });
      writer.write({ type: "data-started", data: place });
      let open = false;
      const ending = await follow((delta) => {
        if (!open) writer.write({ type: "text-start", id: "answer" });
        open = true;
        writer.write({ type: "text-delta", id: "answer", delta });
      });
      if (open) writer.write({ type: "text-end", id: "answer" });
      if (ending === null) return;
      const { state, failure, usage } = ending;
      if (failure) {
        writer.write({ type: "data-failure", data: failure });
        if (failure.code !== chatFailures.stopped.code) writer.write({ type: "error", errorText: failure.message });
      }
      if (usage) writer.write({ type: "data-usage", data: usage });
      writer.write({ type: "finish", messageMetadata: { state } });
    },
  });
}
