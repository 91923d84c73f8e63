import { Button, Group, Title } from "@mantine/core";
import { type PlanId, planOf } from "@charlie/contract";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Charlie } from "../../charlie/Charlie.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { Waiting } from "../../ui/Skeletons.tsx";
import { useTitle } from "../../ui/use-title.ts";
import styles from "./billing.module.css";
import { forgetPlace, placeBefore } from "./return-path.ts";
import { allowanceWords } from "./upgrade-words.ts";
import { usePlanArrives } from "./use-plan-arrives.ts";

/** The plan runs: says so, and leads back to where the person was. Nobody is hurried: how fast one reads differs. */
function Here({ plan }: { plan: PlanId }) {
  const navigate = useNavigate();
  const [place] = useState(placeBefore);
  const { name, limits } = planOf(plan);
  useEffect(forgetPlace, []);
  return (
    <>
      <Charlie pose="sitting" size={160} mood="answering" wagging />
      <Title order={1}>You are on {name} now</Title>
      <p className={styles["lead"]}>
        From now on: {allowanceWords("messagesPerDay", limits.messagesPerDay)},{" "}
        {allowanceWords("agents", limits.agents)} and {allowanceWords("projects", limits.projects)}. The receipt comes
        by mail.
      </p>
      <Button size="lg" autoFocus onClick={() => void navigate({ href: place, replace: true })}>
        Go on where I was
      </Button>
    </>
  );
}

function Late({ onAgain }: { onAgain: () => void }) {
  return (
    <>
      <Charlie pose="sitting" size={160} mood="thinking" />
      <Title order={1}>The confirmation takes a little longer</Title>
      <p className={styles["lead"]}>
        If you paid, your payment is safe and you will not be charged twice. The new plan starts by itself as soon as
        the payment provider tells us, usually within minutes. You need not wait here.
      </p>
      <Group justify="center" gap="xs">
        <Button onClick={onAgain}>Look again</Button>
        <LinkButton to="/settings/billing" variant="default">
          See my plan
        </LinkButton>
      </Group>
    </>
  );
}

/** The page after payment: waits until the plan is there, says so, and leads back. */
export function AfterPayment() {
  useTitle("Thank you");
  const { arrival, again } = usePlanArrives();
  return (
    <div className={styles["after"]} role="status">
      {arrival.state === "here" && <Here plan={arrival.subscription.plan} />}
      {arrival.state === "late" && <Late onAgain={again} />}
      {arrival.state === "waiting" && (
        <>
          <Title order={1}>Thank you!</Title>
          <Waiting>Charlie is fetching your new plan. This takes a few seconds.</Waiting>
        </>
      )}
    </div>
  );
}
