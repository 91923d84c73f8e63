import { Button, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type Answers, answers as answersShape, previewAgent, type UsedSentence } from "@charlie/contract";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { call } from "../../api/index.ts";
import { accessoryFor } from "../../charlie/accessory-for.ts";
import { Charlie } from "../../charlie/Charlie.tsx";
import type { CoatName } from "../../charlie/coats.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { wordsFor } from "../../ui/problem-words.ts";
import styles from "./preview.module.css";

interface PreviewProps {
  answers: Answers;
  name: string;
  coat?: CoatName;
  /** What is asked before somebody asks something of their own. */
  ask: string;
  /** Questions to press. */
  questions: readonly string[];
}

/** How long nothing must be typed before he answers anew, ms. */
const pause = 450;
const longestQuestion = 1_000;

const sources: Record<UsedSentence["source"], string> = { who: "who he is", rules: "his rules", tricks: "his tricks" };

/** Charlie answering while one writes: the practice brain, stored nowhere and not counted. The latest text wins. */
export function Preview({ answers, name, coat = "golden", ask, questions }: PreviewProps) {
  const [own, setOwn] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const { who, rules, tricks } = answers;
  const text = own ?? ask;
  const [body] = useDebouncedValue({ who, rules, tricks, name: name.trim().slice(0, 80), text }, pause);
  const taught = (body.who + body.rules + body.tricks).trim() !== "";
  const { data, error, isFetching } = useQuery({
    queryKey: ["preview", body],
    queryFn: ({ signal }) => call(previewAgent, { body }, { signal }),
    enabled: taught && answersShape.safeParse(body).success,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() === "") return;
    setOwn(typed.trim());
    setTyped("");
  };
  const thinking = isFetching || (taught && text !== body.text);
  const mood = thinking ? "thinking" : error ? "puzzled" : taught ? "answering" : "listening";
  const failed = error ? wordsFor(error) : null;
  return (
    <section className={styles["preview"]} aria-label="Preview">
      <div className={styles["dog"]}>
        <Charlie
          pose="sitting"
          size={112}
          coat={coat}
          accessory={accessoryFor(`${name} ${who}`)}
          mood={mood}
          wagging={thinking}
        />
      </div>
      <div className={styles["talk"]}>
        {taught && <p className={styles["question"]}>{text}</p>}
        <div className={styles["answer"]} aria-live="polite" aria-busy={thinking}>
          {!taught && <p>I’m all ears. Write something, and I show you what I understood.</p>}
          {taught && failed && <p>{`${failed.title}. ${failed.detail}`}</p>}
          {taught && !failed && <p>{data?.text.replaceAll(/^[-*] /gm, "• ").replaceAll(/\n{2,}/g, "\n") ?? "…"}</p>}
          {taught && data && data.used.length > 0 && (
            <p className={styles["because"]}>
              From {sources[data.used[0]!.source]}: <q>{data.used[0]!.text}</q>
            </p>
          )}
        </div>
      </div>
      {taught && (
        <ul className={styles["chips"]} aria-label="Questions to try">
          {questions
            .filter((question) => question !== text)
            .map((question) => (
              <li key={question}>
                <UnstyledButton className={styles["chip"]} onClick={() => setOwn(question)}>
                  {question}
                </UnstyledButton>
              </li>
            ))}
        </ul>
      )}
      <form onSubmit={send} className={styles["ask"]}>
        <TextInput
          aria-label="Ask him something"
          placeholder="Ask him something"
          value={typed}
          maxLength={longestQuestion}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
        />
        <Button type="submit" variant="default">
          Ask
        </Button>
      </form>
      <p className={styles["note"]}>
        He practises with the offline brain: it finds the sentences that fit, word for word.{" "}
        <TextLink to="/help" hash="offline-brain" size="sm">
          What is that?
        </TextLink>
      </p>
    </section>
  );
}
