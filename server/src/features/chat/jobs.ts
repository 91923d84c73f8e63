import type { Jobs } from "../../jobs/queue.ts";
import { retireMessages } from "./retire-messages.ts";
import { sweepAnswers } from "./sweep.ts";
import type { ChatServices } from "./types.ts";

/**
 * Every minute, on any server: give back the answers whose server is gone. Every night, where the operator has set how
 * many months messages are kept: remove older ones.
 */
export const chatJobs = (
  services: Pick<ChatServices, "db" | "log"> & { retentionMonths: number | undefined },
): Jobs => ({
  tasks: {
    sweep_answers: async () => {
      await sweepAnswers(services);
    },
    retire_messages: async () => {
      if (services.retentionMonths !== undefined) await retireMessages(services, services.retentionMonths);
    },
  },
  crontab: "* * * * * sweep_answers\n37 3 * * * retire_messages",
});
