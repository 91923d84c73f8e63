import { createFileRoute } from "@tanstack/react-router";
import { PageHead } from "../../../ui/PageHead.tsx";

export const Route = createFileRoute("/_app/settings")({ component: () => <PageHead title="Settings" /> });
