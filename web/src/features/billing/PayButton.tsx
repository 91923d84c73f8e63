import { Alert, Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef } from "react";
import { callAuth, queries } from "../../api/index.ts";
import { openAccount } from "../identity/clerk/account.ts";
import { useClerkKey } from "../identity/clerk/clerk-key.ts";
import styles from "./billing.module.css";
import { Refusal } from "./Refusal.tsx";
import { type Choice, codeOf, useCheckout } from "./use-checkout.ts";

/** The address has to be confirmed before money is asked for: how, and another letter if the first one is lost. */
function ConfirmFirst({ email }: { email: string }) {
  const { data: config } = useQuery(queries.config);
  const again = useMutation({
    mutationFn: () => callAuth("send-verification-email", { email }),
  });
  const clerk = useClerkKey();
  const account = useMutation({ mutationFn: openAccount });
  const whole = useRef<HTMLDivElement>(null);
  useEffect(() => whole.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <Alert
      ref={whole}
      color="collar"
      variant="light"
      title="One thing first: is this your address?"
      role="status"
      className={styles["first"]}
    >
      <p className={styles["confirm"]}>
        {clerk === null
          ? `Your receipts will go to ${email}. Please open the link in the letter that we sent there, then press the button below again.`
          : "Your receipts go to an address of yours that is confirmed. Add one to your account, then press the button below again."}
      </p>
      <div className={styles["row"]}>
        {clerk === null ? (
          <Button
            size="sm"
            variant="default"
            loading={again.isPending}
            disabled={again.isSuccess}
            onClick={() => again.mutate()}
          >
            {again.isSuccess ? "It is on its way" : "Send the letter again"}
          </Button>
        ) : (
          <Button size="sm" variant="default" loading={account.isPending} onClick={() => account.mutate(clerk)}>
            Open my account
          </Button>
        )}
        {config?.mailUrl && (
          <Button size="sm" variant="subtle" component="a" href={config.mailUrl} target="_blank" rel="noreferrer">
            Open the mailbox
          </Button>
        )}
      </div>
    </Alert>
  );
}

interface PayButtonProps {
  choice: Choice;
  email: string;
  /** Asks for the same by the month. */
  onMonth: () => void;
  children: ReactNode;
}

/** Leads to the payment page. What keeps it from doing so stands above the button. */
export function PayButton({ choice, email, onMonth, children }: PayButtonProps) {
  const queryClient = useQueryClient();
  const { mutate, isPending, isSuccess, error } = useCheckout();
  const unconfirmed = codeOf(error) === "email_not_confirmed";
  const pay = () => {
    // The address may have been confirmed in another window meanwhile.
    if (unconfirmed) void queryClient.invalidateQueries({ queryKey: queries.me.queryKey });
    mutate(choice);
  };
  return (
    <>
      {unconfirmed && <ConfirmFirst email={email} />}
      {error && !unconfirmed && <Refusal error={error} choice={choice} onMonth={onMonth} />}
      <Button size="lg" fullWidth loading={isPending || isSuccess} onClick={pay} data-autofocus>
        {children}
      </Button>
    </>
  );
}
