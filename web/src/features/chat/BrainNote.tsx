import { Popover, Text, UnstyledButton } from "@mantine/core";
import type { BrainChoice } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { Info } from "lucide-react";
import { queries } from "../../api/index.ts";
import { LinkButton } from "../../ui/LinkButton.tsx";
import styles from "./chat.module.css";

/** Says so where the practice brain answers, and how to set a real one. Nothing where a real one does. */
export function BrainNote({ name, choice }: { name: string; choice: BrainChoice }) {
  const { data } = useQuery(queries.brains);
  const provider = choice.provider === "auto" ? data?.auto : choice.provider;
  if (provider !== "offline") return null;
  return (
    <Popover position="top-start" width={300} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={styles["brain"]}>
          <Info size={16} aria-hidden />
          Practice brain
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Text fw={700} mb={4}>
          {name} answers with his practice brain
        </Text>
        <Text size="sm" mb="md">
          It costs nothing and needs no account. It only finds sentences that you taught him and repeats them. With a
          real brain he understands questions and answers in his own words.
        </Text>
        <LinkButton to="/settings/ai-keys" size="sm" fullWidth data-autofocus>
          Give him a real brain
        </LinkButton>
      </Popover.Dropdown>
    </Popover>
  );
}
