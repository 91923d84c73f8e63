import { Button } from "@mantine/core";
import type { Agent } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { queries, statusOf } from "../../api/index.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { Chat } from "./Chat.tsx";

interface StoredChatProps {
  agent: Agent;
  id: string;
  onNew: () => void;
}

const gone = [400, 404];

/** A conversation from the store. It is read anew each time it opens: an answer may have come in the meantime. */
export function StoredChat({ agent, id, onNew }: StoredChatProps) {
  const { data, error, isFetchedAfterMount, refetch } = useQuery({
    ...queries.conversation(id),
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
  if (data && isFetchedAfterMount && data.agentId === agent.id) return <Chat agent={agent} initial={data} />;
  if (data?.agentId === agent.id || (!data && !error)) return <SkeletonLines count={5} />;
  if (error && !gone.includes(statusOf(error) ?? 0)) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <EmptyState
      title="This chat is not here any more"
      mood="puzzled"
      action={<Button onClick={onNew}>New chat</Button>}
    >
      It may have been deleted. Your other chats are kept.
    </EmptyState>
  );
}
