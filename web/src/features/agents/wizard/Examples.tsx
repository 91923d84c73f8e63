import { UnstyledButton } from "@mantine/core";
import { Plus } from "lucide-react";
import styles from "./wizard.module.css";

interface ExamplesProps {
  examples: readonly string[];
  /** What is written already; what stands in it is not offered again. */
  text: string;
  onTake: (sentence: string) => void;
}

/** Sentences to take over with one press. */
export function Examples({ examples, text, onTake }: ExamplesProps) {
  const offered = examples.filter((sentence) => !text.includes(sentence));
  if (offered.length === 0) return null;
  return (
    <div>
      <p className={styles["small"]}>Examples. Press one to take it over:</p>
      <ul className={styles["examples"]}>
        {offered.map((sentence) => (
          <li key={sentence}>
            <UnstyledButton className={styles["example"]} onClick={() => onTake(sentence)}>
              <Plus size={16} aria-hidden />
              {sentence}
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </div>
  );
}
