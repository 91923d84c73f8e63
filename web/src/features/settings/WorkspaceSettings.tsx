import { Badge, Button, Group, Stack, TextInput, Title } from "@mantine/core";
import { type FeatureId, featureLabels, plans, updateWorkspace } from "@charlie/contract";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { call, fieldErrors, queries } from "../../api/index.ts";
import { notifyDone } from "../../ui/toasts.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { useTitle } from "../../ui/use-title.ts";
import { ConsentSetting } from "../analytics/ConsentSetting.tsx";
import { FormProblem } from "../identity/FormProblem.tsx";
import styles from "./settings.module.css";

function Rename({ id, name }: { id: string; name: string }) {
  const queryClient = useQueryClient();
  const rename = useMutation({
    mutationFn: (next: string) => call(updateWorkspace, { params: { id }, body: { name: next } }),
    meta: { quiet: true },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queries.me.queryKey });
      notifyDone("The new name is saved.");
    },
    onError: (error) => setErrors(fieldErrors(error)),
  });
  const { form, field, values, setErrors } = useFields({
    initial: { name },
    check: (given) => ({ name: given.name.trim() === "" ? "Please write a name." : undefined }),
    onSubmit: (given) => rename.mutate(given.name.trim()),
  });
  const general = rename.error && Object.keys(fieldErrors(rename.error)).length === 0 ? rename.error : null;
  return (
    <form {...form}>
      <Stack gap="sm" maw={420}>
        <FormProblem error={general} />
        <TextInput
          label="Name"
          description="Only you see it, and later your team."
          maxLength={80}
          autoComplete="organization"
          {...field("name")}
        />
        <Group>
          <Button type="submit" loading={rename.isPending} disabled={values.name.trim() === name}>
            Save name
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const sections: readonly FeatureId[] = ["members", "apiAccess", "whiteLabel"];

/** Sections of the settings that are sold but not built yet, with the first plan that will have them. */
function Coming() {
  const coming = sections.flatMap((id) => {
    const plan = plans.find(({ features }) => features[id] !== "no");
    return plan?.features[id] === "coming" ? [{ id, plan: plan.name }] : [];
  });
  if (coming.length === 0) return null;
  return (
    <section>
      <Title order={3} mb="xs">
        On their way
      </Title>
      <ul className={styles["coming"]}>
        {coming.map(({ id, plan }) => (
          <li key={id}>
            <span>{featureLabels[id]}</span>
            <Badge variant="default" tt="none">
              Coming to {plan}
            </Badge>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Settings, Workspace: its name, and what will be found here later. */
export function WorkspaceSettings() {
  useTitle("Settings");
  const { data: me } = useSuspenseQuery(queries.me);
  const { id, name, role } = me.workspace;
  return (
    <Stack gap="xl">
      <Stack gap="md">
        <Title order={2}>Workspace</Title>
        {role === "owner" || role === "admin" ? <Rename key={name} id={id} name={name} /> : <p>{name}</p>}
      </Stack>
      <ConsentSetting />
      <Coming />
    </Stack>
  );
}
