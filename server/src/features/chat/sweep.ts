import { giveBack } from "./endings.ts";
import { silentForSeconds } from "./distant-answers.ts";
import { chatFailures, type ChatServices } from "./types.ts";

interface Silent {
  messageId: string;
  workspaceId: string;
}

/**
 * Gives back the answers (or the one) whose server gave no sign of life for 30 s. Safe on any number of servers at once:
 * each answer is ended in a transaction of its own, by whoever is first, and not at all if it shows life meanwhile.
 * What they had cost the operator until then died with their server, so nothing is counted for them: no customer can kill
 * a server, and each of its answers stood within its cap. Returns how many were given back here.
 */
export async function sweepAnswers({ db, log }: Pick<ChatServices, "db" | "log">, messageId?: string): Promise<number> {
  const { rows } = await db.operator.query<Silent>({
    name: "chat-silent",
    text: `select message_id as "messageId", workspace_id as "workspaceId" from running_answers
      where heartbeat_at < now() - make_interval(secs => $1) and ($2::uuid is null or message_id = $2)`,
    values: [silentForSeconds, messageId ?? null],
  });
  let swept = 0;
  for (const silent of rows) {
    const ending = await giveBack(db, silent, { failure: chatFailures.interrupted, silentForSeconds });
    if (ending) swept += 1;
  }
  if (swept > 0) log.warn({ answers: swept }, "gave back answers whose server is gone");
  return swept;
}
