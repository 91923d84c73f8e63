import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { statusOf } from "../api/index.ts";
import { ErrorState } from "../ui/ErrorState.tsx";
import { useTitle } from "../ui/use-title.ts";
import { NotFound } from "./NotFound.tsx";

function Broken({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  useTitle("Something didn't work");
  const again = () => {
    reset();
    void router.invalidate();
  };
  return <ErrorState error={error} onRetry={again} order={1} />;
}

/** Where a page could not be loaded, or broke while it was shown. */
export function PageError(props: ErrorComponentProps) {
  const status = statusOf(props.error);
  // 400 to a page: its address holds something that is no id.
  return status === 404 || status === 400 ? <NotFound /> : <Broken {...props} />;
}
