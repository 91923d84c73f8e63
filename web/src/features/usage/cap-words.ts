import { formatMicros } from "../../ui/format.ts";

/** "12.50" or "$1,200" → micro-dollars; NaN where it is no amount to the cent. */
export function microsOfDollars(text: string): number {
  const plain = text.trim().replace(/^\$/, "").replaceAll(",", "");
  return /^\d{1,9}(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) * 10_000 : Number.NaN;
}

/** What is wrong with a cap as it was typed; `undefined` where it can be taken. Empty is fine. */
export function capFault(text: string, mostMicros: number): string | undefined {
  if (text.trim() === "") return undefined;
  const micros = microsOfDollars(text);
  if (Number.isNaN(micros)) return "Please write an amount in dollars, like 25 or 12.50.";
  return micros > mostMicros ? `On this plan the cap can be ${formatMicros(mostMicros)} at most.` : undefined;
}
