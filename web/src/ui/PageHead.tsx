import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./ui.module.css";

interface PageHeadProps {
  title: ReactNode;
  description?: ReactNode;
  /** The one thing that this page asks for. */
  action?: ReactNode;
}

/** The top of a page: its only h1, a sentence, one action. */
export function PageHead({ title, description, action }: PageHeadProps) {
  return (
    <header className={styles["pageHead"]}>
      <div>
        <Title order={1}>{title}</Title>
        {description && <p className={styles["lead"]}>{description}</p>}
      </div>
      {action}
    </header>
  );
}
