import { Button, Title } from "@mantine/core";
import type { Answers } from "@charlie/contract";
import { LayoutGrid } from "lucide-react";
import { type RefObject, useRef, useState } from "react";
import { notifyDone } from "../../../ui/toasts.tsx";
import { AnswerField, type AnswerFieldHandle } from "../AnswerField.tsx";
import type { StartingPoint } from "../starting-points/index.ts";
import { Examples } from "./Examples.tsx";
import { StartingPoints } from "./StartingPoints.tsx";
import { stepWords } from "./steps.ts";
import { type Draft, isEmpty } from "./use-draft.ts";
import styles from "./wizard.module.css";

interface AnswerStepProps {
  step: keyof Answers;
  draft: Draft;
  heading: RefObject<HTMLHeadingElement | null>;
  error: string | undefined;
  onChange: (part: Partial<Draft>) => void;
}

/** One of the three questions: what it asks, the field, and examples; on the first also the starting points. */
export function AnswerStep({ step, draft, heading, error, onChange }: AnswerStepProps) {
  const words = stepWords[step];
  const field = useRef<AnswerFieldHandle>(null);
  const [choosing, setChoosing] = useState(isEmpty(draft));
  const text = draft[step];

  const afterRender = () => requestAnimationFrame(() => field.current?.focus());
  const begin = ({ id, title, who, rules, tricks }: StartingPoint) => {
    const before = draft;
    onChange({ who, rules, tricks, startedFrom: id });
    setChoosing(false);
    afterRender();
    if (!isEmpty(before)) {
      notifyDone(`“${title}” is in the form.`, { undo: () => Promise.resolve(onChange(before)) });
    }
  };
  const take = (sentence: string) => {
    const between = text === "" || text.endsWith("\n") ? "" : "\n";
    onChange({ [step]: text + between + sentence });
    afterRender();
  };
  return (
    <>
      <div>
        <Title order={1} ref={heading} tabIndex={-1} className={styles["heading"]}>
          {words.question}
        </Title>
        <p className={styles["lead"]}>{words.lead}</p>
      </div>
      {step === "who" && choosing && (
        <section className={styles["begin"]} aria-labelledby="ready-made">
          <h2 id="ready-made">Begin with something ready-made</h2>
          <StartingPoints chosen={draft.startedFrom} onChoose={begin} />
        </section>
      )}
      {step === "who" && choosing && <h2 className={styles["or"]}>Or write it yourself</h2>}
      <AnswerField
        ref={field}
        name={step}
        label={words.question}
        labelled
        placeholder={words.placeholder}
        value={text}
        error={error}
        minRows={step === "who" ? 4 : 7}
        onChange={(value) => onChange({ [step]: value })}
      />
      {draft.startedFrom === null ? (
        <Examples examples={words.examples} text={text} onTake={take} />
      ) : (
        step !== "who" && (
          <p className={styles["lead"]}>
            An example, not yet yours: read it through and change what is different with you. Charlie promises what
            stands here.
          </p>
        )
      )}
      {step === "who" && !choosing && (
        <Button
          variant="default"
          size="sm"
          leftSection={<LayoutGrid size={16} aria-hidden />}
          className={styles["again"]}
          onClick={() => setChoosing(true)}
        >
          Show the ready-made ones
        </Button>
      )}
    </>
  );
}
