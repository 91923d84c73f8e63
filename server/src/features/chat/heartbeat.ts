import type { RunningAnswer } from "./running-answer.ts";
import type { ChatServices } from "./types.ts";

/** How often this server shows that its answers are alive, and what came of them, in ms. */
const beatMs = 1_000;

const beatSql = `
update running_answers r set heartbeat_at = now(), text = coalesce(beat.text, r.text)
from unnest($1::uuid[], $2::text[]) as beat (id, text)
where r.message_id = beat.id
returning r.message_id as id, r.stop_requested_at is not null as stop`;

/**
 * Every second, in one statement for all answers of this server: a sign of life, and the text that other servers show
 * to readers there. Also sees stop requests whose notification was lost, and answers that somebody else has ended.
 */
export function startHeartbeat({ db, log }: ChatServices, running: Map<string, RunningAnswer>): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function beat(): Promise<void> {
    const answers = [...running.values()];
    if (answers.length === 0) return;
    const lengths = answers.map(({ text }) => text.length);
    const texts = answers.map(({ text, shared }) => (text.length > shared ? text : null));
    const { rows } = await db.operator.query<{ id: string; stop: boolean }>({
      name: "chat-beat",
      text: beatSql,
      values: [answers.map(({ messageId }) => messageId), texts],
    });
    const found = new Map(rows.map(({ id, stop }) => [id, stop]));
    for (const [index, answer] of answers.entries()) {
      answer.shared = lengths[index] ?? 0;
      const stop = found.get(answer.messageId);
      if (stop === undefined) answer.breakOff("lost");
      else if (stop) answer.breakOff("reader");
    }
  }

  // One after another, so that a slow database is not asked twice at once.
  async function beatAndGoOn(): Promise<void> {
    try {
      await beat();
    } catch (error) {
      log.warn({ err: error }, "no heartbeat for the running answers");
    }
    if (!stopped) schedule();
  }
  const schedule = (): void => {
    timer = setTimeout(() => void beatAndGoOn(), beatMs);
  };
  schedule();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
