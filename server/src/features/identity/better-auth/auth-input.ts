import { isVisible } from "@charlie/contract";
import { z } from "zod";

/** PostgreSQL cannot store NUL, and no line of ours holds control characters. */
const text = (max: number) =>
  z
    .string()
    .max(max, `Please keep this under ${max.toLocaleString("en")} characters.`)
    .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), "Please use plain text on one line.");

/**
 * All that is passed on to Better Auth, each bounded; whether it is right is for Better Auth to say. Nobody tells us
 * where to go on to: that would be a link of ours to anywhere.
 */
export const authInput = z
  .object({
    name: text(80).refine(isVisible, "Please write a name that can be seen.").optional(),
    email: text(254).optional(),
    password: text(1_000).optional(),
    newPassword: text(1_000).optional(),
    token: text(4_000).optional(),
    rememberMe: z.boolean().optional(),
  })
  .nullish();

/** What a link in one of our mails carries. */
export const linkInput = z.object({ token: text(4_000).optional() });
