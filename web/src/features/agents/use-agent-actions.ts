import {
  type Agent,
  type AgentSummary,
  deleteAgent,
  duplicateAgent,
  restoreAgent,
  updateAgent,
} from "@charlie/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call, queries } from "../../api/index.ts";
import { notifyDone } from "../../ui/toasts.tsx";

/** What of an agent can be changed. */
export type AgentChange = Partial<Pick<Agent, "name" | "projectId" | "who" | "rules" | "tricks" | "brain">>;
type Named = Pick<AgentSummary, "id" | "name">;

/** What can be done with an agent from outside; each keeps the lists in step and says what it did. */
export function useAgentActions() {
  const queryClient = useQueryClient();
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: queries.agents.queryKey, exact: true }),
      queryClient.invalidateQueries({ queryKey: queries.projects.queryKey }),
      queryClient.invalidateQueries({ queryKey: queries.usageLimits.queryKey }),
      queryClient.invalidateQueries({ queryKey: ["plan-fit"] }),
    ]);
  const keep = (agent: Agent) => {
    queryClient.setQueryData(queries.agent(agent.id).queryKey, agent);
    return refresh();
  };

  const change = useMutation({
    mutationFn: ({ id, body }: { id: string; body: AgentChange }) => call(updateAgent, { params: { id }, body }),
    meta: { quiet: true },
    onSuccess: keep,
  });
  const duplicate = useMutation({
    mutationFn: ({ id }: Named) => call(duplicateAgent, { params: { id } }, { once: true }),
    onSuccess: (copy) => {
      notifyDone(`${copy.name} is here.`);
      return keep(copy);
    },
  });
  const restore = useMutation({
    mutationFn: (id: string) => call(restoreAgent, { params: { id } }),
    meta: { quiet: true },
    onSuccess: keep,
  });
  const remove = useMutation({
    mutationFn: ({ id }: Named) => call(deleteAgent, { params: { id } }),
    onSuccess: (_, { id, name }) => {
      // What is left of him in the cache would show for a moment, should somebody go back to his page.
      queryClient.removeQueries({ queryKey: queries.agent(id).queryKey });
      notifyDone(`${name} is deleted.`, { undo: () => restore.mutateAsync(id) });
      return refresh();
    },
  });
  return {
    /** Changes name, answers, brain or project. Rejects where the server says no. */
    change: (id: string, body: AgentChange) => change.mutateAsync({ id, body }),
    duplicate: (agent: Named) => duplicate.mutateAsync(agent),
    /** Deletes at once; the toast takes it back. */
    remove: (agent: Named) => remove.mutateAsync(agent),
  };
}
