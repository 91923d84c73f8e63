import type { Answers, Failure, FlowStep, TraceStep, UsedSentence } from "@charlie/contract";
import type { ReadyBrain, TokenUse } from "../ai/index.ts";

export interface Turn {
  role: "user" | "assistant";
  text: string;
}

/** What a flow is run on. */
export interface FlowInput {
  agentName: string;
  question: string;
  /** Earlier messages of the conversation, oldest first. */
  history: Turn[];
}

/** What one step hands to the next. */
export type StepOutput =
  | { kind: "question"; agentName: string; question: string; history: Turn[] }
  | ({ kind: "instructions" } & Pick<Answers, "who" | "rules">)
  | ({ kind: "taught" } & Pick<Answers, "tricks">)
  | {
      kind: "answer";
      use: TokenUse;
      estimated: boolean;
      ended: "complete" | "stopped" | "failed";
      failure: Failure | null;
      quoted: UsedSentence[] | null;
    };

export type OutputOf<K extends StepOutput["kind"]> = Extract<StepOutput, { kind: K }>;

/** What a step may use while it runs. */
export interface StepRun {
  input: FlowInput;
  /** What the steps before it handed over, in the order in which they ran. */
  received: StepOutput[];
  brain: ReadyBrain;
  signal: AbortSignal;
  /** Sends text to the reader; does nothing for a step that does not feed the output. */
  onText: (delta: string) => void;
}

/** The trace of a step without what the engine itself knows. */
export type StepTrace<T extends TraceStep["type"]> = Omit<Extract<TraceStep, { type: T }>, "stepId" | "ms">;

/** One type of step: what it does, and what *Why did he say that?* shows of it. */
export interface StepModule<T extends FlowStep["type"]> {
  run(step: Extract<FlowStep, { type: T }>, run: StepRun): Promise<{ output: StepOutput | null; trace: StepTrace<T> }>;
}

/** The outputs of one kind among those received. */
export const receivedOf = <K extends StepOutput["kind"]>(run: Pick<StepRun, "received">, kind: K): OutputOf<K>[] =>
  run.received.filter((output): output is OutputOf<K> => output.kind === kind);
