import { z } from "zod";
import { brainProviders } from "./flow.ts";
import { micros } from "./endpoint.ts";

/** Who pays the provider for an answer's tokens. */
export const payer = z.enum(["own_key", "operator", "nobody"]);
export type Payer = z.infer<typeof payer>;

/** A sentence of what the agent was taught that went into an answer. */
export const usedSentence = z.object({ source: z.enum(["who", "rules", "tricks"]), text: z.string() });
export type UsedSentence = z.infer<typeof usedSentence>;

const stepBase = { stepId: z.string(), ms: z.number().min(0) };

/** What one step of a flow did, as *Why did he say that?* shows it. */
export const traceStep = z.discriminatedUnion("type", [
  z.object({ ...stepBase, type: z.literal("input"), remembered: z.int() }),
  z.object({ ...stepBase, type: z.literal("instructions") }),
  z.object({ ...stepBase, type: z.literal("taught"), used: z.array(usedSentence) }),
  z.object({
    ...stepBase,
    type: z.literal("brain"),
    provider: z.enum(brainProviders),
    model: z.string(),
    payer,
    firstTextMs: z.number().nullable(),
    tokensIn: z.int(),
    tokensOut: z.int(),
    tokensCached: z.int(),
    /** Why the provider ended: `length` means the answer was cut at the longest allowed. */
    finishReason: z.string(),
  }),
  z.object({ ...stepBase, type: z.literal("output") }),
]);
export type TraceStep = z.infer<typeof traceStep>;

export const trace = z.object({ version: z.literal(1), steps: z.array(traceStep) }).meta({ id: "Trace" });
export type Trace = z.infer<typeof trace>;

/** What one answer took: the `data-usage` part at the end of a stream. */
export const answerUsage = z
  .object({
    tokensIn: z.int(),
    tokensOut: z.int(),
    tokensCached: z.int(),
    /** What the operator pays the provider; 0 with the workspace's own key. */
    costMicros: micros,
    /** Whether the workspace is charged that: it is not on Free. */
    passedOn: z.boolean(),
    /** About what the provider asks of the workspace for its own key; `null` where it does not pay, or no price is known. */
    ownKeyMicros: micros.nullable(),
    payer,
    /** `null` where the plan has no limit. */
    messagesLeftToday: z.int().nullable(),
  })
  .meta({ id: "AnswerUsage" });
export type AnswerUsage = z.infer<typeof answerUsage>;
