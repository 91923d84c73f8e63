/**
 * The host of Clerk's frontend API that a publishable key names (`pk_test_` or `pk_live_`, then the host and a `$` in
 * base64), or `null` where it is no such key. The host stands in our content security policy, so nothing but a host
 * gets through.
 */
export function frontendApiOf(publishableKey: string): string | null {
  const encoded = /^pk_(?:test|live)_([\w+/=-]+)$/.exec(publishableKey)?.[1];
  const decoded = Buffer.from(encoded ?? "", "base64").toString("utf8");
  return /^([a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)+(:\d{1,5})?)\$$/i.exec(decoded)?.[1] ?? null;
}
