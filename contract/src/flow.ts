import { z } from "zod";
import { notStorable, prose, storable } from "./endpoint.ts";

/**
 * The flow format: an agent is a graph of typed steps. The wizard's three answers are the text inside the
 * `instructions` and `taught` steps, so wizard and canvas edit the same value and nothing is lost between them.
 */

export const brainProviders = ["offline", "openai", "anthropic", "compatible"] as const;
export type BrainProvider = (typeof brainProviders)[number];

/** `auto` takes the workspace's own key, else the operator's where the plan allows it, else the offline brain. */
export const brainChoice = z
  .object({
    provider: z.enum(["auto", ...brainProviders]),
    /** The provider's model id; `null` takes the provider's default, and so does `auto` always. */
    model: z.string().trim().min(1).max(200).refine(storable, notStorable).nullable(),
    /** 0 (always alike) to 2 (wild); `null` leaves it to the provider. */
    temperature: z.number().min(0).max(2).nullable(),
    /** Longest answer in tokens; `null` takes the default. */
    maxOutputTokens: z.int().min(16).max(32_000).nullable(),
  })
  .meta({ id: "BrainChoice" });
export type BrainChoice = z.infer<typeof brainChoice>;

export const defaultBrain: BrainChoice = { provider: "auto", model: null, temperature: null, maxOutputTokens: null };

/** The three answers that teach an agent. */
export const answers = z.object({ who: prose(2_000), rules: prose(4_000), tricks: prose(8_000) });
export type Answers = z.infer<typeof answers>;

const stepId = z.string().min(1).max(64).refine(storable, notStorable);
export const flowStep = z.discriminatedUnion("type", [
  z.object({ id: stepId, type: z.literal("input") }),
  z.object({ id: stepId, type: z.literal("instructions"), who: answers.shape.who, rules: answers.shape.rules }),
  z.object({ id: stepId, type: z.literal("taught"), tricks: answers.shape.tricks }),
  z.object({ id: stepId, type: z.literal("brain"), ...brainChoice.shape }),
  z.object({ id: stepId, type: z.literal("output") }),
]);
export type FlowStep = z.infer<typeof flowStep>;

export const flow = z
  .object({
    version: z.literal(1),
    steps: z.array(flowStep).min(2).max(100),
    edges: z.array(z.object({ from: stepId, to: stepId })).max(400),
  })
  .meta({ id: "Flow" });
export type Flow = z.infer<typeof flow>;

/** Compiles the three answers and the brain's settings to a flow. The reverse is `answersOf` and `brainOf`. */
export function flowOf({ who, rules, tricks }: Answers, brain: BrainChoice = defaultBrain): Flow {
  return {
    version: 1,
    steps: [
      { id: "input", type: "input" },
      { id: "instructions", type: "instructions", who, rules },
      { id: "taught", type: "taught", tricks },
      { id: "brain", type: "brain", ...brain },
      { id: "output", type: "output" },
    ],
    edges: [
      { from: "input", to: "taught" },
      { from: "input", to: "brain" },
      { from: "instructions", to: "brain" },
      { from: "taught", to: "brain" },
      { from: "brain", to: "output" },
    ],
  };
}

/** The first step of a type; `undefined` where the flow has none. */
export function stepOf<T extends FlowStep["type"]>(value: Flow, type: T): Extract<FlowStep, { type: T }> | undefined {
  return value.steps.find((step): step is Extract<FlowStep, { type: T }> => step.type === type);
}

/** The three answers inside a flow. */
export function answersOf(value: Flow): Answers {
  const instructions = stepOf(value, "instructions");
  return {
    who: instructions?.who ?? "",
    rules: instructions?.rules ?? "",
    tricks: stepOf(value, "taught")?.tricks ?? "",
  };
}

/** The brain's settings inside a flow. */
export function brainOf(value: Flow): BrainChoice {
  const brain = stepOf(value, "brain");
  if (!brain) return defaultBrain;
  const { provider, model, temperature, maxOutputTokens } = brain;
  return { provider, model, temperature, maxOutputTokens };
}

/** The same flow with other answers or another brain; every other step and edge stays. */
export function withAnswers(value: Flow, change: Partial<Answers>, brain?: BrainChoice): Flow {
  const next = { ...answersOf(value), ...change };
  return {
    ...value,
    steps: value.steps.map((step): FlowStep => {
      if (step.type === "instructions") return { ...step, who: next.who, rules: next.rules };
      if (step.type === "taught") return { ...step, tricks: next.tricks };
      return step.type === "brain" && brain ? { ...step, ...brain } : step;
    }),
  };
}
