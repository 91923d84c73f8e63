import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Charlie } from "../../charlie/Charlie.tsx";
import type { Accessory } from "../../charlie/accessory-for.ts";
import type { Mood } from "../../charlie/Head.tsx";
import styles from "./identity.module.css";

interface DoorPageProps {
  title: string;
  lead?: ReactNode;
  /** What Charlie says beside the form. */
  says: string;
  mood?: Mood;
  accessory?: Accessory;
  children: ReactNode;
}

/** A page on the way in: one form, and Charlie waiting beside it. */
export function DoorPage({ title, lead, says, mood = "listening", accessory = "none", children }: DoorPageProps) {
  return (
    <div className={styles["door"]}>
      <section className={styles["doorForm"]}>
        <Title order={1}>{title}</Title>
        {lead && <p className={styles["lead"]}>{lead}</p>}
        {children}
      </section>
      <div className={styles["doorCharlie"]}>
        <p className={styles["says"]}>{says}</p>
        <Charlie pose="sitting" size={220} mood={mood} accessory={accessory} wagging />
      </div>
    </div>
  );
}
