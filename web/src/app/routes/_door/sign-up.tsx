import { createFileRoute } from "@tanstack/react-router";
import { SignUp } from "../../../features/identity/SignUp.tsx";
import { needStranger, readDoorSearch } from "../../guard.ts";

export const Route = createFileRoute("/_door/sign-up")({
  validateSearch: readDoorSearch,
  beforeLoad: ({ context, search }) => needStranger(context.queryClient, search),
  component: SignUp,
});
