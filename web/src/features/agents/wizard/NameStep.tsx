import { Alert, Select, TextInput, Title, UnstyledButton } from "@mantine/core";
import type { Answers, Project } from "@charlie/contract";
import type { RefObject } from "react";
import { TextLink } from "../../../ui/LinkButton.tsx";
import { formatUnits } from "../../../ui/format.ts";
import { placesToFill } from "../words.ts";
import { nameWords, stepWords } from "./steps.ts";
import type { Draft } from "./use-draft.ts";
import styles from "./wizard.module.css";

const suggestions = ["Bruno", "Luna", "Oskar", "Nala", "Pepper", "Balu"];

interface NameStepProps {
  draft: Draft;
  heading: RefObject<HTMLHeadingElement | null>;
  error: string | undefined;
  projects: readonly Project[];
  projectId: string | undefined;
  onChange: (part: Partial<Draft>) => void;
  onProject: (id: string) => void;
}

/** The last step: a name, and what is still to be filled in. */
export function NameStep({ draft, heading, error, projects, projectId, onChange, onProject }: NameStepProps) {
  const open = (["who", "rules", "tricks"] as const satisfies readonly (keyof Answers)[])
    .map((step) => ({ step, count: placesToFill(draft[step]).length }))
    .filter(({ count }) => count > 0);
  return (
    <>
      <div>
        <Title order={1} ref={heading} tabIndex={-1} className={styles["heading"]}>
          {nameWords.question}
        </Title>
        <p className={styles["lead"]}>The people who ask him will see it. You can change it later, like everything.</p>
      </div>
      <TextInput
        name="name"
        aria-label={nameWords.question}
        value={draft.name}
        error={error}
        size="lg"
        maxLength={80}
        autoComplete="off"
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <ul className={styles["names"]} aria-label="Names to take over">
        {suggestions.map((name) => (
          <li key={name}>
            <UnstyledButton className={styles["example"]} onClick={() => onChange({ name })}>
              {name}
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {projects.length > 1 && (
        <Select
          label="Project"
          data={projects.map(({ id, name }) => ({ value: id, label: name }))}
          value={projectId ?? projects[0]?.id ?? null}
          onChange={(id) => id && onProject(id)}
        />
      )}
      {open.length > 0 && (
        <Alert color="ball" variant="light" title="Some places are still yours to fill in" className={styles["open"]}>
          {open.map(({ step, count }) => (
            <p key={step}>
              <TextLink to="/teach" search={(previous) => ({ ...previous, step })}>
                {stepWords[step].question}
              </TextLink>{" "}
              {formatUnits(count, "place")}
            </p>
          ))}
          <p>You can also do it later.</p>
        </Alert>
      )}
    </>
  );
}
