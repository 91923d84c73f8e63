import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { queries } from "../../api/index.ts";
import { HelpPage } from "../../features/help/HelpPage.tsx";
import { isInside } from "../guard.ts";
import { PlainFrame } from "../shell/PlainFrame.tsx";
import { Shell } from "../shell/Shell.tsx";

/** Help is for everybody; who is signed in keeps the head they know. */
function Help() {
  const { data: me } = useQuery({ ...queries.me, enabled: false });
  const Frame = me ? Shell : PlainFrame;
  return (
    <Frame>
      <HelpPage />
    </Frame>
  );
}

export const Route = createFileRoute("/help")({
  loader: async ({ context }) => {
    if (await isInside(context.queryClient)) await context.queryClient.prefetchQuery(queries.me);
  },
  component: Help,
});
