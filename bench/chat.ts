import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../server/src/embedded/free-port.ts";
import { makeChatter, startProvider, startServer, type Chatter } from "./chatters.ts";
import { makeCaller } from "./load.ts";
import type { Stage } from "./stage.ts";
import { count, median, type Figure } from "./table.ts";

const readers = [1, 16, 64];
const seconds = 2;
const rounds = 5;
/** Not measured: V8 compiles what is used much, ours and the floor's. */
const warmUpSeconds = 5;
/** Questions a second, far from what either can do. */
const pace = 100;
const ways = ["JSON", "SSE"] as const;
type Way = (typeof ways)[number];

/** Whom a reader asks: one request of the product, or the same of the floor. */
type Ask = (chatter: Chatter) => { url: string; headers: Record<string, string>; body: string };

interface Measured {
  answersPerSecond: number;
  /** From the request to the first piece of text, in ms; of JSON, to the whole answer. */
  firstMs: number;
}

/**
 * So many readers ask one question after the other, each in a workspace of their own, for some seconds: without a pause,
 * or each of them once in `everyMs`.
 */
async function measure(
  chatters: readonly Chatter[],
  way: Way,
  ask: Ask,
  { forMs = seconds * 1_000, everyMs = 0 } = {},
): Promise<Measured> {
  const caller = makeCaller(chatters.length);
  const firsts: number[] = [];
  const started = performance.now();
  await Promise.all(
    chatters.map(async (chatter, n) => {
      if (everyMs > 0) await sleep((everyMs * n) / chatters.length);
      while (performance.now() - started < forMs) {
        const { url, headers, body } = ask(chatter);
        const sent = performance.now();
        let first = 0;
        const answer = await caller.call({
          method: "POST",
          url,
          headers: {
            ...headers,
            "content-type": "application/json",
            accept: way === "JSON" ? "application/json" : "text/event-stream",
          },
          body,
          onChunk: (chunk) => {
            if (first === 0 && (way === "JSON" || chunk.includes("text-delta"))) first = performance.now() - sent;
          },
        });
        if (answer.status !== 200 || first === 0 || !answer.text.includes("piece 19"))
          throw new Error(`answered ${answer.status}: ${answer.text.slice(0, 400)}`);
        firsts.push(first);
        const early = sent + everyMs - performance.now();
        if (early > 0) await sleep(early);
      }
    }),
  );
  const took = (performance.now() - started) / 1_000;
  caller.close();
  return { answersPerSecond: firsts.length / took, firstMs: median(firsts) };
}

/** Ours and the floor, one right after the other. */
type Round = Record<"ours" | "floor", Measured>;

const middle = (all: readonly Round[], what: (round: Round) => number): number => median(all.map(what));

/** Answers per second and time to the first token, beside the floor in turns. */
export async function chat(stage: Stage): Promise<Figure[]> {
  const provider = await startProvider(stage);
  const { url, part } = await startServer(stage);
  const floorPort = await freePort();
  const floorUrl = `http://127.0.0.1:${floorPort}`;
  await stage.start([join(import.meta.dirname, "floor.ts"), String(floorPort), provider], {
    env: { DATABASE_URL: stage.databaseUrl },
    ready: `${floorUrl}/readyz`,
  });
  const chatters: Chatter[] = [];
  for (let n = 0; n < Math.max(...readers); n += 1) chatters.push(await makeChatter(stage, url, provider, "instant"));
  const text = "When do you open?";
  const ours: Ask = ({ client, agentId }) => ({
    url: `${url}/api/v1/agents/${agentId}/messages`,
    headers: { origin: url, cookie: client.cookie },
    body: JSON.stringify({ text }),
  });
  const floor: Ask = ({ workspaceId, agentId }) => ({
    url: `${floorUrl}/messages`,
    headers: {},
    body: JSON.stringify({ workspaceId, agentId, text }),
  });
  // The limit is not what is measured.
  const forget = () => stage.pool.query("update usage_metrics set value = 0 where metric_type = 'messages'");
  const figures: Figure[] = [];
  for (const way of ways) {
    for (const ask of [ours, floor]) await measure(chatters, way, ask, { forMs: warmUpSeconds * 1_000 });
    for (const width of readers) {
      const some = chatters.slice(0, width);
      const all: Round[] = [];
      // Turn by turn and in changing order, so that whatever else the machine does meets both.
      for (let round = 0; round < rounds; round += 1) {
        const seen: Partial<Round> = {};
        for (const side of round % 2 === 0 ? (["ours", "floor"] as const) : (["floor", "ours"] as const)) {
          await forget();
          seen[side] = await measure(some, way, { ours, floor }[side]);
        }
        all.push(seen as Round);
      }
      const of = (what: keyof Measured) => (side: keyof Round) => count(middle(all, (round) => round[side][what]));
      const ratio = middle(all, (round) => round.ours.answersPerSecond / round.floor.answersPerSecond);
      const more = middle(all, (round) => round.ours.firstMs - round.floor.firstMs);
      const [speed, first] = [of("answersPerSecond"), of("firstMs")];
      figures.push({
        figure: `${way}, ${width} reader${width === 1 ? "" : "s"}: answers/s (floor)`,
        absolute: `${speed("ours")} (${speed("floor")})`,
        ratio: ratio.toFixed(2),
        aim: { words: "≥ 0.5", met: ratio >= 0.5 },
      });
      if (way === "SSE") {
        figures.push({
          figure: `SSE, ${width} reader${width === 1 ? "" : "s"}: first token, ms (floor)`,
          absolute: `${first("ours")} (${first("floor")})`,
          ratio: `+${count(more)} ms`,
          ...(width === 16 && { aim: { words: "≤ 3 ms more", met: more <= 3 } }),
        });
      }
    }
  }
  // Without a pause a first token waits for the work of all readers: at half the floor's answers/s it cannot come less than
  // a round of theirs later (16 ms of 1,000 answers/s). At a pace that both keep up with it waits for its own.
  const paced = { everyMs: (16 / pace) * 1_000 };
  await forget();
  const mine = await measure(chatters.slice(0, 16), "SSE", ours, paced);
  const bare = await measure(chatters.slice(0, 16), "SSE", floor, paced);
  figures.push({
    figure: `SSE, 16 readers, ${pace} questions/s: first token, ms (floor)`,
    absolute: `${count(mine.firstMs)} (${count(bare.firstMs)})`,
    ratio: `+${count(mine.firstMs - bare.firstMs)} ms`,
    aim: { words: "≤ 3 ms more", met: mine.firstMs - bare.firstMs <= 3 },
  });
  figures.push({
    figure: "resident memory of the server after it",
    absolute: `${count(part.resident() / 2 ** 20)} MB`,
  });
  return figures;
}
