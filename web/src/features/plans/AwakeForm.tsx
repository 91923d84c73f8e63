import { Button, Checkbox, Radio } from "@mantine/core";
import { type PlanFit, putPlanFit } from "@charlie/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { call, queries } from "../../api/index.ts";
import { AgentFace } from "../../ui/AgentFace.tsx";
import { formatAgo } from "../../ui/format.ts";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { notifyDone } from "../../ui/toasts.tsx";
import { chosenWords } from "./asleep-words.ts";
import styles from "./awake.module.css";

type Project = PlanFit["projects"][number];
type Agent = PlanFit["agents"][number];

const awakeIds = (things: readonly { id: string; frozen: boolean }[]): ReadonlySet<string> =>
  new Set(things.filter(({ frozen }) => !frozen).map(({ id }) => id));

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** A project to choose. Where there is room for one, choosing another one lets go of it. */
function ProjectChoice(props: { project: Project; single: boolean; chosen: boolean; onChoose: () => void }) {
  const { project, single, chosen, onChoose } = props;
  const Choice = single ? Radio : Checkbox;
  return (
    <Choice
      {...(single && { name: "project" })}
      size="md"
      label={project.name}
      checked={chosen}
      onChange={onChoose}
      className={styles["projectChoice"]}
    />
  );
}

function AgentChoice(props: { agent: Agent; chosen: boolean; onChoose: () => void; disabled: boolean }) {
  const { agent, chosen, onChoose, disabled } = props;
  const awake = chosen && !disabled;
  return (
    <li className={styles["agent"]} data-awake={awake || undefined}>
      <AgentFace id={agent.id} job={`${agent.name} ${agent.who}`} size={44} mood={awake ? "listening" : "asleep"} />
      <Checkbox
        size="md"
        label={agent.name}
        description={agent.lastUsedAt ? `Asked ${formatAgo(agent.lastUsedAt)}` : "Not asked anything yet"}
        checked={awake}
        disabled={disabled}
        onChange={onChoose}
      />
    </li>
  );
}

/** Checkboxes with a count; what is not chosen sleeps. */
export function AwakeForm({ fit }: { fit: PlanFit }) {
  const { limits } = fit;
  const [projects, setProjects] = useState(() => awakeIds(fit.projects));
  const [agents, setAgents] = useState(() => awakeIds(fit.agents));
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const single = limits.projects === 1;
  const chosen = fit.agents.filter(({ id, projectId }) => agents.has(id) && projects.has(projectId));
  const counts = [
    chosenWords(chosen.length, limits.agents, "agent"),
    ...(fit.projects.length > 1 && !single ? [chosenWords(projects.size, limits.projects, "project")] : []),
  ];
  const save = useMutation({
    mutationFn: () =>
      call(putPlanFit, { body: { plan: fit.plan, projects: [...projects], agents: chosen.map(({ id }) => id) } }),
    onSuccess: async (now) => {
      queryClient.setQueryData(queries.planFit(fit.plan).queryKey, now);
      await navigate({ to: "/home" });
      for (const queryKey of [["plan-fit"], ["agents"], ["projects"], ["usage"]]) {
        void queryClient.invalidateQueries({ queryKey });
      }
      notifyDone("Your choice is kept. You can change it any time.");
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={send} aria-label="Who stays awake" className={styles["form"]}>
      {fit.projects.map((project) => {
        const here = projects.has(project.id);
        const theirs = fit.agents.filter(({ projectId }) => projectId === project.id);
        return (
          <fieldset key={project.id} className={styles["project"]}>
            <legend>
              {fit.projects.length > 1 ? (
                <ProjectChoice
                  project={project}
                  single={single}
                  chosen={here}
                  onChoose={() => setProjects(single ? new Set([project.id]) : toggled(projects, project.id))}
                />
              ) : (
                project.name
              )}
            </legend>
            {theirs.length === 0 && <p className={styles["bare"]}>Nobody here yet.</p>}
            <ul className={styles["agents"]}>
              {theirs.map((agent) => (
                <AgentChoice
                  key={agent.id}
                  agent={agent}
                  chosen={agents.has(agent.id)}
                  disabled={!here}
                  onChoose={() => setAgents(toggled(agents, agent.id))}
                />
              ))}
            </ul>
          </fieldset>
        );
      })}
      <p className={styles["note"]}>Room that is left over goes to those who were asked last.</p>
      <div className={styles["bar"]}>
        <p role="status">
          {counts.map(({ words, tooMany }) => (
            <span key={words} data-too-many={tooMany || undefined}>
              {words}
            </span>
          ))}
        </p>
        <LinkButton to="/home" variant="default">
          Cancel
        </LinkButton>
        <Button type="submit" loading={save.isPending} disabled={counts.some(({ tooMany }) => tooMany)}>
          Keep these awake
        </Button>
      </div>
    </form>
  );
}
