import { Title } from "@mantine/core";
import type { AgentSummary, Project } from "@charlie/contract";
import { Link } from "@tanstack/react-router";
import { AgentFace } from "../../ui/AgentFace.tsx";
import { formatAgo } from "../../ui/format.ts";
import { AgentMenu } from "./AgentMenu.tsx";
import styles from "./home.module.css";
import { firstLine } from "./words.ts";

/** One agent on the home page; the whole card leads to him. */
export function AgentCard({ agent, projects }: { agent: AgentSummary; projects: readonly Project[] }) {
  return (
    <li className={styles["card"]} data-asleep={agent.frozen || undefined}>
      <AgentFace
        id={agent.id}
        job={`${agent.name} ${agent.who}`}
        size={72}
        mood={agent.frozen ? "asleep" : "listening"}
      />
      <div className={styles["cardWords"]}>
        <Title order={3}>
          <Link to="/agents/$agentId" params={{ agentId: agent.id }} className={styles["cardLink"]}>
            {agent.name}
          </Link>
        </Title>
        <p className={styles["cardWho"]}>{firstLine(agent.who) || "Not taught who he is yet."}</p>
        <p className={styles["cardUsed"]}>
          {agent.frozen && <strong>Asleep · </strong>}
          {agent.lastUsedAt ? `Asked ${formatAgo(agent.lastUsedAt)}` : "Not asked anything yet"}
        </p>
      </div>
      <div className={styles["cardMenu"]}>
        <AgentMenu
          agent={agent}
          projects={projects}
          withTeach
          // His card goes, and the focus with it: the keyboard goes on at the top of the page.
          onDeleted={() => document.getElementById("content")?.focus()}
        />
      </div>
    </li>
  );
}
