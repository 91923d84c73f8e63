import type { Ending } from "./types.ts";

/** Why an answer is broken off: its reader, our shutdown, or because somebody else has ended it in the database. */
export type BreakOff = "reader" | "shutdown" | "lost";

type Listener = (delta: string) => void;

/** An answer that runs in this process: what came so far, and who listens. */
export class RunningAnswer {
  readonly workspaceId: string;
  readonly messageId: string;
  /** Settles when the answer has ended and that is stored. */
  readonly ended: Promise<Ending>;
  text = "";
  /** How many characters of `text` other servers can see. */
  shared = 0;
  brokenOffBy: BreakOff | null = null;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<Listener>();
  readonly #settle: (ending: Ending) => void;
  /** The first half of a character whose second half is still to come. */
  #half = "";

  constructor({ workspaceId, messageId }: { workspaceId: string; messageId: string }) {
    this.workspaceId = workspaceId;
    this.messageId = messageId;
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.ended = promise;
    this.#settle = resolve;
  }

  /** Aborted when the answer is broken off; closes the provider's connection. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Adds text and hands it to everybody who listens, without what PostgreSQL cannot store (NUL, half characters). */
  add(delta: string): void {
    const raw = this.#half + delta.replaceAll("\u0000", "");
    const split = /[\uD800-\uDBFF]$/.test(raw);
    this.#half = split ? raw.slice(-1) : "";
    const clean = (split ? raw.slice(0, -1) : raw).toWellFormed();
    if (clean === "") return;
    this.text += clean;
    for (const listener of this.#listeners) listener(clean);
  }

  /** Hears the answer from its start. Returns how to stop listening. */
  listen(listener: Listener): () => void {
    if (this.text !== "") listener(this.text);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Breaks the answer off; the first reason stays. Does nothing once its text is whole. */
  breakOff(by: BreakOff): void {
    this.brokenOffBy ??= by;
    this.#abort.abort();
  }

  /** Tells everybody who waits how it ended. */
  settle(ending: Ending): void {
    this.#listeners.clear();
    this.#settle(ending);
  }
}
