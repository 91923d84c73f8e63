import { createPublicKey } from "node:crypto";
import { z } from "zod";
import { isNetwork } from "./network.ts";

/** The kinds of values that settings are made of. */

/** What stands before the secret part of a provider's keys and ids. */
const keyPrefix = /^((sk|rk|pk)_(test|live)_|whsec_|phc_|re_|price_|sk-(ant-|proj-)?)/;

/** Values that stand in example files and tutorials, and defaults that everybody knows: never a secret. */
const placeholders = [
  /^((change|replace)[-_ ]?(me|this)|your[-_ ]|example|placeholder|better-auth-secret|<|\.{3}|x{3})/i,
  /^((super)?secret|password|postgres|admin|test|todo)\d*$/i,
  /^(.)\1*$/,
  /^(0123456789|1234567890)+\d*$/,
];
/** Whether somebody took it over from an example instead of making one. */
export const isPlaceholder = (value: string): boolean =>
  placeholders.some((pattern) => pattern.test(value.replace(keyPrefix, "")));

/** Text that need not be there; an empty line is as good as none. */
export const optional = z
  .string()
  .trim()
  .transform((value) => (value === "" ? undefined : value))
  .optional();
/** What is never shown. Several may be separated by commas. */
export const secret = optional.refine(
  (value) => value === undefined || !value.split(",").some((part) => isPlaceholder(part.trim())),
  "is a placeholder, not a secret",
);
/** A number within bounds, and what it is where it is not set. */
export const wholeNumber = (fallback: number, min: number, max: number) =>
  z.coerce.number({ error: "must be a number" }).int().min(min).max(max).default(fallback);
/** A number of `what`, 1 or more, or none. */
export const maybeNumber = (what: string, max: number) =>
  optional
    .transform((value) => (value === undefined ? undefined : Number(value)))
    .pipe(
      z
        .int({ error: `must be ${what}` })
        .min(1)
        .max(max)
        .optional(),
    );
/** An address of any scheme, databases too. */
export const url = optional.refine(
  (value) => value === undefined || URL.canParse(value),
  "must be an address like https://…",
);

/** One address. */
export const mailAddress = optional.refine(
  (value) => value === undefined || z.email().safeParse(value).success,
  "must be an e-mail address",
);

/** Addresses and networks, comma-separated. */
export const networks = optional
  .transform((value) => value?.split(",").map((part) => part.trim()))
  .refine(
    (parts) => parts === undefined || parts.every(isNetwork),
    "must be addresses or networks like 10.213.77.0/24, not wider than /8 (IPv6: /16)",
  );

/** A page that we link to: `javascript:` is an address too. */
export const webPage = optional.refine(
  (value) => value === undefined || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)),
  "must be an address like https://…",
);

/** Whether it is the key that Clerk shows: RSA of 2048 bits, in PEM. */
export function isClerkJwtKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem);
    return asymmetricKeyType === "rsa" && asymmetricKeyDetails?.modulusLength === 2048;
  } catch {
    return false;
  }
}
