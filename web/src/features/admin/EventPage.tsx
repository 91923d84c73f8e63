import { Badge, Button, Code, Title } from "@mantine/core";
import { type EndpointOutput, type getBillingEvent, replayBillingEvent } from "@charlie/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/index.ts";
import { formatDateTime, formatUnits } from "../../ui/format.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { notifyDone } from "../../ui/toasts.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { eventMark } from "./admin-words.ts";
import styles from "./admin.module.css";

/** One event: how far it has come, why not further, what Stripe wrote, and the button to work on it again. */
export function EventPage({ event }: { event: EndpointOutput<typeof getBillingEvent> }) {
  useTitle(event.type);
  const queryClient = useQueryClient();
  const replay = useMutation({
    mutationFn: () => call(replayBillingEvent, { params: { id: event.id } }, { once: true }),
    onSuccess: () => {
      notifyDone("It is worked on again.");
      return queryClient.invalidateQueries({ queryKey: ["admin"] });
    },
  });
  const { label, color } = eventMark(event);
  return (
    <div className={styles["stack"]}>
      <header>
        <Title order={2} className={styles["anywhere"]}>
          {event.type}
        </Title>
        <p className={styles["quiet"]}>{event.stripeEventId}</p>
      </header>
      <section className={styles["card"]} aria-label="State">
        <Badge color={color} variant="light" size="lg">
          {label}
        </Badge>
        <p>
          Came on {formatDateTime(event.receivedAt)}
          {event.processedAt && `, done on ${formatDateTime(event.processedAt)}`}.{" "}
          {event.attempts === 0 ? "Nothing is done with this type." : `${formatUnits(event.attempts, "attempt")}.`}
        </p>
        {event.error !== null && <p className={styles["anywhere"]}>Why the last one failed: {event.error}</p>}
        {event.customer && (
          <TextLink to="/admin/customers/$customerId" params={{ customerId: event.customer.id }}>
            {event.customer.name}
          </TextLink>
        )}
        <div>
          <Button loading={replay.isPending} onClick={() => replay.mutate()}>
            Replay
          </Button>
          <p className={styles["quiet"]}>
            We ask Stripe again how things stand. Where all is right already, nothing changes.
          </p>
        </div>
      </section>
      <section>
        <Title order={3} mb="sm">
          What Stripe wrote
        </Title>
        {/* It scrolls by itself, so the keyboard has to reach it. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <Code block className={styles["payload"]} tabIndex={0} role="region" aria-label="What Stripe wrote">
          {JSON.stringify(event.payload, null, 2)}
        </Code>
      </section>
    </div>
  );
}
