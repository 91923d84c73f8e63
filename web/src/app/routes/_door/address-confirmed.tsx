import { createFileRoute } from "@tanstack/react-router";
import { AddressConfirmed } from "../../../features/identity/AddressConfirmed.tsx";

interface Search {
  /** Better Auth's code where the link did not work. */
  error?: string;
}

export const Route = createFileRoute("/_door/address-confirmed")({
  validateSearch: ({ error }: Record<string, unknown>): Search => (typeof error === "string" ? { error } : {}),
  component: AddressConfirmed,
});
