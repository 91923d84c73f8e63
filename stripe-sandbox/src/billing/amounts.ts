// Money in the currency's smallest unit, exact until the one rounding at the end.
import type { Price } from "../types.ts";

const SCALE_DIGITS = 12;
const SCALE = 10n ** BigInt(SCALE_DIGITS);

function scaled(decimal: string): bigint {
  const negative = decimal.startsWith("-");
  const [whole = "0", part = ""] = decimal.replace("-", "").split(".");
  const value = BigInt(whole) * SCALE + BigInt(part.padEnd(SCALE_DIGITS, "0").slice(0, SCALE_DIGITS));
  return negative ? -value : value;
}

/** `numerator / denominator`, halves away from zero. The denominator is positive. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/** What a quantity of a price costs. `quantity` may be a decimal string (metered usage). */
export function amountOf(price: Price, quantity: number | string): number {
  let units = scaled(String(quantity));
  const packs = price.transform_quantity;
  if (packs) {
    const size = BigInt(packs.divide_by) * SCALE;
    units = (packs.round === "up" ? (units + size - 1n) / size : units / size) * SCALE;
  }
  return Number(divideRounded(scaled(price.unit_amount_decimal ?? "0") * units, SCALE * SCALE));
}

/**
 * The share of an amount that belongs to `part` of `whole` seconds, rounded to the cent:
 * https://docs.stripe.com/billing/subscriptions/prorations ("Stripe prorates to the second")
 */
export function share(amount: number, part: number, whole: number): number {
  if (whole <= 0) return 0;
  return Number(divideRounded(BigInt(amount) * BigInt(part), BigInt(whole)));
}

/** A percentage of an amount, rounded to the cent. */
export function percentOf(amount: number, percent: number): number {
  return Number(divideRounded(BigInt(amount) * scaled(String(percent)), SCALE * 100n));
}

/** Adds decimal strings (metered values) without losing a digit. */
export function addDecimals(values: string[]): string {
  return unscaled(values.reduce((sum, value) => sum + scaled(value), 0n));
}

function unscaled(value: bigint): string {
  const size = value < 0n ? -value : value;
  const part = (size % SCALE).toString().padStart(SCALE_DIGITS, "0").replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${size / SCALE}${part ? `.${part}` : ""}`;
}
