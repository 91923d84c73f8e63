import "./public.css";
import { hydrateRoot } from "react-dom/client";
import { watchErrors } from "../reports/watch-errors.ts";
import { adoptPageNonce } from "../theme/Theme.tsx";
import { Site } from "./Site.tsx";

const rootOptions = watchErrors();
adoptPageNonce();
hydrateRoot(document.getElementById("root")!, <Site path={window.location.pathname} />, rootOptions);
