import { Collapse, UnstyledButton } from "@mantine/core";
import type { Message, Trace } from "@charlie/contract";
import { ChevronDown } from "lucide-react";
import { type ReactNode, useId, useRef, useState } from "react";
import styles from "./answer.module.css";
import { traceWords } from "./trace-words.ts";

function Disclosure({ label, children }: { label: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const whole = useRef<HTMLDivElement>(null);
  return (
    <div ref={whole} className={styles["disclosure"]}>
      <UnstyledButton
        className={styles["disclose"]}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {label}
        <ChevronDown size={16} aria-hidden className={styles["chevron"]} />
      </UnstyledButton>
      <Collapse
        id={id}
        expanded={open}
        transitionDuration={150}
        onTransitionEnd={() => open && whole.current?.scrollIntoView({ block: "nearest" })}
      >
        {children}
      </Collapse>
    </div>
  );
}

interface WhyProps {
  trace: Trace;
  usage: Message["usage"];
}

/** *Why did he say that?*: the trace of an answer in plain words, its figures one level deeper. */
export function Why({ trace, usage }: WhyProps) {
  const { remembered, taught, brain, time, cut, numbers } = traceWords(trace, usage);
  return (
    <Disclosure label="Why did he say that?">
      <div className={styles["why"]}>
        {taught.length === 0 && <p>Nothing that you taught him fitted this question.</p>}
        {taught.map(({ from, sentences }) => (
          <section key={from}>
            <p>
              From <strong>{from}</strong>
            </p>
            <ul>
              {sentences.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </section>
        ))}
        <p>{remembered}</p>
        <p>{brain}</p>
        {cut && <p>{cut}</p>}
        {time && <p>{time}</p>}
        {numbers.length > 0 && (
          <Disclosure label="More numbers">
            <dl className={styles["numbers"]}>
              {numbers.map(({ label, value }) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd className="tabular">{value}</dd>
                </div>
              ))}
            </dl>
            <p className={styles["quiet"]}>
              Tokens are pieces of words, about four letters each. AI providers count and charge by them.
            </p>
          </Disclosure>
        )}
      </div>
    </Disclosure>
  );
}
