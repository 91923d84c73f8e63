import { flowOf, type Flow } from "@charlie/contract";
import { assert, property, shuffledSubarray } from "fast-check";
import { expect, test } from "vitest";
import { FlowFault, planFlow } from "./graph.ts";

const wizard = flowOf({ who: "", rules: "", tricks: "" });
const change = (part: Partial<Flow>): Flow => ({ ...wizard, ...part });
const brain = wizard.steps.find(({ type }) => type === "brain") ?? wizard.steps[0]!;

test("the wizard's flow runs from the question to the answer", () => {
  const plan = planFlow(wizard);
  expect(plan.map(({ step }) => step.id)).toEqual(["input", "instructions", "taught", "brain", "output"]);
  expect(plan.find(({ step }) => step.id === "brain")).toMatchObject({
    from: ["input", "instructions", "taught"],
    to: ["output"],
  });
});

test("whatever the order of steps and lines, each step comes after those that feed it", () => {
  assert(
    property(
      shuffledSubarray(wizard.steps, { minLength: wizard.steps.length }),
      shuffledSubarray(wizard.edges, { minLength: wizard.edges.length }),
      (steps, edges) => {
        const order = planFlow({ version: 1, steps, edges }).map(({ step }) => step.id);
        expect(order.toSorted()).toEqual(wizard.steps.map(({ id }) => id).toSorted());
        for (const { from, to } of edges) expect(order.indexOf(from)).toBeLessThan(order.indexOf(to));
      },
    ),
  );
});

test("a step that leads nowhere does not run", () => {
  const flow = change({
    steps: [...wizard.steps, { id: "loose", type: "taught", tricks: "" }],
    edges: [...wizard.edges, { from: "input", to: "loose" }],
  });
  expect(planFlow(flow).map(({ step }) => step.id)).not.toContain("loose");
});

test.each<[string, Flow, RegExp]>([
  ["no input", change({ steps: wizard.steps.filter(({ type }) => type !== "input") }), /one input/],
  [
    "two outputs",
    change({ steps: [...wizard.steps, { id: "more", type: "output" }] }),
    /one output step; this one has 2/,
  ],
  ["one id twice", change({ steps: [...wizard.steps, brain] }), /same id/],
  ["a line into nothing", change({ edges: [...wizard.edges, { from: "brain", to: "ghost" }] }), /"ghost"/],
  ["a circle", change({ edges: [...wizard.edges, { from: "brain", to: "taught" }] }), /circle/],
  ["a step that feeds itself", change({ edges: [...wizard.edges, { from: "brain", to: "brain" }] }), /circle/],
  [
    "an output that nothing reaches",
    change({ edges: wizard.edges.filter(({ to }) => to !== "output") }),
    /from the question to the answer/,
  ],
])("%s is refused in plain words", (_, flow, words) => {
  expect(() => planFlow(flow)).toThrow(FlowFault);
  expect(() => planFlow(flow)).toThrow(words);
});
