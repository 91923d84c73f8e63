import type { AnswerStarted, AnswerUsage, Failure, MessageState } from "@charlie/contract";
import type { UIMessage } from "ai";
import type { WritePart } from "../../http/ui-stream.ts";
import { chatFailures, type Ending } from "./types.ts";

/** An answer as `useChat` sees it; `metadata.state` comes with the end. */
export type AnswerMessage = UIMessage<
  { state: MessageState },
  { started: AnswerStarted; usage: AnswerUsage; failure: Failure }
>;

type Follow = (onText: (delta: string) => void) => Promise<Ending | null>;

/**
 * Tells an answer in parts: `start`, `data-started`, text, then on a failure `data-failure` and `error` (the same
 * sentence), on an answer that counts `data-usage`, and `finish` with the state. A stop before any text is no error.
 * Where `follow` gives null there is no `finish`: the reader comes back by joining the answer again. Where it throws the
 * reader is told so, and `onFault` what it was.
 */
export async function tellAnswer(
  write: WritePart<AnswerMessage>,
  place: AnswerStarted,
  follow: Follow,
  onFault: (error: unknown) => void,
): Promise<void> {
  write({ type: "start", messageId: place.messageId });
  write({ type: "data-started", data: place });
  let open = false;
  let ending: Ending | null;
  try {
    ending = await follow((delta) => {
      if (!open) write({ type: "text-start", id: "answer" });
      open = true;
      write({ type: "text-delta", id: "answer", delta });
    });
  } catch (error) {
    onFault(error);
    const errorText = "Something broke on our side. Please load this page again to see where Charlie is.";
    return write({ type: "error", errorText });
  }
  if (open) write({ type: "text-end", id: "answer" });
  if (ending === null) return;
  const { state, failure, usage } = ending;
  if (failure) {
    write({ type: "data-failure", data: failure });
    if (failure.code !== chatFailures.stopped.code) write({ type: "error", errorText: failure.message });
  }
  if (usage) write({ type: "data-usage", data: usage });
  write({ type: "finish", messageMetadata: { state } });
}
