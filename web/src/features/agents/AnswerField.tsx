import { Textarea, UnstyledButton } from "@mantine/core";
import { type Answers, answers } from "@charlie/contract";
import { type Ref, useImperativeHandle, useRef } from "react";
import { formatCount } from "../../ui/format.ts";
import styles from "./answer-field.module.css";
import { placesToFill } from "./words.ts";

export interface AnswerFieldHandle {
  /** Puts the cursor onto the first place that is still to be filled in, else to the end. */
  focus: () => void;
}

interface AnswerFieldProps {
  name: keyof Answers;
  label: string;
  /** The label stands as a heading above the field already. */
  labelled?: boolean;
  description?: string;
  placeholder?: string;
  value: string;
  error?: string | undefined;
  minRows?: number;
  onChange: (value: string) => void;
  ref?: Ref<AnswerFieldHandle>;
}

/** The longest answer, in characters, as the contract has it. */
const longest = (name: keyof Answers): number => answers.shape[name].maxLength ?? Number.POSITIVE_INFINITY;

/** What is wrong with an answer, in words; `undefined` where nothing is. */
export const answerError = (name: keyof Answers, value: string): string | undefined =>
  answers.shape[name].safeParse(value).error?.issues[0]?.message;

/** One of the three answers: grows with its text, names what is still to be filled in, and counts near its end. */
export function AnswerField(props: AnswerFieldProps) {
  const { name, label, labelled = false, description, placeholder, value, onChange, minRows = 5, ref } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  const places = placesToFill(value);
  const most = longest(name);
  const select = (place: string) => {
    const start = value.indexOf(place);
    area.current?.focus();
    if (start >= 0) area.current?.setSelectionRange(start, start + place.length);
  };
  useImperativeHandle(ref, () => ({ focus: () => select(placesToFill(area.current?.value ?? "")[0] ?? "") }));
  return (
    <div className={styles["field"]}>
      <Textarea
        ref={area}
        name={name}
        {...(labelled ? { "aria-label": label } : { label })}
        {...(description !== undefined && { description })}
        {...(placeholder !== undefined && { placeholder })}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={props.error ?? answerError(name, value)}
        autosize
        minRows={minRows}
        maxRows={22}
        spellCheck
      />
      {value.length > most * 0.8 && (
        <p className={styles["count"]}>
          <span className="tabular">{`${formatCount(value.length)} of ${formatCount(most)} characters`}</span>
        </p>
      )}
      {places.length > 0 && (
        <div className={styles["places"]}>
          <span>Still yours to fill in:</span>
          {places.map((place) => (
            <UnstyledButton key={place} className={styles["place"]} onClick={() => select(place)}>
              {place.slice(1, -1)}
            </UnstyledButton>
          ))}
        </div>
      )}
    </div>
  );
}
