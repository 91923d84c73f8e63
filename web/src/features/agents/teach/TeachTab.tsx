import { Button, Collapse, Select, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import type { Agent, Answers } from "@charlie/contract";
import { useMutation, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Check, ChevronDown } from "lucide-react";
import { type FormEvent, useState } from "react";
import { fieldErrors, queries } from "../../../api/index.ts";
import { coatOf } from "../../../charlie/coats.ts";
import { notifyError } from "../../../ui/toasts.tsx";
import { sampleQuestions } from "../../chat/sample-questions.ts";
import { AnswerField, answerError } from "../AnswerField.tsx";
import { AsleepTeach } from "../AsleepTeach.tsx";
import { Preview } from "../Preview.tsx";
import { useAgentActions } from "../use-agent-actions.ts";
import { stepWords } from "../wizard/steps.ts";
import { BrainSettings } from "./BrainSettings.tsx";
import { LeaveDialog } from "./LeaveDialog.tsx";
import styles from "./teach.module.css";
import { useEdits } from "./use-edits.ts";

const route = getRouteApi("/_app/agents/$agentId");
const questions = ["who", "rules", "tricks"] as const satisfies readonly (keyof Answers)[];

function TeachForm({ agent }: { agent: Agent }) {
  const { shown, changes, isChanged, edit, takeBack } = useEdits(agent);
  const { data: projects = [] } = useQuery({
    ...queries.projects,
    select: (all) => all.filter(({ frozen }) => !frozen),
  });
  const { change } = useAgentActions();
  const [more, setMore] = useState(false);
  const [asked, setAsked] = useState<keyof Answers>("who");
  const save = useMutation({
    mutationFn: () => change(agent.id, changes),
    meta: { quiet: true },
    onError: (error) => {
      if (Object.keys(fieldErrors(error)).length === 0) notifyError(error);
    },
  });
  const wrong = fieldErrors(save.error);
  const nameError = shown.name.trim() === "" ? "He needs a name that he listens to." : wrong["name"];
  const sendable = !nameError && questions.every((name) => !answerError(name, shown[name]));
  const saveNow = async () => {
    if (!isChanged || !sendable || save.isPending) return false;
    return save.mutateAsync().then(
      () => true,
      () => false,
    );
  };
  useHotkeys([["mod+S", () => void saveNow()]], []);
  const send = (event: FormEvent) => {
    event.preventDefault();
    void saveNow();
  };
  return (
    <div className={styles["teach"]}>
      <form onSubmit={send} noValidate className={styles["form"]} aria-label={`Teach ${agent.name}`}>
        <TextInput
          label="Name"
          name="name"
          value={shown.name}
          maxLength={80}
          autoComplete="off"
          error={nameError}
          onChange={(event) => edit({ name: event.currentTarget.value })}
        />
        {questions.map((name) => (
          <div key={name} onFocus={() => setAsked(name)}>
            <AnswerField
              name={name}
              label={stepWords[name].question}
              description={stepWords[name].lead}
              placeholder={stepWords[name].placeholder}
              value={shown[name]}
              error={wrong[name]}
              minRows={name === "who" ? 3 : 5}
              onChange={(value) => edit({ [name]: value })}
            />
          </div>
        ))}
        {projects.length > 1 && (
          <Select
            label="Project"
            data={projects.map(({ id, name }) => ({ value: id, label: name }))}
            value={shown.projectId}
            onChange={(projectId) => projectId && edit({ projectId })}
          />
        )}
        <section>
          <Button
            variant="default"
            size="sm"
            aria-expanded={more}
            aria-controls="more"
            rightSection={
              <ChevronDown size={18} className={styles["chevron"]} data-open={more || undefined} aria-hidden />
            }
            onClick={() => setMore(!more)}
          >
            More: his brain
          </Button>
          <Collapse expanded={more} id="more">
            <BrainSettings brain={shown.brain} onChange={(brain) => edit({ brain })} />
          </Collapse>
        </section>
        <div className={styles["bar"]} data-raised={isChanged || save.isSuccess || undefined}>
          <p role="status">{isChanged ? "Not saved yet." : <SavedWords fresh={save.isSuccess} />}</p>
          {isChanged && (
            <>
              <Button variant="default" size="sm" onClick={takeBack} disabled={save.isPending}>
                Take it back
              </Button>
              <Button type="submit" size="sm" loading={save.isPending} disabled={!sendable}>
                Save
              </Button>
            </>
          )}
        </div>
      </form>
      <div className={styles["side"]}>
        <Preview
          answers={shown}
          name={shown.name}
          coat={coatOf(agent.id)}
          ask={stepWords[asked].ask}
          questions={sampleQuestions(shown)}
        />
      </div>
      <LeaveDialog isChanged={isChanged} name={agent.name} onSave={saveNow} onDrop={takeBack} />
    </div>
  );
}

function SavedWords({ fresh }: { fresh: boolean }) {
  return (
    <span className={styles["saved"]}>
      <Check size={18} aria-hidden /> {fresh ? "Saved. He knows it from his next answer on." : "Everything is saved."}
    </span>
  );
}

/** Where his three answers, his name and his brain can be changed after he was taught. */
export function TeachTab() {
  const { agentId } = route.useParams();
  const { data: agent } = useSuspenseQuery(queries.agent(agentId));
  return agent.frozen ? <AsleepTeach agent={agent} /> : <TeachForm key={agentId} agent={agent} />;
}
