import type { Failure } from "@charlie/contract";
import type { JSONObject, LanguageModelV4StreamPart, LanguageModelV4Usage } from "@ai-sdk/provider";
import { classify, failureOf, onOperatorsKey } from "./failures.ts";
import { tokensAtMost } from "./worst-case.ts";
import type { Asked, BrainTimeouts, ReadyBrain } from "./types.ts";

export interface BrainPrompt {
  instructions: string;
  /** The conversation so far; the last one is the question. */
  messages: { role: "user" | "assistant"; content: string }[];
  /** The teaching as it was written, for a brain that is no language model; others never see it. */
  teaching: JSONObject;
}

/**
 * Roughly four bytes make a token: for brains and cases where nobody counted. Not characters: those of Chinese, at three
 * bytes, are nearly a token each.
 */
const estimateTokens = (bytes: number): number => Math.ceil(bytes / 4);

const promptBytes = ({ instructions, messages }: BrainPrompt): number =>
  messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), Buffer.byteLength(instructions));

/** A provider may tell anything; what no answer can take is not believed. */
const believable = (tokens: number | undefined): number | undefined =>
  Number.isSafeInteger(tokens) && tokens !== undefined && tokens >= 0 && tokens < 1e9 ? tokens : undefined;

/** The longest answer in characters where tokens are few (some hold dozens), and the longest of all. */
const [roomForFew, roomForAll] = [16_384, 262_144];

/** As many as the fastest models think in a second: their thoughts cost as their words do, and most are never shown. */
const thoughtTokensPerSecond = 200;

/** How many characters may come, thoughts included: a server that ignores the longest answer allowed is cut off. */
const roomOf = ({ maxOutputTokens }: ReadyBrain): number =>
  Math.min(roomForAll, Math.max(roomForFew, maxOutputTokens * 16));

/**
 * What the provider counted, else an estimate of the prompt and the bytes heard (thoughts too): a stopped answer is
 * never told its tokens, and was not free. Where we broke off after so many `silentMs` the operator may have paid for
 * thoughts all the while: nobody is billed for such an answer, but it takes from the cap or allowance. What the operator
 * passes on is never more than the prompt can hold, and of the answer never more tokens than characters that we would have
 * taken: so much at most can a spend cap be passed by a provider that ignores the longest answer allowed.
 */
function tokensOf(
  brain: ReadyBrain,
  usage: LanguageModelV4Usage | undefined,
  prompt: BrainPrompt,
  { heard, silentMs }: { heard: number; silentMs: number },
): Pick<Asked, "use" | "estimated"> {
  const [tokensIn, tokensOut] = [believable(usage?.inputTokens.total), believable(usage?.outputTokens.total)];
  const thoughts =
    brain.payer === "operator" && heard === 0
      ? Math.min(brain.maxOutputTokens, Math.ceil((silentMs * thoughtTokensPerSecond) / 1_000))
      : 0;
  const most =
    brain.payer === "operator" ? { in: tokensAtMost(prompt), out: roomOf(brain) } : { in: Infinity, out: Infinity };
  return {
    use: {
      in: Math.min(most.in, tokensIn ?? estimateTokens(promptBytes(prompt))),
      out: Math.min(most.out, tokensOut ?? Math.max(thoughts, estimateTokens(heard))),
      cached: believable(usage?.inputTokens.cacheRead) ?? 0,
      cacheWritten: believable(usage?.inputTokens.cacheWrite) ?? 0,
    },
    estimated: tokensIn === undefined || tokensOut === undefined,
  };
}

const noTokens = { use: { in: 0, out: 0, cached: 0, cacheWritten: 0 }, estimated: false };

const hasCounted = (usage: LanguageModelV4Usage | undefined): boolean =>
  (believable(usage?.inputTokens.total) ?? believable(usage?.outputTokens.total)) !== undefined;

/** A finished stream can still be no answer: the provider says so by its reason, or there is no text. */
function faultOf(finishReason: string, text: string): Failure | null {
  if (finishReason === "content-filter") return failureOf("filtered");
  if (finishReason === "interrupted") return failureOf("cut_off");
  if (finishReason === "error") return failureOf(text === "" ? "overloaded" : "cut_off");
  if (text.trim() !== "") return null;
  return failureOf(finishReason === "length" ? "too_short" : "empty");
}

/**
 * A signal that is aborted with `stop`, and when a brain is silent for too long. The SDK's own time-outs begin with the
 * response: a provider that takes the question and never answers would escape them. (`AbortSignal.any` would do the same by
 * weak references, which the garbage collector has to look after.)
 */
