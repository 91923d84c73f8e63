import { useMutation, useQuery } from "@tanstack/react-query";
import { callAuth, queries } from "../../api/index.ts";
import styles from "./identity.module.css";

/** A quiet line until the address is confirmed: nothing is blocked before the first payment. */
export function ConfirmAddress({ email }: { email: string }) {
  const { data: config } = useQuery(queries.config);
  const again = useMutation({
    mutationFn: () => callAuth("send-verification-email", { email }),
  });
  return (
    <aside className={styles["confirm"]} aria-label="Confirm your address">
      <p>
        {again.isSuccess
          ? `It's on its way to ${email}.`
          : `Please confirm your address with the letter that we sent to ${email}.`}{" "}
        {!again.isSuccess && (
          <button type="button" className={styles["inline"]} disabled={again.isPending} onClick={() => again.mutate()}>
            Send it again
          </button>
        )}
        {config?.mailUrl && (
          <a className={styles["inline"]} href={config.mailUrl} target="_blank" rel="noreferrer">
            Open the mailbox
          </a>
        )}
      </p>
    </aside>
  );
}
