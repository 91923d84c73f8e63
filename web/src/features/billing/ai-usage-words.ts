import type { AiUsage } from "@charlie/contract";
import { formatDate, formatMicros } from "../../ui/format.ts";

/** "AI this period: $1.23, passed on at cost, on your next invoice (December 22, 2026)."; `null` where there is none. */
export function aiUsageWords({
  nextInvoiceMicros,
  nextInvoiceAt,
}: Pick<AiUsage, "nextInvoiceMicros" | "nextInvoiceAt">): string | null {
  if (nextInvoiceMicros === 0) return null;
  const when = nextInvoiceAt === null ? "" : ` (${formatDate(nextInvoiceAt)})`;
  return `AI this period: ${formatMicros(nextInvoiceMicros, "near")}, passed on at cost, on your next invoice${when}.`;
}
