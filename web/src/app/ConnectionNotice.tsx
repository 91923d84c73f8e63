import { getConfig } from "@charlie/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call, CallError } from "../api/index.ts";
import styles from "./shell/shell.module.css";

/** How long to wait before asking again whether the server can be reached, ms. */
const askAgain = 4_000;

const reachable = () =>
  call(getConfig, {}).then(
    () => true,
    (error: unknown) => error instanceof CallError,
  );

/**
 * Says so while the server cannot be reached. The browser's own idea of being offline only starts the question: a
 * workshop's computer without a network still reaches a server of its own.
 */
export function ConnectionNotice() {
  const queryClient = useQueryClient();
  const [suspected, setSuspected] = useState(!navigator.onLine);
  const [lost, setLost] = useState(false);

  useEffect(() => {
    const suspect = () => setSuspected(true);
    window.addEventListener("offline", suspect);
    const unsubscribe = queryClient.getQueryCache().subscribe(({ query }) => {
      if (query.state.fetchFailureReason instanceof TypeError) suspect();
    });
    return () => {
      window.removeEventListener("offline", suspect);
      unsubscribe();
    };
  }, [queryClient]);

  useEffect(() => {
    if (!suspected) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    const ask = async () => {
      const answered = await reachable();
      if (over) return;
      setLost(!answered);
      if (!answered) timer = setTimeout(() => void ask(), askAgain);
      else {
        setSuspected(false);
        void queryClient.refetchQueries({ type: "active" });
      }
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [suspected, queryClient]);

  return (
    <div role="status">
      {lost && (
        <p className={styles["lost"]}>
          Charlie can’t be reached right now. What you wrote stays on this page; we go on as soon as the connection is
          back.
        </p>
      )}
    </div>
  );
}
