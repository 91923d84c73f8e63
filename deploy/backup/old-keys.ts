import { momentOf, wholeBackups } from "./manifest.ts";

export const keptDays = 30;
const dayMs = 86_400_000;

/**
 * What may go: backups older than 30 days, and a day later what is left of those that never became whole. Never the
 * newest whole one, however old. Keys that are not of a backup stay.
 */
export function oldKeys(keys: string[], now: Date): string[] {
  const whole = wholeBackups(keys);
  const newest = whole.at(-1);
  const counted = new Set(whole);
  return keys.filter((key) => {
    const name = key.split("/", 1)[0] ?? "";
    const began = momentOf(name);
    if (began === null || name === newest) return false;
    return now.getTime() - began.getTime() > (counted.has(name) ? keptDays : 1) * dayMs;
  });
}
