/** `npm start`: the pages built when stale, then everything in this one process (server/src/main.ts, role `all`). */
import { buildWebWhenStale } from "./build-web.ts";

// npm puts a shell between itself and us that passes no signal on: when it is gone, we have been asked to end.
const parent = process.ppid;
const orphaned = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(orphaned);
  process.kill(process.pid, "SIGTERM");
}, 500).unref();

buildWebWhenStale();
await import("../server/src/main.ts");
