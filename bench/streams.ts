import { setTimeout as sleep } from "node:timers/promises";
import { makeChatter, startProvider, startServer } from "./chatters.ts";
import { inParallel, makeCaller } from "./load.ts";
import type { Stage } from "./stage.ts";
import { count, type Figure } from "./table.ts";

const readers = 2_000;

/** Readers held open in mid-answer on one server: what each costs in memory, and that all hear the end. */
export async function streams(stage: Stage): Promise<Figure[]> {
  const provider = await startProvider(stage);
  const { url, part } = await startServer(stage);
  const { client, agentId } = await makeChatter(stage, url, provider, "held");
  const before = part.resident();
  const caller = makeCaller(readers);
  const headers = { origin: url, cookie: client.cookie, "content-type": "application/json" };
  let open = 0;
  const ends: Promise<{ status: number; text: string }>[] = [];
  await inParallel([...Array(readers).keys()], 32, async (n) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let began = false;
    const end = caller.call({
      method: "POST",
      url: `${url}/api/v1/agents/${agentId}/messages`,
      headers,
      body: JSON.stringify({ text: `Question ${n}` }),
      onChunk: (chunk) => {
        if (began || !chunk.includes("text-delta")) return;
        began = true;
        open += 1;
        resolve();
      },
    });
    ends.push(end);
    // One that ends before its first piece has failed.
    end.then(({ status, text }) => reject(new Error(`answered ${status}: ${text.slice(0, 300)}`)), reject);
    await promise;
  });
  // A few heartbeats, as they are in a long answer.
  await sleep(5_000);
  const held = part.resident();
  await fetch(new URL("/release", provider), { method: "POST" });
  const whole = (await Promise.all(ends)).filter(({ status, text }) => status === 200 && text.includes("piece 19"));
  caller.close();
  const errors = readers - whole.length;
  const { rows } = await stage.pool.query<{ counted: number; running: number }>(
    `select (select count(*)::int from usage_events) as counted, (select count(*)::int from running_answers) as running`,
  );
  const kept = rows[0]?.counted === readers && rows[0]?.running === 0;
  return [
    {
      figure: "readers held open on one server",
      absolute: count(open),
      aim: { words: "2,000", met: open === readers },
    },
    { figure: "memory for each", absolute: `${count((held - before) / readers / 1_024)} kB` },
    { figure: "resident memory with all of them", absolute: `${count(held / 2 ** 20)} MB` },
    { figure: "streams that broke", absolute: String(errors), aim: { words: "0", met: errors === 0 } },
    { figure: "answers kept and counted", absolute: count(rows[0]?.counted ?? 0), aim: { words: "all", met: kept } },
  ];
}
