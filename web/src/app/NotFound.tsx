import { EmptyState } from "../ui/EmptyState.tsx";
import { LinkButton } from "../ui/LinkButton.tsx";
import { useTitle } from "../ui/use-title.ts";

/** Where an address leads nowhere. */
export function NotFound() {
  useTitle("Not found");
  return (
    <EmptyState
      title="Charlie looked everywhere"
      order={1}
      mood="puzzled"
      accessory="magnifier"
      action={<LinkButton to="/home">Go home</LinkButton>}
    >
      There is nothing at this address. It may have been moved or deleted.
    </EmptyState>
  );
}
