import { Table } from "@mantine/core";
import type { UsageBreakdown, UsagePart } from "@charlie/contract";
import { formatCount, formatDay, formatMicros } from "../../ui/format.ts";
import styles from "./history.module.css";
import { answeredBy, nameOf, wordsOf } from "./used.ts";

const heads: Record<UsageBreakdown, string> = { day: "Day", agent: "Agent", model: "Brain" };
const answered = new Map(answeredBy.map(({ share, label }) => [share, label]));

function Row({ part }: { part: UsagePart }) {
  const { day, payer, messages, tokensIn, tokensOut, costMicros, passedOnMicros, ownKeyMicros } = part;
  const gone = part.agent?.state === "deleted" ? " (deleted)" : part.agent?.state === "frozen" ? " (asleep)" : "";
  // Where a key's provider has no price that is known, nothing would be a lie.
  const own = ownKeyMicros > 0 ? `about ${formatMicros(ownKeyMicros)}` : "not known";
  const cost = payer === "own_key" ? own : formatMicros(costMicros);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {day ? formatDay(day) : `${nameOf(part)}${gone}`}
      </Table.Th>
      <Table.Td>{answered.get(payer)}</Table.Td>
      <Table.Td>{formatCount(messages)}</Table.Td>
      <Table.Td>{formatCount(wordsOf(tokensIn + tokensOut))}</Table.Td>
      <Table.Td>{cost}</Table.Td>
      <Table.Td>{formatMicros(passedOnMicros)}</Table.Td>
    </Table.Tr>
  );
}

/** All numbers of a history: a row for each day, agent or brain and payer. */
export function PartTable({ by, parts }: { by: UsageBreakdown; parts: readonly UsagePart[] }) {
  const rows = by === "day" ? parts.toReversed() : parts;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <section className={styles["wide"]} aria-label="Usage as a table" tabIndex={0}>
      <Table horizontalSpacing="sm" className={styles["table"]}>
        <Table.Thead>
          <Table.Tr>
            {[heads[by], "Answered", "Messages", "Words", "AI cost", "Charged to you"].map((head) => (
              <Table.Th key={head} scope="col">
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((part) => (
            <Row
              key={`${part.day} ${part.agent?.id} ${part.brain?.provider} ${part.brain?.model} ${part.payer}`}
              part={part}
            />
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
