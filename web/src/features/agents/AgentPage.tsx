import { Title } from "@mantine/core";
import type { Agent } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { queries } from "../../api/index.ts";
import { AgentFace } from "../../ui/AgentFace.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { AgentMenu } from "./AgentMenu.tsx";
import styles from "./agent-page.module.css";
import { firstLine } from "./words.ts";

const tabs = [
  { to: "/agents/$agentId", words: "Playground" },
  { to: "/agents/$agentId/teach", words: "Teach" },
  { to: "/agents/$agentId/knowledge", words: "Knowledge", coming: true },
  { to: "/agents/$agentId/canvas", words: "Canvas", coming: true },
  { to: "/agents/$agentId/share", words: "Share", coming: true },
  { to: "/agents/$agentId/activity", words: "Activity", coming: true },
] as const;

/** The top of an agent's pages: who he is, what can be done with him, and the tabs; the open tab stands below. */
export function AgentPage({ agent, children }: { agent: Agent; children: ReactNode }) {
  const { data: projects = [] } = useQuery(queries.projects);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const row = useRef<HTMLUListElement>(null);
  useTitle(agent.name);
  // On a phone the row of tabs is wider than the page; the open one shall be seen.
  useEffect(() => {
    row.current?.querySelector(`[href="${pathname}"]`)?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [pathname]);
  return (
    <>
      <header className={styles["head"]}>
        <AgentFace
          id={agent.id}
          job={`${agent.name} ${agent.who}`}
          size={72}
          mood={agent.frozen ? "asleep" : "listening"}
        />
        <div className={styles["words"]}>
          <Title order={1}>{agent.name}</Title>
          <p>{firstLine(agent.who, 90)}</p>
        </div>
        <AgentMenu agent={agent} projects={projects} onDeleted={() => void navigate({ to: "/home" })} />
      </header>
      <nav className={styles["tabs"]} aria-label={`${agent.name}’s pages`}>
        <ul ref={row}>
          {tabs.map((tab) => (
            <li key={tab.to}>
              <Link
                to={tab.to}
                params={{ agentId: agent.id }}
                className={styles["tab"]}
                activeOptions={{ exact: true, includeSearch: false }}
              >
                {tab.words}
                {"coming" in tab && <span className={styles["coming"]}>coming</span>}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </>
  );
}
