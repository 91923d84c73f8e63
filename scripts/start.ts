/** `npm start`: the pages built when stale, then everything in this one process (server/src/main.ts, role `all`). */
import { buildWebWhenStale } from "./build-web.ts";

buildWebWhenStale();
await import("../server/src/main.ts");
