import { Button, Group } from "@mantine/core";
import type { Subscription } from "@charlie/contract";
import { lazy, Suspense } from "react";
import { useAsked } from "../../ui/use-asked.ts";
import { standingWords } from "./billing-words.ts";
import { EndNow } from "./EndNow.tsx";
import { KeepPlan } from "./KeepPlan.tsx";
import { PayNow } from "./PayNow.tsx";
import { useUpgrade } from "./upgrade.tsx";
import { planAbove } from "./upgrade-words.ts";
import { type PortalFlow, usePortal } from "./use-checkout.ts";

const ChangePlan = lazy(() => import("./ChangePlan.tsx"));

interface ManageProps {
  subscription: Subscription;
}

/** The way up from a plan that is not paid for. */
function SeeMore({ subscription }: ManageProps) {
  const upgrade = useUpgrade();
  const above = planAbove(subscription.plan);
  if (!above) return null;
  return (
    <Group>
      <Button onClick={() => upgrade()}>See what {above.name} gives</Button>
    </Group>
  );
}

/** What can be done about a plan, by how it stands. What costs money is shown before it is agreed to. */
export function Manage({ subscription }: ManageProps) {
  const portal = usePortal();
  const { asked, opener, ask, close } = useAsked<"change">();
  const { subscribedTo, interval, status, canManage } = subscription;
  const { tone } = standingWords(subscription);
  const go = (flow: PortalFlow) => ({
    onClick: () => portal.mutate(flow),
    loading: portal.isPending && portal.variables === flow,
    disabled: portal.isPending && portal.variables !== flow,
  });
  if (!canManage) return subscription.plan === "free" ? <SeeMore subscription={subscription} /> : null;
  if (status === "paused") {
    return (
      <Group>
        <Button {...go("home")}>Put it in order</Button>
      </Group>
    );
  }
  if (!subscribedTo) return <SeeMore subscription={subscription} />;
  if (tone === "trouble") {
    return (
      <Group gap="xs">
        <PayNow url={subscription.pastDue?.invoiceUrl ?? null} />
        <Button variant="default" {...go("card")}>
          Change card
        </Button>
        <EndNow subscription={subscription} plan={subscribedTo} />
      </Group>
    );
  }
  if (tone === "ending") {
    return (
      <Group gap="xs">
        <KeepPlan plan={subscribedTo} />
        <Button variant="default" {...go("card")}>
          Change card
        </Button>
        <EndNow subscription={subscription} plan={subscribedTo} />
      </Group>
    );
  }
  return (
    <Group gap="xs">
      <Button ref={opener} variant="default" onClick={() => ask("change")}>
        Change plan
      </Button>
      <Button variant="default" {...go("card")}>
        Change card
      </Button>
      <Button variant="subtle" color="gray" {...go("cancel")}>
        Cancel plan
      </Button>
      {asked && (
        <Suspense>
          <ChangePlan opened={asked.opened} onClose={close} from={subscribedTo} interval={interval ?? "month"} />
        </Suspense>
      )}
    </Group>
  );
}
