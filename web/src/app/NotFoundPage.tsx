import { PlainFrame } from "./shell/PlainFrame.tsx";
import { NotFound } from "./NotFound.tsx";

/** The whole page for an address outside every layout. */
export function NotFoundPage() {
  return (
    <PlainFrame>
      <NotFound />
    </PlainFrame>
  );
}
