import { Alert, Button, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { queries, statusOf } from "../../../api/index.ts";
import { useTitle } from "../../../ui/use-title.ts";
import { DoorPage } from "../DoorPage.tsx";
import styles from "../identity.module.css";
import { signOutOfClerk } from "./account.ts";
import type { Clerk } from "./open-clerk.tsx";

interface ClerkDoorProps {
  kind: "sign-in" | "sign-up";
  publishableKey: string;
  title: string;
  says: string;
  lead?: string;
  /** Where to go afterwards, inside the app. */
  to: string;
  /** The other of the two pages, with what is carried along. */
  other: string;
}

function Away({ onRetry }: { onRetry: () => void }) {
  return (
    <Alert color="red" role="alert" icon={<CircleAlert size={20} aria-hidden />} title="The sign-in did not load">
      <p className={styles["other"]}>
        It comes from Clerk, which keeps the accounts of this service, and it does not answer. A content blocker or your
        network may be in the way. Nothing of yours is lost.
      </p>
      <Button mt="sm" size="sm" variant="default" onClick={onRetry}>
        Try again
      </Button>
    </Alert>
  );
}

/** Clerk knows the person, and our server does not take its word. Without this page the two would lead round in circles. */
function Refused({ publishableKey }: { publishableKey: string }) {
  return (
    <Alert
      color="red"
      role="alert"
      icon={<CircleAlert size={20} aria-hidden />}
      title="You are signed in, and we can't let you in yet"
    >
      <p className={styles["other"]}>
        Please sign out, then in again. If that does not help, write to us: it is ours to put right.
      </p>
      <Button mt="sm" size="sm" variant="default" onClick={() => void signOutOfClerk(publishableKey)}>
        Sign out
      </Button>
    </Alert>
  );
}

/** Clerk's form. Whoever has signed in goes on by loading the page anew, so nothing fetched for somebody else is left. */
function Form({ clerk, kind, to, other }: { clerk: Clerk } & Pick<ClerkDoorProps, "kind" | "to" | "other">) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const node = place.current;
    if (!node) return undefined;
    if (kind === "sign-in") {
      clerk.mountSignIn(node, {
        routing: "hash",
        forceRedirectUrl: to,
        signUpUrl: other,
        signUpForceRedirectUrl: to,
      });
      return () => clerk.unmountSignIn(node);
    }
    clerk.mountSignUp(node, { routing: "hash", forceRedirectUrl: to, signInUrl: other, signInForceRedirectUrl: to });
    return () => clerk.unmountSignUp(node);
  }, [clerk, kind, to, other]);
  return <div ref={place} />;
}

/** Sign-in and sign-up where Clerk signs people in. */
export function ClerkDoor({ kind, publishableKey, title, lead, says, to, other }: ClerkDoorProps) {
  useTitle(title);
  const queryClient = useQueryClient();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ["clerk"],
    queryFn: async () => {
      const { openClerk } = await import("./open-clerk.tsx");
      const clerk = await openClerk(publishableKey);
      if (!clerk.session) return { clerk, refused: false };
      try {
        await queryClient.fetchQuery({ ...queries.me, staleTime: 0, retry: false });
      } catch (problem) {
        if (statusOf(problem) === 401) return { clerk, refused: true };
        throw problem;
      }
      window.location.replace(to);
      return null;
    },
    retry: false,
    gcTime: 0,
    staleTime: Infinity,
  });
  return (
    <DoorPage title={title} lead={lead} says={says}>
      {error && !isFetching && <Away onRetry={() => void refetch()} />}
      {data?.refused && <Refused publishableKey={publishableKey} />}
      {data && !data.refused && <Form clerk={data.clerk} kind={kind} to={to} other={other} />}
      {!data && (!error || isFetching) && <Loader aria-label="The sign-in is loading" role="status" />}
    </DoorPage>
  );
}
