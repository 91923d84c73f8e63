import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import { aiUsageWords } from "./ai-usage-words.ts";

/** What AI with our key comes to in this period. Nothing where none was used. */
export function AiUsageLine() {
  const { data } = useQuery(queries.aiUsage);
  const words = data && aiUsageWords(data);
  return words ? <Text c="dimmed">{words}</Text> : null;
}
