import type { Launch, LaunchCheck } from "@charlie/contract";
import { formatDateTime, formatUnits } from "../../ui/format.ts";

type Checked = NonNullable<Launch["checked"]>;
type Operation = Launch["operations"][number];

/** How a check's state is shown, beside its colour. */
export const stateMarks: Record<LaunchCheck["state"], { label: string; color: string }> = {
  failed: { label: "Needs a look", color: "red" },
  missing: { label: "Missing", color: "collar" },
  ok: { label: "In order", color: "green" },
  unused: { label: "Not used", color: "gray" },
};

/** What the newest run comes to, in one line. */
export function verdictWords({ ready, checks }: Checked): string {
  if (ready) return "Ready: everything that a service needs before it takes money is in order.";
  const count = (state: LaunchCheck["state"]): number => checks.filter((check) => check.state === state).length;
  const open = [
    count("failed") > 0 && `${formatUnits(count("failed"), "thing")} to look at`,
    count("missing") > 0 && `${count("missing")} missing`,
  ].filter((part) => part !== false);
  return `Not ready yet: ${open.join(", ")}.`;
}

/** What was done to the service, and what is said before the first time. */
export const operationTexts: Record<Operation["name"], { title: string; never: string }> = {
  backup: { title: "Backup", never: "None yet. The first is made within a day of going live." },
  restore_check: { title: "Restored as a test", never: "Not yet. Every week a backup is restored and compared." },
  certificate: { title: "Certificate", never: "Not compared yet. It is looked at twice a day." },
};

/** How it ended last. */
export function outcomeWords({ ok, endedAt, lastWellAt }: Operation): string {
  if (ok) return `Went well on ${formatDateTime(endedAt)}`;
  const before = lastWellAt === null ? "it never went well" : `the last good one was on ${formatDateTime(lastWellAt)}`;
  return `Failed on ${formatDateTime(endedAt)}; ${before}`;
}

/** Why it failed, where that was written down. */
export const whyWords = ({ ok, detail }: Operation): string | null =>
  !ok && typeof detail["error"] === "string" ? detail["error"] : null;
