export { lastOperations, recordOperation } from "./operations.ts";
