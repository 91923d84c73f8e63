export { queueFailedMail } from "./failed-mail.ts";
export { beginOperation, endOperation, lastOperations, recordOperation, unendedOperations } from "./operations.ts";
