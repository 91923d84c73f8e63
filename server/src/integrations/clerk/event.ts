import { z } from "zod";
import { clerkId, readPerson, type ClerkPerson } from "./person.ts";

/** What Clerk tells by its webhook; `other` is what nothing here depends on. */
export type ClerkEvent =
  | { kind: "person"; person: ClerkPerson }
  | { kind: "deleted"; clerkId: string }
  | { kind: "session-over"; sessionId: string }
  | { kind: "other" };

const event = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) });
const named = z.object({ id: clerkId });

/** Reads a webhook's event (clerk.com/docs/webhooks/overview). Throws a ZodError on what is none. */
export function readEvent(json: unknown): ClerkEvent {
  const { type, data } = event.parse(json);
  switch (type) {
    case "user.created":
    case "user.updated":
      return { kind: "person", person: readPerson(data) };
    case "user.deleted":
      return { kind: "deleted", clerkId: named.parse(data).id };
    case "session.ended":
    case "session.removed":
    case "session.revoked":
      return { kind: "session-over", sessionId: named.parse(data).id };
    default:
      return { kind: "other" };
  }
}
