import { createFileRoute } from "@tanstack/react-router";
import { SignIn } from "../../../features/identity/SignIn.tsx";
import { needStranger, readDoorSearch } from "../../guard.ts";

export const Route = createFileRoute("/_door/sign-in")({
  validateSearch: readDoorSearch,
  beforeLoad: ({ context, search }) => needStranger(context.queryClient, search),
  component: SignIn,
});
