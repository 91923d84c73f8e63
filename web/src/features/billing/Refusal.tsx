import { Alert, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { wordsFor } from "../../ui/problem-words.ts";
import styles from "./billing.module.css";
import { KeepPlan } from "./KeepPlan.tsx";
import { refusalWords, type WayOut } from "./switch-words.ts";
import { type Choice, codeOf, usePortal } from "./use-checkout.ts";

interface RefusalProps {
  error: unknown;
  choice: Choice;
  /** Asks for the same by the month. */
  onMonth: () => void;
}

function Way({ way, onMonth }: { way: WayOut; onMonth: () => void }) {
  const { data } = useQuery(queries.subscription);
  const portal = usePortal();
  const button = { size: "sm", variant: "default" } as const;
  if (way === "plans") {
    return (
      <Button {...button} component="a" href="/pricing">
        See the plans
      </Button>
    );
  }
  if (way === "month") {
    return (
      <Button {...button} onClick={onMonth}>
        Take it by the month
      </Button>
    );
  }
  if (way === "keep" && data?.subscribedTo) return <KeepPlan plan={data.subscribedTo} {...button} />;
  if (way === "card") {
    return (
      <Button {...button} loading={portal.isPending} onClick={() => portal.mutate("card")}>
        Change card
      </Button>
    );
  }
  const invoice = data?.pastDue?.invoiceUrl;
  if (way === "pay" && invoice) {
    return (
      <Button {...button} component="a" href={invoice} target="_blank" rel="noreferrer">
        Pay now
      </Button>
    );
  }
  return (
    <LinkButton {...button} to="/settings/billing">
      To Billing
    </LinkButton>
  );
}

/** Why a plan cannot be had or changed now, and the way out. */
export function Refusal({ error, choice, onMonth }: RefusalProps) {
  const words = refusalWords(codeOf(error), choice);
  if (!words) {
    const { title, detail } = wordsFor(error);
    return (
      <Alert color="red" variant="light" title={title} role="alert">
        {detail}
      </Alert>
    );
  }
  return (
    <Alert color="collar" variant="light" title={words.title} role="status">
      <p className={words.way ? styles["confirm"] : styles["plain"]}>{words.detail}</p>
      {words.way && <Way way={words.way} onMonth={onMonth} />}
    </Alert>
  );
}
