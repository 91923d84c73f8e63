import { createFileRoute } from "@tanstack/react-router";
import { needSignIn } from "../guard.ts";
import { Shell } from "../shell/Shell.tsx";

export const Route = createFileRoute("/_app")({
  beforeLoad: ({ context, location }) => needSignIn(context.queryClient, location.href),
  component: Shell,
});
