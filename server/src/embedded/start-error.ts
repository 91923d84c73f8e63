/** An error at start whose message is all that the person at the terminal needs. */
export class StartError extends Error {}
