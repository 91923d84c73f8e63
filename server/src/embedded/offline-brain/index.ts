import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { answerFrom } from "./answer.ts";

const teachingSchema = z.object({ agentName: z.string(), who: z.string(), rules: z.string(), tricks: z.string() });

const textOf = (message: LanguageModelV4CallOptions["prompt"][number]): string =>
  typeof message.content === "string"
    ? message.content
    : message.content.map((part) => (part.type === "text" ? part.text : "")).join("");

/** The same estimate that stands in wherever nobody counts: four characters to a token. */
const tokens = (characters: number): number => Math.ceil(characters / 4);

function reply({ prompt, providerOptions, maxOutputTokens = Infinity }: LanguageModelV4CallOptions) {
  const teaching = teachingSchema.parse(providerOptions?.["charlie"]);
  const questions = prompt.filter(({ role }) => role === "user").map(textOf);
  const { text: whole, quoted } = answerFrom(teaching, questions.at(-1) ?? "", questions.at(-2));
  const text = whole.slice(0, maxOutputTokens * 4);
  const inputTokens = tokens(prompt.reduce((sum, message) => sum + textOf(message).length, 0));
  return {
    text,
    finishReason: { unified: text === whole ? ("stop" as const) : ("length" as const), raw: undefined },
    usage: {
      inputTokens: { total: inputTokens, noCache: inputTokens, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: tokens(text.length), text: tokens(text.length), reasoning: 0 },
    },
    providerMetadata: { charlie: { quoted: quoted.map(({ source, text: sentence }) => ({ source, text: sentence })) } },
    warnings: [],
  };
}

/** Pieces of a few words, with the white space that follows them. */
const piecesOf = (text: string): string[] => text.match(/(?:\S+\s*){1,3}|\s+/gu) ?? [];

async function* partsOf(
  options: LanguageModelV4CallOptions,
  pauseMs: number,
): AsyncGenerator<LanguageModelV4StreamPart> {
  const { text, finishReason, usage, providerMetadata, warnings } = reply(options);
  yield { type: "stream-start", warnings };
  yield { type: "text-start", id: "0" };
  for (const delta of piecesOf(text)) {
    options.abortSignal?.throwIfAborted();
    if (pauseMs > 0) await pause(pauseMs, undefined, { signal: options.abortSignal });
    yield { type: "text-delta", id: "0", delta };
  }
  yield { type: "text-end", id: "0" };
  yield { type: "finish", finishReason, usage, providerMetadata };
}

/**
 * Charlie's own brain for practice without keys. It is no language model: it finds the taught sentences that fit the
 * question and answers with them, the same way every time. It reads the teaching from `providerOptions.charlie` and
 * tells what it quoted in `providerMetadata.charlie.quoted`. `pauseMs`: between pieces of a few words.
 */
export function createOfflineBrain({ pauseMs }: { pauseMs: number }): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "charlie.offline",
    modelId: "charlie-offline",
    supportedUrls: {},
    doGenerate: (options) => {
      const { text, ...rest } = reply(options);
      return Promise.resolve({ content: [{ type: "text", text }], ...rest });
    },
    doStream: (options) => Promise.resolve({ stream: ReadableStream.from(partsOf(options, pauseMs)) }),
  };
}
