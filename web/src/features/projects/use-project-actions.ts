import { createProject, deleteProject, type Project, restoreProject, updateProject } from "@charlie/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call, queries } from "../../api/index.ts";
import { notifyDone } from "../../ui/toasts.tsx";

/** What can be done with projects; each keeps the lists in step and says what it did. */
export function useProjectActions() {
  const queryClient = useQueryClient();
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: queries.projects.queryKey }),
      queryClient.invalidateQueries({ queryKey: queries.agents.queryKey }),
      queryClient.invalidateQueries({ queryKey: queries.usageLimits.queryKey }),
      queryClient.invalidateQueries({ queryKey: ["plan-fit"] }),
    ]);

  const create = useMutation({
    mutationFn: (name: string) => call(createProject, { body: { name } }, { once: true }),
    meta: { quiet: true },
    onSuccess: refresh,
  });
  const rename = useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) => call(updateProject, { params: { id }, body: { name } }),
    meta: { quiet: true },
    onSuccess: refresh,
  });
  const restore = useMutation({
    mutationFn: (id: string) => call(restoreProject, { params: { id } }),
    meta: { quiet: true },
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: ({ id }: Project) => call(deleteProject, { params: { id } }),
    onSuccess: async (_, { id, name }) => {
      notifyDone(`${name} is deleted, with its agents.`, { undo: () => restore.mutateAsync(id) });
      await refresh();
    },
  });
  return {
    create: (name: string) => create.mutateAsync(name),
    rename: (id: string, name: string) => rename.mutateAsync({ id, name }),
    remove: (project: Project) => remove.mutate(project),
  };
}
