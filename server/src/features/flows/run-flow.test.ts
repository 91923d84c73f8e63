import { flowOf, trace, withAnswers, type Flow } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startProviderStandIn, type ProviderStandIn } from "../../../test/stand-ins/providers.ts";
import { connectModel } from "../../integrations/ai/index.ts";
import { defaultTimeouts, offlineBrain, type ReadyBrain } from "../ai/index.ts";
import { previewAnswer, runFlow, type FlowOutcome, type Turn } from "./index.ts";
import { remember } from "./steps/input.ts";

let standIn: ProviderStandIn;
beforeAll(async () => {
  standIn = await startProviderStandIn();
});
afterAll(async () => standIn.close());

const answers = {
  who: "You are Bella.",
  rules: "Be kind.",
  tricks: "We open at 8.\nWe deliver bread in Hamburg.\nCakes need two days.",
};
const offline = offlineBrain({ pauseMs: 0, timeouts: defaultTimeouts });
const anthropic = (modelId: string): ReadyBrain => ({
  provider: "anthropic",
  modelId,
  payer: "operator",
  model: connectModel({ provider: "anthropic", apiKey: "sk-good-1", baseUrl: standIn.url, fetch }, modelId),
  maxOutputTokens: 100,
  timeouts: defaultTimeouts,
  costMicros: (use) => use.in + use.out,
  ownKeyMicros: () => null,
});

interface Run {
  flow?: Flow;
  brain?: ReadyBrain;
  question?: string;
  history?: Turn[];
  signal?: AbortSignal;
  onText?: (delta: string) => void;
}
const run = ({
  flow = flowOf(answers),
  brain = offline,
  question = "Do you deliver bread?",
  history = [],
  signal = new AbortController().signal,
  onText = () => {},
}: Run): Promise<FlowOutcome> => runFlow(flow, { agentName: "Bella", question, history }, { brain, signal, onText });

test("the wizard's flow with the offline brain: text, trace, usage", async () => {
  let streamed = "";
  const outcome = await run({ onText: (delta) => (streamed += delta) });
  expect(outcome).toMatchObject({
    ended: "complete",
    text: "We deliver bread in Hamburg.",
    failure: null,
    usage: {
      provider: "offline",
      model: "charlie-offline",
      payer: "nobody",
      tokensOut: 7,
      tokensCached: 0,
      costMicros: 0,
    },
  });
  expect(streamed).toBe(outcome.text);
  expect(trace.parse(outcome.trace)).toEqual(outcome.trace);
  expect(outcome.trace.steps.map(({ type }) => type)).toEqual(["input", "instructions", "taught", "brain", "output"]);
  expect(outcome.trace.steps[2]).toMatchObject({ used: [{ source: "tricks", text: "We deliver bread in Hamburg." }] });
});

test("the offline brain's trace names what was said, also of rules and who", async () => {
  const { trace: told } = await run({ question: "Who are you?" });
  expect(told.steps[2]).toMatchObject({ type: "taught", used: [{ source: "who", text: "You are Bella." }] });
});

test("a real brain is told who, rules, tricks, conversation and question; the trace marks matching sentences", async () => {
  const history: Turn[] = [
    { role: "user", text: "Hello" },
    // Long enough that the stand-in's 1,000 tokens can be in it.
    { role: "assistant", text: `Hi!${" What a day.".repeat(30)}` },
  ];
  const outcome = await run({ brain: anthropic("cached"), history });
  const { body } = standIn.requests.at(-1) ?? {};
  const system = JSON.stringify(body?.["system"]);
  for (const words of ["You are Bella", "Be kind.", "We open at 8.", "Cakes need two days."])
    expect(system).toContain(words);
  expect(JSON.stringify(body?.["messages"])).toMatch(/Hello.*Hi!.*Do you deliver bread\?/s);
  expect(body).not.toHaveProperty("charlie");
  expect(outcome).toMatchObject({
    ended: "complete",
    text: "You said: Do you deliver bread?",
    usage: {
      provider: "anthropic",
      model: "cached",
      payer: "operator",
      tokensIn: 1_000,
      tokensOut: 6,
      tokensCached: 600,
      costMicros: 1_006,
    },
  });
  expect(outcome.trace.steps[0]).toMatchObject({ remembered: 2 });
  expect(outcome.trace.steps[2]).toMatchObject({ used: [{ source: "tricks", text: "We deliver bread in Hamburg." }] });
  expect(outcome.trace.steps[3]).toMatchObject({ type: "brain", tokensCached: 600, finishReason: "stop" });
});

