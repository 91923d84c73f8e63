import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { adminQueries } from "../../../features/admin/admin-queries.ts";
import { EventPage } from "../../../features/admin/EventPage.tsx";

function EventRoute() {
  const { eventId } = Route.useParams();
  const { data } = useSuspenseQuery(adminQueries.event(eventId));
  return <EventPage event={data} />;
}

export const Route = createFileRoute("/_app/admin/events/$eventId")({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(adminQueries.event(params.eventId)),
  component: EventRoute,
});
