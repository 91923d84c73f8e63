import { z } from "zod";

/** PostgreSQL cannot store NUL, and no line of ours holds control characters. */
const text = (max: number) =>
  z
    .string()
    .max(max, `Please keep this under ${max.toLocaleString("en")} characters.`)
    .refine((value) => !/\p{Cc}/u.test(value), "Please use plain text on one line.")
    .optional();

/** All that is passed on to Better Auth, each bounded; whether it is right is for Better Auth to say. */
export const authInput = z
  .object({
    name: text(80),
    email: text(254),
    password: text(1_000),
    newPassword: text(1_000),
    token: text(4_000),
    redirectTo: text(1_000),
    callbackURL: text(1_000),
    rememberMe: z.boolean().optional(),
  })
  .nullish();
