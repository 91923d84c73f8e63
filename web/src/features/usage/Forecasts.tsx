import type { AiSpend, UsageLimits } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import { capWords, dayMs, forecast, forecastOfCap, leastOfDay, messagesWords, paceOf } from "./forecast.ts";
import styles from "./usage.module.css";

/** When today's messages are used up, if it goes on like this. Seen from when the numbers were fetched. */
export function MessagesForecast({
  messages,
  fetchedAt,
}: {
  messages: UsageLimits["messagesPerDay"];
  fetchedAt: number;
}) {
  const { used, limit, resetsAt } = messages;
  if (limit === null || resetsAt === null) return null;
  const [now, until] = [new Date(fetchedAt), new Date(resetsAt)];
  const since = new Date(until.getTime() - dayMs);
  const told = forecast({ used, limit, lately: used, since, now, until, least: leastOfDay });
  const words = messagesWords(told, now);
  return words && <p className={styles["plan"]}>{words}</p>;
}

/** The pace of spending is taken from so many days. */
const lately = 14;

/** When the cap on AI cost is met, if it goes on as in the last two weeks. */
export function CapForecast({ spend }: { spend: AiSpend }) {
  const { data, dataUpdatedAt } = useQuery(queries.usageHistory(30, "day"));
  if (!data) return null;
  const [now, until] = [new Date(dataUpdatedAt), new Date(spend.resetsAt)];
  const pace = paceOf(data, lately) ?? { lately: 0, since: now };
  const words = capWords(forecastOfCap(spend, { ...pace, now, until }), { now, until });
  return words && <p className={styles["plan"]}>{words}</p>;
}
