import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { queries } from "../../api/index.ts";
import { Logo } from "../../ui/Logo.tsx";
import { ThemeToggle } from "../../ui/ThemeToggle.tsx";
import { SkipLink } from "./SkipLink.tsx";
import styles from "./shell.module.css";

/** Terms, privacy and the like, where whoever runs the service has named them. */
function LegalFoot() {
  const { data } = useQuery(queries.config);
  if (!data || data.legal.length === 0) return null;
  return (
    <footer className={styles["legal"]}>
      {data.legal.map(({ name, url }) => (
        <a key={name} href={url}>
          {name}
        </a>
      ))}
    </footer>
  );
}

/** Head and content for pages that need no account. */
export function PlainFrame({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  return (
    <>
      <SkipLink />
      <header className={styles["head"]}>
        <div className={styles["bar"]}>
          <a className={styles["home"]} href="/" aria-label="Teach Charlie, first page">
            <Logo />
          </a>
          <div className={styles["tools"]}>
            {aside}
            <ThemeToggle />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className={styles["content"]}>
        {children}
      </main>
      <LegalFoot />
    </>
  );
}
