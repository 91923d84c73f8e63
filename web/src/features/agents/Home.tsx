import { Button } from "@mantine/core";
import { type AgentSummary, planOf, type Project, type UsageLimits } from "@charlie/contract";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { queries } from "../../api/index.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { formatCount, formatUnits } from "../../ui/format.ts";
import { LinkButton, TextLink } from "../../ui/LinkButton.tsx";
import { PageHead } from "../../ui/PageHead.tsx";
import { SkeletonCards } from "../../ui/Skeletons.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { useUpgrade } from "../billing/upgrade.tsx";
import { AsleepNotice } from "../plans/AsleepNotice.tsx";
import { keepsWords } from "../plans/asleep-words.ts";
import { NewProject } from "../projects/NewProject.tsx";
import { ProjectMenu } from "../projects/ProjectMenu.tsx";
import { AgentCard } from "./AgentCard.tsx";
import styles from "./home.module.css";

const route = getRouteApi("/_app/home");

/** Opens the upgrade dialogue for somebody who chose a plan before signing in, once. */
function useChosenPlan(): void {
  const { plan, interval } = route.useSearch();
  const navigate = useNavigate();
  const upgrade = useUpgrade();
  useEffect(() => {
    if (!plan) return;
    upgrade({ plan, ...(interval && { interval }) });
    void navigate({ to: "/home", replace: true });
  }, [plan, interval, navigate, upgrade]);
}

function Room({ limits }: { limits: UsageLimits }) {
  const upgrade = useUpgrade();
  const { used, limit } = limits.agents;
  if (limit === null) return <>{formatUnits(used, "agent")}</>;
  const full = used >= limit;
  return (
    <>
      <span className="tabular">{`${formatCount(used)} of ${formatUnits(limit, "agent")}`}</span> on{" "}
      {planOf(limits.plan).name}
      {full && (
        <Button variant="subtle" size="compact-md" px={4} ml={4} onClick={() => upgrade()}>
          Make room for more
        </Button>
      )}
    </>
  );
}

function ProjectSection({
  project,
  agents,
  projects,
}: {
  project: Project;
  agents: AgentSummary[];
  projects: Project[];
}) {
  return (
    <section className={styles["project"]} aria-labelledby={`project-${project.id}`}>
      <header className={styles["projectHead"]}>
        <h2 id={`project-${project.id}`}>{project.name}</h2>
        {project.frozen && <span className={styles["asleep"]}>Asleep</span>}
        <ProjectMenu
          project={project}
          isLast={!project.frozen && projects.filter(({ frozen }) => !frozen).length === 1}
        />
      </header>
      {agents.length === 0 ? (
        <p className={styles["bare"]}>
          Nobody here yet.{" "}
          {!project.frozen && (
            <TextLink to="/teach" search={{ project: project.id }}>
              Teach somebody for {project.name}
            </TextLink>
          )}
        </p>
      ) : (
        <ul className={styles["cards"]}>
          {agents.map((agent) => (
            <AgentCard key={agent.id} agent={agent} projects={projects} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Says who sleeps, where the plan has not room for all. */
function Asleep() {
  const { data } = useQuery(queries.planFit());
  const words = data && keepsWords(data);
  if (!words) return null;
  return (
    <AsleepNotice title={words}>
      The others sleep. Nothing of them is lost: you can read them, and a larger plan wakes them up just as they are.
    </AsleepNotice>
  );
}

/** Everything somebody has taught: projects and their agents. */
export function Home() {
  useTitle("Home");
  useChosenPlan();
  const { data: me } = useSuspenseQuery(queries.me);
  const agents = useQuery(queries.agents);
  const projects = useQuery(queries.projects);
  const { data: limits } = useQuery(queries.usageLimits);
  const first = me.user.name.trim().split(/\s+/)[0] ?? "";
  const failed = agents.error ?? projects.error;
  const again = () => void Promise.all([agents.refetch(), projects.refetch()]);

  if (!agents.data || !projects.data) {
    return failed ? <ErrorState error={failed} onRetry={again} order={1} /> : <SkeletonCards />;
  }
  const list = agents.data;
  if (list.length === 0 && projects.data.length <= 1) {
    return (
      <>
        <h1 className={styles["hello"]}>Hello, {first}</h1>
        <EmptyState
          title="Charlie sits and waits for you"
          action={
            <LinkButton to="/teach" size="lg">
              Teach Charlie
            </LinkButton>
          }
        >
          Who is he, what are his rules, what tricks does he know? Three answers, about ten minutes. There are
          ready-made ones to begin with.
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHead
        title={`Hello, ${first}`}
        description={limits && <Room limits={limits} />}
        action={<LinkButton to="/teach">Teach a new agent</LinkButton>}
      />
      <Asleep />
      {projects.data.map((project) => (
        <ProjectSection
          key={project.id}
          project={project}
          projects={projects.data}
          agents={list.filter(({ projectId }) => projectId === project.id)}
        />
      ))}
      <NewProject />
    </>
  );
}
