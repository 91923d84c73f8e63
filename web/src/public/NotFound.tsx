import { Button } from "@mantine/core";
import { Charlie } from "../charlie/Charlie.tsx";
import styles from "./home.module.css";

/** What an address without a page shows. */
export function NotFound() {
  return (
    <div className={styles["page"]}>
      <section className={styles["last"]}>
        <Charlie pose="sitting" size={168} mood="puzzled" />
        <h1>Charlie looked everywhere</h1>
        <p>There is no page at this address. Perhaps the link is old, or a letter got lost.</p>
        <div className={styles["press"]}>
          <Button component="a" href="/home">
            Go to your agents
          </Button>
          <a className={styles["quietLink"]} href="/">
            Front page
          </a>
        </div>
      </section>
    </div>
  );
}
