import { useMutation, useQuery } from "@tanstack/react-query";
import { callAuth, queries } from "../../api/index.ts";
import { openAccount } from "./clerk/account.ts";
import { useClerkKey } from "./clerk/clerk-key.ts";
import styles from "./identity.module.css";

/** Where Clerk signs people in, addresses are added and confirmed on its page. */
function ByClerk({ publishableKey }: { publishableKey: string }) {
  const open = useMutation({ mutationFn: () => openAccount(publishableKey) });
  return (
    <p>
      Please add an e-mail address and confirm it, so that receipts and warnings reach you.{" "}
      <button type="button" className={styles["inline"]} disabled={open.isPending} onClick={() => open.mutate()}>
        Open my account
      </button>
    </p>
  );
}

/** A quiet line until the address is confirmed: nothing is blocked before the first payment. */
export function ConfirmAddress({ email }: { email: string }) {
  const { data: config } = useQuery(queries.config);
  const again = useMutation({
    mutationFn: () => callAuth("send-verification-email", { email }),
  });
  const clerk = useClerkKey();
  return (
    <aside className={styles["confirm"]} aria-label="Confirm your address">
      {clerk !== null && <ByClerk publishableKey={clerk} />}
      {clerk === null && (
        <p>
          {again.isSuccess
            ? `It's on its way to ${email}.`
            : `Please confirm your address with the letter that we sent to ${email}.`}{" "}
          {!again.isSuccess && (
            <button
              type="button"
              className={styles["inline"]}
              disabled={again.isPending}
              onClick={() => again.mutate()}
            >
              Send it again
            </button>
          )}
          {config?.mailUrl && (
            <a className={styles["inline"]} href={config.mailUrl} target="_blank" rel="noreferrer">
              Open the mailbox
            </a>
          )}
        </p>
      )}
    </aside>
  );
}
