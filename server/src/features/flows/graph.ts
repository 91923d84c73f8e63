import type { Flow, FlowStep } from "@charlie/contract";

/** A flow that cannot run; the message says why in words for its owner. */
export class FlowFault extends Error {}

const fault = (message: string): never => {
  throw new FlowFault(message);
};

/** One step with those that feed it and those that it feeds. */
export interface PlannedStep {
  step: FlowStep;
  from: string[];
  to: string[];
}

function only(flow: Flow, type: "input" | "output"): FlowStep {
  const found = flow.steps.filter((step) => step.type === type);
  const [step] = found;
  if (!step || found.length > 1) return fault(`A flow has exactly one ${type} step; this one has ${found.length}.`);
  return step;
}

/** Everything that can be reached from `start` by following `next`. */
function reach(start: string, next: (id: string) => string[]): Set<string> {
  const seen = new Set([start]);
  for (const id of seen) for (const other of next(id)) seen.add(other);
  return seen;
}

/**
 * Checks a flow and puts its steps in the order in which they run: one input, one output that the input reaches, known
 * ends on every edge, no circle. Steps that do not lead to the output are left out. Where several orders are possible
 * the flow's own is kept, so that a flow always runs alike. Throws FlowFault.
 */
export function planFlow(flow: Flow): PlannedStep[] {
  const input = only(flow, "input");
  const output = only(flow, "output");
  const ids = new Set(flow.steps.map(({ id }) => id));
  if (ids.size !== flow.steps.length) fault("Two steps of this flow have the same id.");
  for (const { from, to } of flow.edges) {
    for (const id of [from, to])
      if (!ids.has(id)) fault(`A line of this flow leads to a step "${id}" that is not there.`);
  }
  const sourcesOf = (id: string) => flow.edges.filter(({ to }) => to === id).map(({ from }) => from);
  const targetsOf = (id: string) => flow.edges.filter(({ from }) => from === id).map(({ to }) => to);
  const needed = reach(output.id, sourcesOf);
  if (!needed.has(input.id)) fault("No line of this flow leads from the question to the answer.");

  const waiting = flow.steps.filter(({ id }) => needed.has(id));
  const done = new Set<string>();
  const planned: PlannedStep[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ id }) => sourcesOf(id).every((source) => done.has(source)));
    const [step] = next === -1 ? [] : waiting.splice(next, 1);
    if (!step) return fault("The lines of this flow run in a circle.");
    done.add(step.id);
    planned.push({ step, from: [...new Set(sourcesOf(step.id))], to: [...new Set(targetsOf(step.id))] });
  }
  return planned;
}
