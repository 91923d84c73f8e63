import { Button, TextInput } from "@mantine/core";
import { auditBooks, type BookAudit, type CustomerDecision, getCustomerDecision, planOf } from "@charlie/contract";
import { useMutation } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { call } from "../../api/index.ts";
import { formatCount, formatDateTime, formatUnits } from "../../ui/format.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { refusedWords } from "../usage/refused-words.ts";
import styles from "./admin.module.css";

function auditWords({ differenceCount, answers, workspaces }: BookAudit): string {
  const seen = `${formatUnits(answers, "answer")} of ${formatUnits(workspaces, "customer")}`;
  return differenceCount === 0
    ? `All in order: counters, answers and ledger agree on ${seen}.`
    : `${formatUnits(differenceCount, "place")} where the books do not agree, looking at ${seen}.`;
}

/** Whether counters, answers, ledger and history agree; looked at when asked. */
export function Books() {
  const audit = useMutation({ mutationFn: () => call(auditBooks, {}) });
  return (
    <div className={styles["card"]}>
      <p role="status">
        {audit.data ? auditWords(audit.data) : "Do counters, answers and ledger agree? Looking changes nothing."}
      </p>
      {audit.error && <p role="alert">{audit.error.message}</p>}
      <div>
        <Button loading={audit.isPending} onClick={() => audit.mutate()}>
          Check the books
        </Button>
      </div>
      {audit.data && audit.data.differences.length > 0 && (
        <ol className={styles["entries"]}>
          {audit.data.differences.map(({ invariant, workspaceId, subject, expected, found }) => (
            <li key={`${invariant} ${workspaceId} ${subject}`}>
              <TextLink to="/admin/customers/$customerId" params={{ customerId: workspaceId }}>
                {invariant.replaceAll("_", " ")}
              </TextLink>
              <span className={`${styles["small"]} ${styles["anywhere"]}`}>
                {subject}: {formatCount(found)} instead of {formatCount(expected)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function Refused({ decision }: { decision: CustomerDecision }) {
  const { customer, detail, status, plan, createdAt } = decision;
  const { asked, count, help } = refusedWords(decision);
  return (
    <div role="status">
      <TextLink to="/admin/customers/$customerId" params={{ customerId: customer.id }}>
        {customer.name}
      </TextLink>
      <p className={styles["anywhere"]}>{detail}</p>
      <p>
        {count} {help}
      </p>
      <span className={`${styles["small"]} ${styles["anywhere"]}`}>
        {status} · {asked} · on {planOf(plan).name} · {formatDateTime(createdAt)}
      </span>
    </div>
  );
}

/** What a customer was refused, by the id that their message carried. */
export function Refusal() {
  const [id, setId] = useState("");
  const found = useMutation({
    mutationFn: (decision: string) => call(getCustomerDecision, { params: { id: decision } }),
  });
  const search = (event: SyntheticEvent) => {
    event.preventDefault();
    if (id.trim() !== "") found.mutate(id.trim());
  };
  return (
    <div className={styles["card"]}>
      <form onSubmit={search}>
        <TextInput
          label="Why was it refused?"
          description="The id in a customer's message, then Enter"
          value={id}
          maxLength={100}
          error={found.error && "There is no refusal of this id. They are kept for 90 days."}
          onChange={({ currentTarget }) => setId(currentTarget.value)}
        />
      </form>
      {found.data && <Refused decision={found.data} />}
    </div>
  );
}
