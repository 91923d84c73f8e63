import { createHash } from "node:crypto";
import type { Tx } from "../../db/client.ts";
import type { OperationName } from "../../db/schema/operations.ts";
import { operatorsOf } from "../../operators.ts";
import { letter, queueMail } from "../mail/index.ts";

const called: Record<OperationName, string> = {
  backup: "The backup",
  restore_check: "The check that a backup can be restored",
  certificate: "The certificate",
  doctor: "A check of the service",
};

interface Failure {
  name: OperationName;
  /** What it was doing, and what was in the way. */
  error: string;
  startedAt: Date;
}

/**
 * Queues a mail about a failed operation to each address in `OPERATOR_EMAILS`, confirmed or not; the same failure is told
 * once a day. Needs an operator's transaction. Returns how many addresses it goes to.
 */
export async function queueFailedMail(
  tx: Tx,
  { operators = "", publicUrl = "" }: { operators?: string | undefined; publicUrl?: string | undefined },
  { name, error, startedAt }: Failure,
): Promise<number> {
  const day = startedAt.toISOString().slice(0, 10);
  // Numbers differ from one time to the next while the failure is the same.
  const same = createHash("sha256").update(error.replaceAll(/\d+/g, "0")).digest("hex").slice(0, 16);
  const words = letter({
    subject: `${called[name]} failed`,
    name: "",
    paragraphs: [
      `${called[name]} that began on ${day} at ${startedAt.toISOString().slice(11, 16)} UTC did not go well:`,
      error,
      "It is tried again by itself. Until it goes well, what happened since the last good one is not protected.",
    ],
    ...(publicUrl === "" ? {} : { button: { label: "Look at the launch page", url: `${publicUrl}/admin/launch` } }),
  });
  const addresses = [...operatorsOf(operators)];
  for (const to of addresses) await queueMail(tx, { ...words, to, dedupeKey: `${name}-failed:${day}:${same}:${to}` });
  return addresses.length;
}
