import { ZodError } from "zod";
import { clerkEndedSessions } from "../../../db/schema/clerk.ts";
import { asOperator } from "../../../db/client.ts";
import { badRequest } from "../../../errors.ts";
import { readEvent, type ClerkEvent } from "../../../integrations/clerk/index.ts";
import { forgetPerson } from "./forget-person.ts";
import { keepPerson } from "./keep-person.ts";
import type { ClerkServices } from "./services.ts";

function read(payload: unknown): ClerkEvent {
  try {
    return readEvent(payload);
  } catch (error) {
    if (error instanceof ZodError) throw badRequest("bad_event", "This is not an event.");
    throw error;
  }
}

/**
 * Takes an event from Clerk. In any order and number they lead to the same: what is newest counts, and a deletion is for
 * good. Throws 400 `bad_signature` where none of the secrets fits, 400 `bad_event` on what is signed and no event;
 * whatever PostgreSQL throws becomes 503, so that Clerk sends it again.
 */
export async function receiveEvent(services: ClerkServices, body: Buffer, headers: Headers): Promise<void> {
  const { clerk, db, publicUrl } = services;
  const payload = await clerk.open(body, headers);
  if (payload === undefined) throw badRequest("bad_signature", "The signature does not fit.");
  const event = read(payload);
  if (event.kind === "person") {
    await keepPerson(db, event.person, publicUrl);
  } else if (event.kind === "deleted") {
    await forgetPerson(db, event.clerkId);
  } else if (event.kind === "session-over") {
    const { sessionId } = event;
    await asOperator(db, (tx) => tx.insert(clerkEndedSessions).values({ sessionId }).onConflictDoNothing());
  }
}
