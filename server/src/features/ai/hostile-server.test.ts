import { createServer } from "node:http";
import { pipeline } from "node:stream/promises";
import { afterEach, describe, expect, test } from "vitest";
import { connectModel, listModels, makeGuardedFetch, type Connection } from "../../integrations/ai/index.ts";
import { bodyBudgets } from "../../integrations/ai/guarded-fetch.ts";
import { askBrain } from "./ask.ts";

/** What a server may do that somebody wrote to harm us, or wrote badly. */

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

interface Hostile {
  connection: Connection;
  /** Settles when the connection of the first request closes. */
  closed: Promise<void>;
  /** Bytes written until now. */
  written: () => number;
}

/** Says `start`, then `more` again and again until the other side closes the connection; `end` where it ends by itself. */
async function serve({
  start = "",
  more = "",
  end,
}: {
  start?: string;
  more?: string;
  end?: string;
}): Promise<Hostile> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  let written = 0;
  function* words(): Generator<string> {
    yield start;
    if (end !== undefined) {
      yield end;
      return;
    }
    for (;;) {
      written += more.length;
      yield more;
    }
  }
  const server = createServer((request, response) => {
    request.resume();
    request.socket.once("close", () => resolve());
    response.writeHead(200, { "content-type": "text/event-stream" });
    // Fails when the other side closes, which is what these tests wait for.
    pipeline(words, response).catch(() => {});
  });
  await new Promise<void>((go) => {
    server.listen(0, "127.0.0.1", () => go());
  });
  cleanUps.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/v1`;
  const guardedFetch = makeGuardedFetch({ allowPrivate: true });
  return {
    connection: { provider: "compatible", apiKey: "sk-0123456789", baseUrl, fetch: guardedFetch },
    closed,
    written: () => written,
  };
}

const chunk = (delta: object, extra: object = {}): string =>
  `data: ${JSON.stringify({ id: "x", model: "m", choices: [{ index: 0, delta, finish_reason: null }], ...extra })}\n\n`;

const ask = ({ connection }: Hostile, maxOutputTokens = 16) =>
  askBrain(
    {
      provider: "compatible",
      modelId: "m",
      payer: "own_key",
      model: connectModel(connection, "m"),
      maxOutputTokens,
      timeouts: { firstTextMs: 20_000, betweenMs: 20_000, wholeMs: 25_000 },
      costMicros: () => 0,
      ownKeyMicros: () => null,
    },
    { instructions: "You are kind.", messages: [{ role: "user", content: "How are you?" }], teaching: {} },
    { signal: new AbortController().signal, onText: () => {} },
  );

describe("an answer without end", () => {
  test.each([
    ["16 tokens", 16, 16_384],
    ["4,096 tokens", 4_096, 65_536],
    ["32,000 tokens", 32_000, 262_144],
  ])("of %s at most is cut, and the connection closes", async (_, maxOutputTokens, longest) => {
    const hostile = await serve({ more: chunk({ content: "word ".repeat(500) }) });
    const asked = await ask(hostile, maxOutputTokens);
    expect(asked).toMatchObject({ ended: "complete", finishReason: "length", failure: null });
    expect(asked.text.length).toBe(longest);
    await hostile.closed;
  });

  test("of thoughts only is no answer", async () => {
    const hostile = await serve({ more: chunk({ reasoning_content: "hm ".repeat(500) }) });
    expect(await ask(hostile)).toMatchObject({ ended: "failed", text: "", failure: { code: "too_short" } });
    await hostile.closed;
  });

  test("in one single event breaks off", async () => {
    const hostile = await serve({ start: `${chunk({ content: "Well" })}data: `, more: "x".repeat(60_000) });
    expect(await ask(hostile)).toMatchObject({ ended: "failed", text: "Well", failure: { code: "cut_off" } });
    await hostile.closed;
    // What the buffers between the two sides hold comes on top.
    expect(hostile.written()).toBeLessThan(bodyBudgets.answer * 2);
  });
});

describe("tokens that no answer can take", () => {
  const told = (tokens: string) =>
    chunk({ content: "Fine, thank you." }) +
    `data: {"id":"x","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":${tokens},"completion_tokens":${tokens},"prompt_tokens_details":{"cached_tokens":${tokens}}}}\n\ndata: [DONE]\n\n`;

  test.each(["9007199254740993", "-500", "1.5", "1e9"])("%s is not believed", async (tokens) => {
    const asked = await ask(await serve({ end: told(tokens) }));
    expect(asked).toMatchObject({ ended: "complete", text: "Fine, thank you." });
    // Four characters make a token: 25 were asked, 16 answered.
    expect(asked.use).toEqual({ in: 7, out: 4, cached: 0, cacheWritten: 0 });
  });

  test("any other number is", async () => {
    const asked = await ask(await serve({ end: told("999999999") }));
    expect(asked.use).toMatchObject({ in: 999_999_999, out: 999_999_999, cached: 999_999_999 });
  });
});

describe("a list of models", () => {
  test("without end breaks off, and the connection closes", async () => {
    const hostile = await serve({ start: '{"data":[{"id":"m"}', more: `,{"id":"${"m".repeat(30_000)}"}` });
    expect(await listModels(hostile.connection, 20_000)).toEqual({ ok: false, why: "not_a_provider" });
    await hostile.closed;
    expect(hostile.written()).toBeLessThan(bodyBudgets.answer);
  });

  test("keeps only the ids that can be stored", async () => {
    const data = ["good", "nul\u0000", "half\uD83D"].map((id) => ({ id }));
    const { connection } = await serve({ end: JSON.stringify({ data }) });
    expect(await listModels(connection, 20_000)).toEqual({ ok: true, models: ["good"] });
  });
});
