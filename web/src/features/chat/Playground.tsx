import { Button, Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Agent } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { useRef, useState } from "react";
import { queries } from "../../api/index.ts";
import { Chat } from "./Chat.tsx";
import styles from "./chat.module.css";
import { ConversationList } from "./ConversationList.tsx";
import { begun, chatAt, openAt } from "./open-chat.ts";
import { StoredChat } from "./StoredChat.tsx";
import { useReachBottom } from "./use-reach-bottom.ts";

interface PlaygroundProps {
  agent: Agent;
  /** The conversation that is open, as the address has it; without it a new one. */
  conversationId?: string | undefined;
}

/** Chat with one agent: its conversations beside (on phones: behind a button) the one that is open. */
export function Playground({ agent, conversationId }: PlaygroundProps) {
  const navigate = useNavigate();
  const [open, setOpen] = useState(() => openAt(conversationId));
  const [listOpened, list] = useDisclosure(false);
  const { data: chats } = useQuery(queries.conversations(agent.id));
  const playground = useRef<HTMLDivElement>(null);
  useReachBottom(playground);
  const current = chatAt(open, conversationId);
  // React's way to follow a prop with state: the page is drawn again before anybody sees it.
  if (current !== open) setOpen(current);

  const go = (conversation: string | undefined, replace: boolean) =>
    navigate({
      to: "/agents/$agentId",
      params: { agentId: agent.id },
      search: conversation === undefined ? {} : { conversation },
      replace,
    });
  const startNew = () => {
    list.close();
    setOpen(openAt(undefined, current.key + 1));
    void go(undefined, false);
  };
  const onStarted = (id: string) => {
    setOpen((now) => begun(now, id));
    void go(id, true);
  };
  const openId = current.begunId ?? current.storedId;
  const conversations = <ConversationList agentId={agent.id} openId={openId} onNew={startNew} onChosen={list.close} />;

  return (
    <div ref={playground} className={styles["playground"]}>
      <aside className={styles["aside"]}>{conversations}</aside>
      <div className={styles["bar"]} hidden={openId === undefined && !chats?.length}>
        <Button
          variant="default"
          size="sm"
          leftSection={<MessagesSquare size={18} aria-hidden />}
          onClick={list.open}
          aria-haspopup="dialog"
        >
          Chats
        </Button>
      </div>
      <Drawer
        opened={listOpened}
        onClose={list.close}
        title="Chats"
        size="xs"
        // Its <header> would count as the page's second banner, as it stands outside <main>.
        attributes={{ header: { role: "none" } }}
      >
        {conversations}
      </Drawer>
      {current.storedId === undefined ? (
        <Chat key={current.key} agent={agent} initial={null} onStarted={onStarted} />
      ) : (
        <StoredChat key={current.key} agent={agent} id={current.storedId} onNew={startNew} />
      )}
    </div>
  );
}
