import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Logo } from "../ui/Logo.tsx";
import { ThemeToggle } from "../ui/ThemeToggle.tsx";
import styles from "./frame.module.css";
import { contactPlaceholder } from "./contact-placeholder.ts";

interface FrameProps {
  path: string;
  children: ReactNode;
}

/** Head and foot of every public page. */
export function Frame({ path, children }: FrameProps) {
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <header className={styles["head"]}>
        <div className={styles["bar"]}>
          <a className={styles["home"]} href="/" aria-label="Teach Charlie, home">
            <Logo />
          </a>
          <nav className={styles["nav"]} aria-label="Main">
            <a className={styles["link"]} href="/pricing" aria-current={path === "/pricing" ? "page" : undefined}>
              Prices
            </a>
            <a className={styles["link"]} href="/sign-in">
              Sign in
            </a>
            <span className={styles["needsScript"]}>
              <ThemeToggle />
            </span>
            <Button component="a" href="/sign-up" size="sm" className={styles["start"]}>
              Start free
            </Button>
          </nav>
        </div>
      </header>
      <main id="content">{children}</main>
      <footer className={styles["foot"]}>
        <div className={styles["footBar"]}>
          <p>
            <strong>Teach Charlie</strong>
            <br />
            An AI agent for people who don’t code.
          </p>
          <nav className={styles["footNav"]} aria-label="More pages">
            <a href="/pricing">Prices</a>
            <a href="/help">Help</a>
            <a href="/sign-in">Sign in</a>
            <a href="/sign-up">Create an account</a>
            {/* The server fills it in; React leaves it as it finds it. */}
            <span
              className={styles["contact"]}
              dangerouslySetInnerHTML={{ __html: contactPlaceholder }}
              suppressHydrationWarning
            />
          </nav>
        </div>
      </footer>
    </>
  );
}
