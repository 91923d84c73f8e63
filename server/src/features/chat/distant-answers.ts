import type { ChatServices } from "./types.ts";

/** How often answers of other servers are looked at while somebody here reads them, in ms. */
const lookMs = 250;
/** After this long without a sign of life the server that ran an answer is gone, in seconds. */
export const silentForSeconds = 30;

interface Reader {
  messageId: string;
  /** Characters seen so far, as PostgreSQL counts them. */
  seen: number;
  onText: (delta: string) => void;
  done: (over: boolean) => void;
}

const lookSql = `
select (reader.n - 1)::int as place, m.state is distinct from 'answering' as over,
  substr(coalesce(r.text, m.text, ''), reader.seen + 1) as more,
  r.heartbeat_at < now() - make_interval(secs => $3) as silent
from unnest($1::uuid[], $2::int[]) with ordinality as reader (id, seen, n)
left join messages m on m.id = reader.id
left join running_answers r on r.message_id = reader.id`;

interface Look {
  place: number;
  over: boolean;
  more: string;
  silent: boolean | null;
}

/**
 * Answers that run on other servers, for readers who came to this one. One statement a look, however many readers; it
 * sees all workspaces, so whoever calls `follow` has checked that the reader may see the answer.
 * `onSilent` hears of an answer whose server is gone.
 */
export class DistantAnswers {
  readonly #services: ChatServices;
  readonly #onSilent: (messageId: string) => Promise<void>;
  readonly #readers = new Set<Reader>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(services: ChatServices, onSilent: (messageId: string) => Promise<void>) {
    this.#services = services;
    this.#onSilent = onSilent;
  }

  /** Hands over the answer's text from its start until it is over (true), or the reader leaves or we close (false). */
  follow(messageId: string, onText: (delta: string) => void, signal?: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    if (this.#closed || signal?.aborted) return Promise.resolve(false);
    const reader: Reader = { messageId, seen: 0, onText, done: resolve };
    const leave = () => resolve(false);
    signal?.addEventListener("abort", leave, { once: true });
    this.#readers.add(reader);
    if (this.#readers.size === 1) this.#lookIn(0);
    return promise.finally(() => {
      this.#readers.delete(reader);
      signal?.removeEventListener("abort", leave);
    });
  }

  /** Lets every reader go. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const reader of this.#readers) reader.done(false);
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#lookAndGoOn(), ms);
  }

  async #lookAndGoOn(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      this.#services.log.warn({ err: error }, "answers of other servers could not be read");
    }
    if (this.#readers.size > 0 && !this.#closed) this.#lookIn(lookMs);
  }

  async #look(): Promise<void> {
    const readers = [...this.#readers];
    const { rows } = await this.#services.db.operator.query<Look>({
      name: "chat-look",
      text: lookSql,
      values: [readers.map(({ messageId }) => messageId), readers.map(({ seen }) => seen), silentForSeconds],
    });
    const silent = new Set<string>();
    for (const { place, over, more, silent: isSilent } of rows) {
      const reader = readers[place];
      if (!reader || !this.#readers.has(reader)) continue;
      if (more !== "") {
        reader.seen += Array.from(more).length;
        reader.onText(more);
      }
      if (over) reader.done(true);
      else if (isSilent) silent.add(reader.messageId);
    }
    for (const messageId of silent) await this.#onSilent(messageId);
  }
}
