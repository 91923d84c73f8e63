import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Accessory } from "../charlie/accessory-for.ts";
import { Charlie } from "../charlie/Charlie.tsx";
import type { Mood } from "../charlie/Head.tsx";
import styles from "./ui.module.css";

interface EmptyStateProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  mood?: Mood;
  accessory?: Accessory;
  /** 1 where it is the whole page. */
  order?: 1 | 2;
}

/** Where nothing is yet: Charlie, a sentence, and the one thing to do about it. */
export function EmptyState(props: EmptyStateProps) {
  const { title, children, action, mood = "listening", accessory = "none", order = 2 } = props;
  return (
    <section className={styles["state"]}>
      <Charlie pose="sitting" size={144} mood={mood} accessory={accessory} />
      <Title order={order} size="h3">
        {title}
      </Title>
      {children && <div className={styles["stateWords"]}>{children}</div>}
      {action}
    </section>
  );
}
