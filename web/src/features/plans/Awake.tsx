import { planOf, type PlanFit } from "@charlie/contract";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { queries } from "../../api/index.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { PageHead } from "../../ui/PageHead.tsx";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { keepsWords, mayChoose } from "./asleep-words.ts";
import { AwakeForm } from "./AwakeForm.tsx";

const route = getRouteApi("/_app/awake");

function lead(fit: PlanFit, isPresent: boolean): string {
  const begins = isPresent ? "" : ` once you are on ${planOf(fit.plan).name}`;
  return `${keepsWords(fit) ?? ""}${begins}. The others sleep: you can read them, and they wake up just as they are when your plan has room again.`;
}

/** Where the owner chooses which agents and projects stay awake when the plan has no room for all. */
export function Awake() {
  useTitle("Who stays awake?");
  const { for: plan } = route.useSearch();
  const { data: me } = useSuspenseQuery(queries.me);
  const { data, error, refetch } = useQuery(queries.planFit(plan));
  const back = <LinkButton to="/home">Back to your agents</LinkButton>;
  if (!data) {
    return error ? (
      <ErrorState error={error} onRetry={() => void refetch()} order={1} />
    ) : (
      <>
        <PageHead title="Who stays awake?" />
        <SkeletonLines count={5} />
      </>
    );
  }
  const { workspace } = me;
  if (data.frozen.agents + data.frozen.projects === 0) {
    return (
      <EmptyState title="Everybody is awake" order={1} action={back}>
        {planOf(data.plan).name} has room for all of them, so there is nothing to choose.
      </EmptyState>
    );
  }
  if (!mayChoose(workspace.role)) {
    return (
      <EmptyState title="The owner chooses who stays awake" order={1} mood="asleep" action={back}>
        {lead(data, data.plan === workspace.plan)}
      </EmptyState>
    );
  }
  return (
    <>
      <PageHead title="Who stays awake?" description={lead(data, data.plan === workspace.plan)} />
      <AwakeForm key={data.plan} fit={data} />
    </>
  );
}
