import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { createAgent } from "@charlie/contract";
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { call, fieldErrors, queries } from "../../../api/index.ts";
import { notifyDone } from "../../../ui/toasts.tsx";
import { useTitle } from "../../../ui/use-title.ts";
import { useUpgrade } from "../../billing/upgrade.tsx";
import { sampleQuestions } from "../../chat/sample-questions.ts";
import { answerError } from "../AnswerField.tsx";
import { Preview } from "../Preview.tsx";
import { startingPoints } from "../starting-points/index.ts";
import { AnswerStep } from "./AnswerStep.tsx";
import { NameStep } from "./NameStep.tsx";
import { NoRoom } from "./NoRoom.tsx";
import { Progress } from "./Progress.tsx";
import { nameWords, stepBeside, stepWords, type WizardStep } from "./steps.ts";
import { type Draft, emptyDraft, isEmpty, useDraft } from "./use-draft.ts";
import styles from "./wizard.module.css";

const route = getRouteApi("/_app/teach");

/** The first step that keeps the draft from becoming an agent, and why. */
function firstProblem(draft: Draft): { step: WizardStep; words: string } | null {
  if (draft.who.trim() === "") return { step: "who", words: "Tell in a sentence who he is; then he can begin." };
  for (const step of ["who", "rules", "tricks"] as const) {
    const words = answerError(step, draft[step]);
    if (words) return { step, words };
  }
  return draft.name.trim() === "" ? { step: "name", words: "He needs a name that he listens to." } : null;
}

/** Creates the agent, forgets the draft, and goes to meet him. */
function useCreate(forget: () => void) {
  const { plan, interval, project } = route.useSearch();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const upgrade = useUpgrade();
  return useMutation({
    mutationFn: ({ who, rules, tricks, name }: Draft) =>
      call(
        createAgent,
        { body: { who, rules, tricks, name: name.trim(), ...(project !== undefined && { projectId: project }) } },
        { once: true },
      ),
    onSuccess: async (agent) => {
      forget();
      queryClient.setQueryData(queries.agent(agent.id).queryKey, agent);
      void queryClient.invalidateQueries({ queryKey: queries.agents.queryKey, exact: true });
      void queryClient.invalidateQueries({ queryKey: queries.projects.queryKey });
      void queryClient.invalidateQueries({ queryKey: queries.usageLimits.queryKey });
      await navigate({ to: "/agents/$agentId", params: { agentId: agent.id } });
      notifyDone(`This is ${agent.name}. Ask him something.`);
      if (plan) upgrade({ plan, ...(interval && { interval }) });
    },
  });
}

/** Teaching a new agent: three answers and a name, with Charlie answering beside them. The address is the step. */
export function Wizard() {
  const { step = "who", project } = route.useSearch();
  const { data: me } = useSuspenseQuery(queries.me);
  const { data: projects = [] } = useQuery({
    ...queries.projects,
    select: (all) => all.filter(({ frozen }) => !frozen),
  });
  const { draft, change, forget } = useDraft(me);
  const [problem, setProblem] = useState<ReturnType<typeof firstProblem>>(null);
  const create = useCreate(forget);
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const shown = useRef(step);
  useTitle(step === "name" ? nameWords.question : stepWords[step].question);

  // Going to another step is like going to another page: reading goes on at its heading.
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    heading.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [step]);

  const goTo = (to: WizardStep) => navigate({ to: "/teach", search: (previous) => ({ ...previous, step: to }) });
  const edit = (part: Partial<Draft>) => {
    setProblem(null);
    change(part);
  };
  const next = stepBeside(step, 1);
  const before = stepBeside(step, -1);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const found = firstProblem(draft);
    if (next && found?.step !== step) void goTo(next);
    else if (found) {
      setProblem(found);
      void goTo(found.step);
    } else create.mutate(draft);
  };
  useHotkeys([["mod+Enter", () => form.current?.requestSubmit()]], []);
  const startOver = () => {
    const kept = draft;
    edit(emptyDraft);
    void goTo("who");
    notifyDone("The form is empty again.", { undo: () => Promise.resolve(change(kept)) });
  };
  const error = problem?.step === step ? problem.words : undefined;
  const point = startingPoints.find(({ id }) => id === draft.startedFrom);
  return (
    <div className={styles["wizard"]}>
      <div className={styles["main"]}>
        <Progress step={step} draft={draft} />
        <NoRoom />
        <form onSubmit={send} ref={form} noValidate className={styles["form"]}>
          {step === "name" ? (
            <NameStep
              draft={draft}
              heading={heading}
              error={error ?? fieldErrors(create.error)["name"]}
              projects={projects}
              projectId={project}
              onChange={edit}
              onProject={(id) =>
                void navigate({ to: "/teach", search: (previous) => ({ ...previous, project: id }), replace: true })
              }
            />
          ) : (
            <AnswerStep key={step} step={step} draft={draft} heading={heading} error={error} onChange={edit} />
          )}
          <div className={styles["buttons"]}>
            {before && (
              <Button
                variant="default"
                leftSection={<ArrowLeft size={18} aria-hidden />}
                onClick={() => void goTo(before)}
              >
                Back
              </Button>
            )}
            <Button type="submit" loading={create.isPending}>
              {next ? `Next: ${next === "name" ? "his name" : `his ${next}`}` : `Meet ${draft.name.trim() || "him"}`}
            </Button>
          </div>
          <p className={styles["kept"]}>
            {isEmpty(draft) ? "What you write is kept on this computer as you go." : "Kept on this computer."}{" "}
            {!isEmpty(draft) && (
              <button type="button" className={styles["textButton"]} onClick={startOver}>
                Start over
              </button>
            )}
          </p>
        </form>
      </div>
      <div className={styles["side"]}>
        <Preview
          answers={draft}
          name={draft.name}
          ask={step === "name" ? stepWords.who.ask : stepWords[step].ask}
          questions={point?.questions ?? sampleQuestions(draft)}
        />
      </div>
    </div>
  );
}
