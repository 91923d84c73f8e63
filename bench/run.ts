/**
 * `npm run bench -- <name>`: measures on this machine and prints a table: the figure, how it stands beside its floor or
 * rival in the same run, and what it is to reach. Ends with 1 where an aim is not met. BENCH_PROFILE=<folder> keeps the
 * CPU profiles of our servers there. `growth` takes sizes of its own (messages), `npm run load` is the bench `load`.
 */
import { cpus } from "node:os";
import { chat } from "./chat.ts";
import { growth } from "./growth.ts";
import { load } from "./mixed-load.ts";
import { quota } from "./quota.ts";
import { streams } from "./streams.ts";
import { withStage, type Stage } from "./stage.ts";
import { tableOf, type Figure } from "./table.ts";
import { webhooks } from "./webhooks.ts";

/** Holds a bench and tells what came of it. Throws where something was wrong, not only slow. */
export type Bench = (stage: Stage) => Promise<Figure[]>;

const [name = "", ...sizes] = process.argv.slice(2);
const benches: Record<string, Bench> = {
  chat,
  growth: () => growth(sizes.length > 0 ? sizes.map(Number) : [1e3, 1e5, 1e7]),
  load,
  quota,
  streams,
  webhooks,
};

const bench = benches[name];
if (!bench) {
  console.log(`npm run bench -- <name>, one of: ${Object.keys(benches).join(", ")}`);
  process.exit(1);
}
const figures = await withStage(bench);
console.log(`${name} on ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.versions.node}\n`);
console.log(tableOf(figures));
process.exitCode = figures.every(({ aim }) => aim?.met ?? true) ? 0 : 1;
