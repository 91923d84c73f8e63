import { ActionIcon, Button } from "@mantine/core";
import { type ConversationSummary, deleteConversation } from "@charlie/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { call, queries } from "../../api/index.ts";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { formatAgo } from "../../ui/format.ts";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { notifyDone } from "../../ui/toasts.tsx";
import styles from "./list.module.css";

interface ConversationListProps {
  agentId: string;
  /** The open one; `undefined` in a new chat. */
  openId: string | undefined;
  onNew: () => void;
  /** One was chosen: a drawer closes then. */
  onChosen?: () => void;
}

/** Deletes for good; the dialogue has asked before. Does not toast errors: the dialogue shows them. */
function useDelete(agentId: string) {
  const queryClient = useQueryClient();
  const { queryKey } = queries.conversations(agentId);
  return useMutation({
    mutationFn: (id: string) => call(deleteConversation, { params: { id } }),
    meta: { quiet: true },
    onSuccess: (_, id) => {
      queryClient.setQueryData(queryKey, (list) => list?.filter((conversation) => conversation.id !== id));
      queryClient.removeQueries({ queryKey: queries.conversation(id).queryKey });
      notifyDone("The chat is deleted.");
    },
  });
}

/** An agent's chats, newest first: open one, begin one, delete one. */
export function ConversationList({ agentId, openId, onNew, onChosen }: ConversationListProps) {
  const { data, error, refetch } = useQuery(queries.conversations(agentId));
  const [doomed, setDoomed] = useState<ConversationSummary | null>(null);
  const remove = useDelete(agentId);
  return (
    <nav aria-label="Chats" className={styles["list"]}>
      <Button variant="default" fullWidth leftSection={<Plus size={18} aria-hidden />} onClick={onNew}>
        New chat
      </Button>
      {!data && !error && <SkeletonLines count={4} height={40} />}
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <p className={styles["none"]}>Your chats will be kept here.</p>}
      <ul className={styles["items"]}>
        {data?.map((conversation) => (
          <li key={conversation.id} className={styles["item"]}>
            <Link
              to="/agents/$agentId"
              params={{ agentId }}
              search={{ conversation: conversation.id }}
              className={styles["link"]}
              aria-current={conversation.id === openId ? "page" : undefined}
              onClick={onChosen}
            >
              <span className={styles["title"]}>{conversation.title}</span>
              <span className={styles["when"]}>{formatAgo(conversation.updatedAt)}</span>
            </Link>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Delete "${conversation.title}"`}
              className={styles["delete"]}
              onClick={() => setDoomed(conversation)}
            >
              <Trash2 size={16} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        opened={doomed !== null}
        onClose={() => setDoomed(null)}
        title="Delete this chat?"
        confirm="Delete the chat"
        danger
        onConfirm={async () => {
          if (!doomed) return;
          await remove.mutateAsync(doomed.id);
          if (doomed.id === openId) onNew();
        }}
      >
        “{doomed?.title}” and its answers will be gone for good. What they used today stays counted.
      </ConfirmDialog>
    </nav>
  );
}