test("a provider's failure ends the run there, with a sentence and the trace so far", async () => {
  const outcome = await run({ brain: anthropic("cut-after-3") });
  expect(outcome).toMatchObject({ ended: "failed", failure: { code: "cut_off" } });
  expect(outcome.trace.steps.map(({ type }) => type)).toEqual(["input", "instructions", "taught", "brain"]);
});

test("a stop keeps what came; the operator's cost of it is not forgotten", async () => {
  const stop = new AbortController();
  const outcome = await run({ brain: anthropic("slow"), signal: stop.signal, onText: () => stop.abort() });
  expect(outcome).toMatchObject({ ended: "stopped", text: expect.stringMatching(/^1 /), failure: null });
  expect(outcome.usage.costMicros).toBeGreaterThan(0);
});

test("a stop of the offline brain keeps what came", async () => {
  const stop = new AbortController();
  const brain = offlineBrain({ pauseMs: 15, timeouts: defaultTimeouts });
  const tricks = "We deliver bread on every day of the week to all who live within ten miles of our shop.";
  const flow = flowOf({ ...answers, tricks });
  const outcome = await run({ flow, brain, signal: stop.signal, onText: () => stop.abort() });
  expect(outcome).toMatchObject({ ended: "stopped", text: expect.stringMatching(/^We deliver bread /), failure: null });
  expect(tricks.startsWith(outcome.text) && outcome.text !== tricks).toBe(true);
});

test("a stop before it began", async () => {
  expect(await run({ signal: AbortSignal.abort() })).toMatchObject({ ended: "stopped", text: "", failure: null });
});

test("a flow that cannot run fails in plain words", async () => {
  const flow = flowOf(answers);
  const circle = { ...flow, edges: [...flow.edges, { from: "brain", to: "taught" }] };
  expect(await run({ flow: circle })).toMatchObject({ ended: "failed", text: "", failure: { code: "flow_invalid" } });
  const mute: Flow = {
    version: 1,
    steps: [
      { id: "a", type: "input" },
      { id: "b", type: "output" },
    ],
    edges: [{ from: "a", to: "b" }],
  };
  expect(await run({ flow: mute })).toMatchObject({
    ended: "failed",
    failure: { code: "flow_invalid", message: expect.stringContaining("brain") },
  });
});

test("several taught steps speak with one voice", async () => {
  const flow = withAnswers(flowOf(answers), {});
  flow.steps.push({ id: "more", type: "taught", tricks: "Parking is behind the house." });
  flow.edges.push({ from: "input", to: "more" }, { from: "more", to: "brain" });
  expect((await run({ flow, question: "Where is parking?" })).text).toBe("Parking is behind the house.");
});

test("a longest answer is kept, and the trace says so", async () => {
  const outcome = await run({ brain: { ...offline, maxOutputTokens: 3 } });
  expect(outcome).toMatchObject({ ended: "complete", text: "We deliver b" });
  expect(outcome.trace.steps[3]).toMatchObject({ finishReason: "length", tokensOut: 3 });
});

test("of a long conversation the newest part that fits is remembered, and it begins with a question", () => {
  const turn = (role: Turn["role"], text: string): Turn => ({ role, text });
  const long = [turn("user", "aaaa"), turn("assistant", "bbbb"), turn("user", "cccc"), turn("assistant", "dddd")];
  expect(remember(long, 100)).toEqual(long);
  expect(remember(long, 15)).toEqual(long.slice(2));
  expect(remember(long, 8)).toEqual(long.slice(2));
  expect(remember(long, 7)).toEqual([]);
  expect(remember([turn("user", "a"), turn("assistant", " ")], 100)).toEqual([turn("user", "a")]);
});

test("the preview answers like the agent would", async () => {
  expect(await previewAnswer({ agentName: "Bella", ...answers, text: "When do you open?" })).toEqual({
    text: "We open at 8.",
    used: [{ source: "tricks", text: "We open at 8." }],
  });
});
