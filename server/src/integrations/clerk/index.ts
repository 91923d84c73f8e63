export { makeClerk, type Clerk, type ClerkClaims } from "./clerk.ts";
export { readEvent, type ClerkEvent } from "./event.ts";
export { frontendApiOf } from "./publishable-key.ts";
export type { ClerkPerson } from "./person.ts";
