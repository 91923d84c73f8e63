import { createFileRoute } from "@tanstack/react-router";
import type { EventSearch } from "../../../features/admin/admin-queries.ts";
import { Events } from "../../../features/admin/Events.tsx";

function EventsRoute() {
  const narrow = Route.useSearch();
  return <Events key={narrow.type} narrow={narrow} />;
}

const words = (given: unknown): string => (typeof given === "string" ? given.trim().slice(0, 100) : "");

export const Route = createFileRoute("/_app/admin/events/")({
  validateSearch: (given: Record<string, unknown>): EventSearch => {
    const [type, customer] = [words(given["type"]), words(given["customer"])];
    const { state } = given;
    return {
      ...((state === "failed" || state === "waiting") && { state }),
      ...(type && { type }),
      ...(customer && { customer }),
    };
  },
  component: EventsRoute,
});
