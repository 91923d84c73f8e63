import "./public.css";
import { hydrateRoot } from "react-dom/client";
import { adoptPageNonce } from "../theme/Theme.tsx";
import { Site } from "./Site.tsx";

adoptPageNonce();
hydrateRoot(document.getElementById("root")!, <Site path={window.location.pathname} />);
