import type { Settings } from "../../../settings.ts";

/** By their names: what nobody else may read. */
const isSecret = (name: string): boolean => /KEY|SECRET|DSN|HEADERS/.test(name) && !/PUBLISHABLE|JWT/.test(name);

/** Shorter ones stand in ordinary words too, and are no secrets. */
const shortest = 6;

function secretsOf([name, value]: [string, unknown]): string[] {
  if (typeof value !== "string") return [];
  if (isSecret(name)) return [value, ...value.split(/[,=\s]/)];
  const password = URL.canParse(value) ? new URL(value).password : "";
  return password === "" ? [] : [password, decodeURIComponent(password)];
}

/** Blackens every secret of the settings in a text: what a service answers may repeat one. */
export function scrubber(settings: Settings): (text: string) => string {
  const secrets = Object.entries(settings)
    .flatMap(secretsOf)
    .map((secret) => secret.trim())
    .filter((secret) => secret.length >= shortest)
    .toSorted((one, other) => other.length - one.length);
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, "•••"), text);
}
