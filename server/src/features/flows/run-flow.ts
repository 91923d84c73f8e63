import type { BrainProvider, Failure, Flow, Payer, Trace, TraceStep, UsedSentence } from "@charlie/contract";
import type { ReadyBrain, TokenUse } from "../ai/index.ts";
import { FlowFault, planFlow, type PlannedStep } from "./graph.ts";
import type { FlowInput, OutputOf, StepOutput } from "./step.ts";
import { runStep } from "./steps/index.ts";

/** What came of running a flow. */
export interface FlowOutcome {
  ended: "complete" | "stopped" | "failed";
  text: string;
  trace: Trace;
  usage: {
    provider: BrainProvider;
    model: string;
    payer: Payer;
    tokensIn: number;
    tokensOut: number;
    tokensCached: number;
    /** Micro-dollars, rounded up once for the whole answer. */
    costMicros: number;
    /** About what the workspace's own key costs it at the provider, likewise; `null` where it does not pay or no price is known. */
    ownKeyMicros: number | null;
    /** The provider did not count the tokens: they are estimates. */
    estimated: boolean;
  };
  failure: Failure | null;
}

export interface FlowOptions {
  brain: ReadyBrain;
  signal: AbortSignal;
  onText: (delta: string) => void;
}

const isAnswer = (output: StepOutput): output is OutputOf<"answer"> => output.kind === "answer";

const total = (answers: OutputOf<"answer">[]): TokenUse => {
  const sum = (field: keyof TokenUse) => answers.reduce((count, { use }) => count + use[field], 0);
  return { in: sum("in"), out: sum("out"), cached: sum("cached"), cacheWritten: sum("cacheWritten") };
};

/**
 * The offline brain tells exactly which sentences it used, so they take the place of those that seemed to match; of other
 * brains the matching ones are all that is known.
 */
function withQuoted(steps: TraceStep[], quoted: UsedSentence[]): TraceStep[] {
  const first = steps.findIndex(({ type }) => type === "taught");
  return steps.map((step, index) => (step.type === "taught" ? { ...step, used: index === first ? quoted : [] } : step));
}

function outcomeOf(brain: ReadyBrain, steps: TraceStep[], answers: OutputOf<"answer">[], text: string): FlowOutcome {
  const use = total(answers);
  const broken = answers.find(({ ended }) => ended !== "complete");
  const last = answers.at(-1);
  const failure =
    broken?.failure ??
    (last ? null : { code: "flow_invalid", message: "This agent's flow has no brain that answers." });
  return {
    ended: broken?.ended ?? (failure ? "failed" : "complete"),
    text,
    trace: { version: 1, steps: last?.quoted ? withQuoted(steps, last.quoted) : steps },
    usage: {
      provider: brain.provider,
      model: brain.modelId,
      payer: brain.payer,
      tokensIn: use.in,
      tokensOut: use.out,
      tokensCached: use.cached,
      costMicros: brain.costMicros(use),
      ownKeyMicros: brain.ownKeyMicros(use),
      estimated: answers.some(({ estimated }) => estimated),
    },
    failure,
  };
}

/**
 * Runs a flow on a question: the one way in which an agent answers. Steps run in order, each handing its output to those
 * it feeds. Never throws for a provider's trouble or an invalid flow: those end in `failed` with a sentence for the
 * reader. An abort of `signal` ends in `stopped` with the text that came.
 */
export async function runFlow(
  flow: Flow,
  input: FlowInput,
  { brain, signal, onText }: FlowOptions,
): Promise<FlowOutcome> {
  const steps: TraceStep[] = [];
  const outputs = new Map<string, StepOutput>();
  let text = "";
  const say = (delta: string) => {
    text += delta;
    onText(delta);
  };
  let plan: PlannedStep[];
  try {
    plan = planFlow(flow);
  } catch (error) {
    if (!(error instanceof FlowFault)) throw error;
    return { ...outcomeOf(brain, [], [], ""), failure: { code: "flow_invalid", message: error.message } };
  }
  const outputId = plan.at(-1)?.step.id;
  for (const { step, from, to } of plan) {
    const began = performance.now();
    const received = from.flatMap((id) => outputs.get(id) ?? []);
    const streams = outputId !== undefined && to.includes(outputId);
    const { output, trace } = await runStep(step, {
      input,
      received,
      brain,
      signal,
      onText: streams ? say : () => undefined,
    });
    steps.push({ ...trace, stepId: step.id, ms: Math.round(performance.now() - began) } as TraceStep);
    if (output) outputs.set(step.id, output);
    if (output?.kind === "answer" && output.ended !== "complete") break;
  }
  return outcomeOf(brain, steps, [...outputs.values()].filter(isAnswer), text);
}
