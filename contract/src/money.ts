/** What was spent is rounded down, what is needed up, so that no sum of them contradicts a refusal; `near` is for prices. */
export type Rounding = "down" | "up" | "near";

const roundTo: Record<Rounding, (value: number) => number> = { down: Math.floor, up: Math.ceil, near: Math.round };

/**
 * Micro-dollars in words, the same on pages, in refusals and in mails: 1230000 → "$1.23". Below a cent the two digits that
 * count: 420 → "$0.00042".
 */
export function dollarWords(micros: number, rounding: Rounding = "down"): string {
  const size = Math.abs(micros);
  // Of whole micro-dollars, so that no fraction of a dollar is rounded twice.
  const step = size >= 10_000 ? 10_000 : 10 ** Math.max(0, Math.floor(Math.log10(size)) - 1);
  const rounded = roundTo[rounding](micros / step) * step;
  const small = rounded !== 0 && Math.abs(rounded) < 10_000;
  return (rounded / 1e6).toLocaleString("en-US", {
    style: "currency",
    currency: "USD",
    ...(small ? { maximumFractionDigits: 6 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  });
}
