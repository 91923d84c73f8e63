import { z } from "zod";

/** What is known of somebody whom Clerk signs in. */
export interface ClerkPerson {
  clerkId: string;
  /** Empty where Clerk knows none. */
  name: string;
  /** In small letters; `null` where there is none (Clerk also takes telephone numbers). */
  email: string | null;
  emailVerified: boolean;
  image: string | null;
  /** How new this is, by Clerk's clock, in ms since the epoch; 0: not known. */
  toldAt: number;
}

/** Clerk's ids are short; what is not is none of Clerk's. */
export const clerkId = z.string().regex(/^[\w-]{1,100}$/);

/** A person as Clerk's API and webhooks show them (clerk.com/docs/reference/backend/types/backend-user). */
const user = z.object({
  id: clerkId,
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  username: z.string().nullish(),
  image_url: z.string().nullish(),
  primary_email_address_id: z.string().nullish(),
  email_addresses: z
    .array(
      z.object({
        id: z.string(),
        email_address: z.string(),
        verification: z.object({ status: z.string() }).nullish(),
      }),
    )
    .default([]),
  updated_at: z.number(),
});

/** One line of text that PostgreSQL can keep. */
export const lineOf = (...parts: (string | null | undefined)[]): string =>
  parts
    .filter(Boolean)
    .join(" ")
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, "")
    .trim()
    .slice(0, 80);

/** An address as we keep it, `null` for what is none. */
export function addressOf(address: string | undefined): string | null {
  const small = address?.trim().toLowerCase();
  return z.email().max(254).safeParse(small).data ?? null;
}

/** Reads a person of Clerk's. Throws a ZodError on what is none. */
export function readPerson(json: unknown): ClerkPerson {
  const person = user.parse(json);
  const primary = person.email_addresses.find(({ id }) => id === person.primary_email_address_id);
  const email = addressOf(primary?.email_address);
  return {
    clerkId: person.id,
    name: lineOf(person.first_name, person.last_name) || lineOf(person.username),
    email,
    emailVerified: email !== null && primary?.verification?.status === "verified",
    image: person.image_url?.startsWith("https://") ? person.image_url : null,
    toldAt: person.updated_at,
  };
}
