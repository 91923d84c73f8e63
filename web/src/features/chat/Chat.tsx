import { ActionIcon, VisuallyHidden } from "@mantine/core";
import type { Agent, Conversation } from "@charlie/contract";
import { ArrowDown } from "lucide-react";
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { formatUnits } from "../../ui/format.ts";
import { AsleepNotice } from "../plans/AsleepNotice.tsx";
import { BrainNote } from "./BrainNote.tsx";
import styles from "./chat.module.css";
import { Composer, focusWithMouse } from "./Composer.tsx";
import { EmptyChat } from "./EmptyChat.tsx";
import { lastQuestion, textOf } from "./messages.ts";
import { Refused } from "./Refused.tsx";
import { speakerOf } from "./speaker.ts";
import { Thread } from "./Thread.tsx";
import { useDraft } from "./use-draft.ts";
import { useFollow } from "./use-follow.ts";
import { useMessagesLeft } from "./use-messages-left.ts";
import { useSession } from "./use-session.ts";

interface ChatProps {
  agent: Agent;
  /** `null` for a new chat. */
  initial: Conversation | null;
  onStarted?: ((conversationId: string) => void) | undefined;
}

/** One chat: what was said, and the field to say more. Mounted anew for each conversation. */
export function Chat({ agent, initial, onStarted }: ChatProps) {
  const speaker = useMemo(() => speakerOf(agent), [agent]);
  const session = useSession({ agent, initial, onStarted });
  const [draft, setDraft] = useDraft(agent.id);
  const [edit, setEdit] = useState<{ id: string; text: string } | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const foot = useRef<HTMLDivElement>(null);
  const busy = session.phase !== "idle";
  const { away, toEnd } = useFollow(content, foot, busy);
  const left = useMessagesLeft();
  const question = lastQuestion(session.messages);
  const isEmpty = session.messages.length === 0;

  useLayoutEffect(() => {
    if (initial) toEnd();
    // oxlint-disable-next-line react/exhaustive-deps -- only when the chat opens
  }, []);

  const ask = async (text: string, replaces?: string) => {
    // What was pressed may go; the field stays.
    focusWithMouse(field);
    toEnd();
    return session.send(text, replaces);
  };
  const sendDraft = async () => {
    const text = (edit?.text ?? draft).trim();
    const replaced = edit;
    if (replaced) setEdit(null);
    else setDraft("");
    const taken = await ask(text, replaced?.id);
    if (taken) return;
    if (replaced) setEdit(replaced);
    else setDraft(text);
  };
  const startEdit = () => {
    if (!question) return;
    setEdit({ id: question.id, text: textOf(question) });
    field.current?.focus();
  };
  const cancelEdit = () => {
    setEdit(null);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // Dialogues and menus of this page are drawn elsewhere; their Esc is their own.
    const inside = event.target instanceof Node && event.currentTarget.contains(event.target);
    if (event.key !== "Escape" || !inside) return;
    if (edit) cancelEdit();
    else if (busy && !session.stopping) session.stop();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc works wherever the focus is in here
    <section className={styles["chat"]} aria-label={`Chat with ${agent.name}`} onKeyDown={onKeyDown}>
      <div className={styles["content"]}>
        <div ref={content}>
          {isEmpty ? (
            <EmptyChat agent={agent} onAsk={(text) => void ask(text)} />
          ) : (
            <Thread
              speaker={speaker}
              messages={session.messages}
              phase={session.phase}
              closed={agent.frozen}
              onEdit={startEdit}
              onAgain={() => question && void ask(textOf(question), question.id)}
              onRate={session.rate}
            />
          )}
        </div>
      </div>
      <div ref={foot} className={styles["foot"]}>
        {away && !isEmpty && (
          <ActionIcon
            className={styles["down"]}
            variant="default"
            size={40}
            radius="xl"
            aria-label="Down to the end"
            onClick={toEnd}
          >
            <ArrowDown size={20} aria-hidden />
          </ActionIcon>
        )}
        {session.refusal && <Refused refusal={session.refusal} name={agent.name} onClose={session.dismiss} />}
        {agent.frozen ? (
          <AsleepNotice title={`${agent.name} is asleep`}>
            Your plan keeps others awake. You can read what he said, and nothing of him is lost.
          </AsleepNotice>
        ) : (
          <>
            <Composer
              name={agent.name}
              text={edit?.text ?? draft}
              onText={(text) => (edit ? setEdit({ ...edit, text }) : setDraft(text))}
              field={field}
              busy={busy}
              stopping={session.stopping}
              editing={edit !== null}
              onSend={() => void sendDraft()}
              onStop={() => {
                session.stop();
                focusWithMouse(field);
              }}
              onCancelEdit={cancelEdit}
              onEditLast={startEdit}
            />
            <div className={styles["under"]}>
              <BrainNote name={agent.name} choice={agent.brain} />
              {left !== null && <span>{formatUnits(left, "message")} left today</span>}
            </div>
          </>
        )}
      </div>
      <VisuallyHidden role="status">{session.spoken}</VisuallyHidden>
    </section>
  );
}
