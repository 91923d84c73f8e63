import { useChat } from "@ai-sdk/react";
import type { AnswerStarted, Message } from "@charlie/contract";
import { useMemo, useRef } from "react";
import { adoptQuestion, type ChatMessage, toChatMessages } from "./messages.ts";
import { type Ask, makeTransport } from "./transport.ts";
import { useCountedMessages } from "./use-messages-left.ts";

/** How a question fared: whether the server took it, and what went wrong before or after. */
export interface Outcome {
  started: AnswerStarted | null;
  error: Error | null;
}

const untold: Outcome = { started: null, error: null };

/**
 * `useChat` on our endpoints: asks, joins a running answer, and keeps the messages meanwhile. `onStarted` is called as
 * soon as the server says where the answer is kept.
 */
export function useAnswerStream(
  agentId: string,
  initial: readonly Message[],
  onStarted: (started: AnswerStarted) => void,
) {
  const transport = useMemo(() => makeTransport(agentId), [agentId]);
  const countMessage = useCountedMessages();
  const outcome = useRef<Outcome>(untold);
  const chat = useChat<ChatMessage>({
    messages: toChatMessages(initial),
    transport,
    throttle: 50,
    onData(part) {
      if (part.type === "data-usage") return countMessage(part.data.messagesLeftToday);
      if (part.type !== "data-started" || outcome.current.started) return;
      outcome.current = { ...outcome.current, started: part.data };
      chat.setMessages((messages) => adoptQuestion(messages, part.data.userMessageId));
      onStarted(part.data);
    },
    onError(error) {
      outcome.current = { ...outcome.current, error };
    },
  });

  /** Runs one stream to its end, whichever that is. Never throws. */
  const run = async (stream: () => Promise<void>): Promise<Outcome> => {
    outcome.current = untold;
    await stream();
    const { current } = outcome;
    chat.clearError();
    return current;
  };

  return {
    messages: chat.messages,
    setMessages: chat.setMessages,
    ask: (ask: Ask, key: string) =>
      run(() =>
        chat.sendMessage(
          { text: ask.text, ...(ask.replaces && { messageId: ask.replaces }) },
          { body: ask, headers: { "idempotency-key": key } },
        ),
      ),
    join: (messageId: string) => run(() => chat.resumeStream({ body: { messageId } })),
    /** Stops listening; the server goes on. */
    leave: chat.stop,
  };
}
