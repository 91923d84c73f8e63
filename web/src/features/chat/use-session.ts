import { type Conversation, type Message, rateMessage, stopMessage } from "@charlie/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { call, decisionOf, queries, statusOf, tellLimit } from "../../api/index.ts";
import { notifyError } from "../../ui/toasts.tsx";
import { codeOf, type Refusal } from "./chat-words.ts";
import { spokenEnd, toChatMessages, withFeedback } from "./messages.ts";
import type { Ask } from "./transport.ts";
import { useAnswerStream } from "./use-answer-stream.ts";
import { useAskKey } from "./use-ask-key.ts";

interface SessionOptions {
  agent: { id: string; name: string };
  /** As it was when the page opened; `null` for a new chat. */
  initial: Conversation | null;
  /** Called when a new chat has got its id. */
  onStarted?: ((conversationId: string) => void) | undefined;
}

/** `joining`: the connection broke and the page is picking the answer up again. */
export type Phase = "idle" | "asking" | "joining";

/** With pauses of five seconds this outlasts the two minutes in which the server gives back a lost answer. */
const mostTries = 40;
const pauseOf = (tries: number) => Math.min(500 * 2 ** tries, 5_000);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const isAnswering = (message: Message | undefined) => message?.state === "answering";

/**
 * One chat with an agent. While an answer comes, its stream fills the page; as soon as that ends, however it ends, the
 * stored conversation is read again and is what the page shows: ids, states, traces. An answer that is still running
 * then (the connection broke, the page was reloaded, another tab asked) is joined from its start.
 */
export function useSession({ agent, initial, onStarted }: SessionOptions) {
  const queryClient = useQueryClient();
  const { keyFor, answered } = useAskKey();
  const [phase, setPhase] = useState<Phase>(isAnswering(initial?.messages.at(-1)) ? "asking" : "idle");
  const [stopping, setStopping] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [spoken, setSpoken] = useState("");
  const conversationId = useRef(initial?.id);
  const running = useRef<string | null>(null);
  const stopWanted = useRef(false);
  /** Who holds the newest number may change the page; a run that was overtaken or unmounted finds a newer one. */
  const turn = useRef(0);

  const stream = useAnswerStream(agent.id, initial?.messages ?? [], (started) => {
    running.current = started.messageId;
    if (stopWanted.current) void halt(started.messageId);
    if (conversationId.current === started.conversationId) return;
    conversationId.current = started.conversationId;
    onStarted?.(started.conversationId);
    refreshList();
  });

  const refreshList = () =>
    void queryClient.invalidateQueries({ queryKey: queries.conversations(agent.id).queryKey, exact: true });

  const read = (id: string) =>
    queryClient.fetchQuery({
      ...queries.conversation(id),
      staleTime: 0,
      retry: (failures, error) => failures < mostTries && (statusOf(error) ?? 500) >= 500,
      retryDelay: pauseOf,
    });

  /** Takes over what is stored; of an answer that is still running, what the page has of it stays. */
  const show = ({ messages }: Conversation) => {
    const last = messages.at(-1);
    if (!last || !isAnswering(last)) return stream.setMessages(toChatMessages(messages));
    stream.setMessages((shown) =>
      shown.at(-1)?.id === last.id ? shown : toChatMessages(messages.filter(({ id }) => id !== last.id)),
    );
  };

  /** Reads the conversation and joins its answer until none is running. Ends early where a newer turn began. */
  const settle = async (id: string, mine: number): Promise<void> => {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const stored = await read(id);
      if (mine !== turn.current) return;
      show(stored);
      const last = stored.messages.at(-1);
      if (!last || !isAnswering(last)) {
        if (last?.role === "assistant") setSpoken(spokenEnd(agent.name, last));
        return;
      }
      running.current = last.id;
      if (tries > 1) await pause(pauseOf(tries));
      if (mine !== turn.current) return;
      const { error } = await stream.join(last.id);
      if (mine !== turn.current) return;
      if (error) setPhase("joining");
    }
  };

  /** `settle` as a whole turn: leaves the page idle, whatever came of it. */
  const follow = async (id: string, mine: number): Promise<void> => {
    try {
      await settle(id, mine);
    } catch (error) {
      if (mine === turn.current) setRefusal({ error, taken: true });
    }
    if (mine === turn.current) rest();
    refreshList();
  };

  const rest = () => {
    running.current = null;
    stopWanted.current = false;
    setStopping(false);
    setPhase("idle");
  };

  const halt = async (messageId: string): Promise<void> => {
    stopWanted.current = false;
    setStopping(true);
    try {
      await call(stopMessage, { params: { id: messageId } });
      await stream.leave();
    } catch (error) {
      setStopping(false);
      notifyError(error);
    }
  };

  useEffect(() => {
    const mine = (turn.current += 1);
    if (initial && isAnswering(initial.messages.at(-1))) void follow(initial.id, mine);
    return () => void (turn.current += 1);
    // oxlint-disable-next-line react/exhaustive-deps -- once per chat: what comes later goes through `send`
  }, []);

  /** Asks. False where the question was not accepted: then nothing was counted and the words belong back in the field. */
  const send = async (text: string, replaces?: string): Promise<boolean> => {
    const mine = (turn.current += 1);
    const before = stream.messages;
    const id = conversationId.current;
    const ask: Ask = { text, ...(id && { conversationId: id }), ...(replaces && { replaces }) };
    setRefusal(null);
    setSpoken("");
    setPhase("asking");
    const { started, error } = await stream.ask(ask, keyFor(ask));
    // Where no answer came at all it may have been taken all the same: then its key is kept for the next try.
    if (started || !(error instanceof TypeError)) answered();
    if (mine !== turn.current) return true;
    if (started) {
      if (error instanceof TypeError) setPhase("joining");
      await follow(started.conversationId, mine);
      return true;
    }
    stream.setMessages(before);
    // Asking who we are sends to the sign-in page and back; the draft is kept.
    if (statusOf(error) === 401) void queryClient.invalidateQueries({ queryKey: queries.me.queryKey });
    const decision = decisionOf(error);
    if (decision) tellLimit(decision);
    else setRefusal({ error: error ?? new TypeError("no answer came"), taken: false });
    // Another tab asked in this chat: show what it asked and follow the answer.
    if (codeOf(error) === "answer_running" && id) void follow(id, mine);
    else rest();
    return false;
  };

  const stop = () => {
    setStopping(true);
    if (running.current) void halt(running.current);
    else stopWanted.current = true;
  };

  /** Thumbs up or down. Throws what `call` throws. */
  const rate = async (id: string, rating: "up" | "down", reason?: string): Promise<void> => {
    const { feedback } = await call(rateMessage, { params: { id }, body: { rating, ...(reason && { reason }) } });
    stream.setMessages((messages) => withFeedback(messages, id, feedback));
  };

  return {
    messages: stream.messages,
    phase,
    stopping,
    refusal,
    dismiss: () => setRefusal(null),
    /** For screen readers: the whole answer, once it has ended. */
    spoken,
    send,
    stop,
    rate,
  };
}