function watch({ firstTextMs, betweenMs, wholeMs }: BrainTimeouts, stop: AbortSignal) {
  const controller = new AbortController();
  const close = () => controller.abort(stop.reason);
  if (stop.aborted) close();
  stop.addEventListener("abort", close);
  let isLate = false;
  const late = () => {
    isLate = true;
    controller.abort(new DOMException("the brain is silent", "TimeoutError"));
  };
  const whole = setTimeout(late, wholeMs);
  let silence = setTimeout(late, firstTextMs);
  let first = true;
  return {
    signal: controller.signal,
    isLate: () => isLate,
    heard: () => {
      if (!first) return void silence.refresh();
      first = false;
      clearTimeout(silence);
      silence = setTimeout(late, betweenMs);
    },
    /** Closes the provider's connection. */
    close,
    end: () => {
      stop.removeEventListener("abort", close);
      clearTimeout(whole);
      clearTimeout(silence);
    },
  };
}

/**
 * What the SDK's model streams. Asked by the SDK's own interface of models, not by `streamText`: that is made for tools,
 * several steps and many readers, and takes each piece of text through seven more streams for it.
 */
async function streamFrom(
  brain: ReadyBrain,
  { instructions, messages, teaching }: BrainPrompt,
  abortSignal: AbortSignal,
): Promise<ReadableStream<LanguageModelV4StreamPart>> {
  const { stream } = await brain.model.doStream({
    prompt: [
      { role: "system", content: instructions },
      ...messages.map(({ role, content }) => ({ role, content: [{ type: "text" as const, text: content }] })),
    ],
    providerOptions: { charlie: teaching },
    maxOutputTokens: brain.maxOutputTokens,
    ...(brain.temperature === undefined ? {} : { temperature: brain.temperature }),
    abortSignal,
  });
  return stream;
}

/**
 * Asks a brain once and streams its text to `onText`. Never throws: trouble of any shape ends in `failed` with a plain
 * sentence, an abort of `signal` in `stopped` with what came until then. What is far longer than allowed is cut and the
 * provider's connection closed (finish reason `length`).
 */
export async function askBrain(
  brain: ReadyBrain,
  prompt: BrainPrompt,
  { signal, onText }: { signal: AbortSignal; onText: (delta: string) => void },
): Promise<Asked> {
  const began = performance.now();
  let text = "";
  let finishReason = "other";
  let usage: LanguageModelV4Usage | undefined;
  let firstTextMs: number | null = null;
  let quoted: unknown = null;
  let failure: Failure | null = null;
  let finished = false;
  let room = roomOf(brain);
  let heard = 0;
  const asks = !signal.aborted;
  const silence = watch(brain.timeouts, signal);
  try {
    for await (const part of await streamFrom(brain, prompt, silence.signal)) {
      if (part.type === "text-delta" || part.type === "reasoning-delta") {
        silence.heard();
        const piece = part.delta.slice(0, room);
        if (part.type === "text-delta" && piece !== "") {
          firstTextMs ??= performance.now() - began;
          text += piece;
          onText(piece);
        }
        room -= piece.length;
        heard += Buffer.byteLength(piece);
        if (piece.length === part.delta.length) continue;
        finished = true;
        finishReason = "length";
        silence.close();
        break;
      }
      if (part.type === "finish") {
        finished = true;
        usage = part.usage;
        finishReason = part.finishReason.unified;
        quoted = part.providerMetadata?.["charlie"]?.["quoted"] ?? null;
      } else if (part.type === "error") failure ??= classify(part.error, text !== "");
    }
  } catch (error) {
    // Where we broke off, what that did to the connection says nothing.
    failure ??= silence.isLate() ? failureOf("timed_out") : classify(error, text !== "");
  } finally {
    silence.end();
  }
  // A provider that refused, or broke before it gave or counted anything, did no work. Where it is we who broke off, it did.
  const worked =
    asks &&
    (signal.aborted || silence.isLate() || heard > 0 || hasCounted(usage) || (finished && finishReason !== "error"));
  const silentMs = signal.aborted || silence.isLate() ? performance.now() - began : 0;
  const tokens = worked ? tokensOf(brain, usage, prompt, { heard, silentMs }) : noTokens;
  const asked = { text, finishReason, ...tokens, firstTextMs, quoted };
  // A stop that comes after the end changes nothing: the answer is there.
  if (signal.aborted && !(finished && failure === null))
    return { ...asked, ended: "stopped", finishReason: "stopped", failure: null };
  failure ??= faultOf(finishReason, text);
  if (!failure) return { ...asked, ended: "complete", failure };
  return { ...asked, ended: "failed", failure: brain.payer === "operator" ? onOperatorsKey(failure) : failure };
}
