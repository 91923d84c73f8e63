import type { Jobs } from "../../jobs/queue.ts";
import { sweepAnswers } from "./sweep.ts";
import type { ChatServices } from "./types.ts";

/** Every minute, on any server: give back the answers whose server is gone. */
export const chatJobs = (services: Pick<ChatServices, "db" | "log">): Jobs => ({
  tasks: {
    sweep_answers: async () => {
      await sweepAnswers(services);
    },
  },
  crontab: "* * * * * sweep_answers",
});
