import { getUsageLimits, pathOf, setSpendCap, type UsageLimits } from "@charlie/contract";
import { type Browser, expect } from "@playwright/test";
import { liveForWeeks } from "./past.ts";
import {
  ask,
  demoPerson,
  giveKey,
  newestConversation,
  newPerson,
  newProject,
  type Person,
  planNow,
  teach,
  useUp,
} from "./people.ts";
import {
  atStripe,
  cancelAtPeriodEnd,
  cardGoesBad,
  control,
  endPlan,
  lookAgain,
  subscribe,
  untilPastDue,
} from "./stripe.ts";

/** Somebody whose pages are looked at. */
export interface Resident {
  person: Person;
  /** Bruno's. */
  agentId: string;
  conversations: { short: string; markdown: string; failed: string };
}

/** People in every state that shows on pages. */
export interface World {
  /** Has just signed up: nothing there, the address not confirmed. */
  newcomer: Resident;
  /** On Free, with agents and chats and a key. */
  builder: Resident;
  /** All agents of the Free plan are taken, and most of the day's messages. */
  full: Resident;
  /** On Pro. */
  payer: Resident;
  /** On Pro, and the renewal could not be paid. */
  debtor: Resident;
  /** Was on Pro with two projects and five agents; three are awake, Bruno is asleep and has a chat. */
  sleeper: Resident;
  /** The renewal could not be paid, and the days of grace are over. */
  fallen: Resident;
  /** On Pro, which ends with its period. */
  leaver: Resident;
  /** Was on Pro, had money back, disputed the rest, and ended it. */
  former: Resident;
  /** Runs the service. */
  operator: Resident;
  /** Has had answers for six weeks; of five agents one is deleted and one asleep. */
  regular: Resident;
  /** On Pro with the operator's AI, and the cap on its cost is met. */
  spender: Resident;
}

/** What a brain with much to say would write; the stand-in says it back. */
const markdown = `so:

## When we are open

We open **early** and close *late*, see [our calendar](https://example.org/calendar).

| Day | From | To | What is special about it |
| --- | --- | --- | --- |
| Friday | 7:00 | 18:00 | Fresh pretzels |
| Saturday | 7:00 | 14:00 | Birthday-cakes-and-everything-that-was-ordered |

1. Come in.
2. Choose:
   - bread,
   - cake.

> Whoever comes first gets the warm ones.

\`\`\`
total = loaves * 6.50 + croissants * 2.80 + delivery_within_five_miles_of_elm_street
\`\`\`
`;

const nobody = { agentId: "", conversations: { short: "", markdown: "", failed: "" } };

async function settle(browser: Browser, baseURL: string): Promise<Resident> {
  const person = await newPerson(browser, { baseURL });
  const { id } = await teach(person);
  return { ...nobody, person, agentId: id };
}

async function makeBuilder(browser: Browser, baseURL: string): Promise<Resident> {
  const builder = await settle(browser, baseURL);
  const { person, agentId } = builder;
  await teach(person, {
    name: "Dr. Nala",
    who: "You help in a doctor's practice.",
    tricks: "Call 555 0100 to make an appointment.",
  });
  await ask(person, agentId, "What does sourdough cost?");
  const short = await newestConversation(person, agentId);
  await giveKey(person);
  await ask(person, agentId, markdown);
  const written = await newestConversation(person, agentId);
  await ask(person, agentId, "Will this work? [fail-429]");
  return { ...builder, conversations: { short, markdown: written, failed: await newestConversation(person, agentId) } };
}

async function makeFull(browser: Browser, baseURL: string): Promise<Resident> {
  const full = await settle(browser, baseURL);
  await teach(full.person, { name: "Luna, who knows everything about deliveries to remote islands", tricks: "" });
  await teach(full.person, { name: "Oskar" });
  await useUp(full.person, full.agentId, { left: 20 });
  return full;
}

async function makePayer(browser: Browser, baseURL: string): Promise<Resident> {
  const payer = await settle(browser, baseURL);
  await subscribe(payer.person);
  return payer;
}

async function makeSleeper(browser: Browser, baseURL: string): Promise<Resident> {
  const sleeper = await makePayer(browser, baseURL);
  const { person, agentId } = sleeper;
  await ask(person, agentId, "What does sourdough cost?");
  const short = await newestConversation(person, agentId);
  for (const name of ["Luna", "Oskar", "Nala, who knows everything about deliveries to remote islands"]) {
    const { id } = await teach(person, { name });
    await ask(person, id, "Hello");
  }
  const { id: projectId } = await newProject(person, "Island shop");
  await teach(person, { name: "Balu", projectId });
  await endPlan(person);
  return { ...sleeper, conversations: { ...nobody.conversations, short } };
}

async function makeFormer(browser: Browser, baseURL: string): Promise<Resident> {
  const former = await makePayer(browser, baseURL);
  const { person } = former;
  const { charge } = await atStripe(person);
  await control(person, "refund", { charge, amount: 900 });
  await control(person, "dispute", { charge, reason: "product_not_received" });
  await control(person, "settled", {});
  await endPlan(person);
  return former;
}

async function makeRegular(browser: Browser, baseURL: string): Promise<Resident> {
  const regular = await makePayer(browser, baseURL);
  await liveForWeeks(regular.person, regular.agentId);
  await endPlan(regular.person);
  return regular;
}

async function makeSpender(browser: Browser, baseURL: string): Promise<Resident> {
  const spender = await makePayer(browser, baseURL);
  const { person, agentId } = spender;
  expect(await ask(person, agentId, "What does sourdough cost?")).toBe(200);
  const short = await newestConversation(person, agentId);
  // What the first answer cost, and some cents.
  const limits = (await (await person.api.get(pathOf(getUsageLimits))).json()) as UsageLimits;
  const capMicros = (limits.aiSpend?.used ?? 0) + 1_000;
  await expect(await person.api.put(pathOf(setSpendCap), { data: { capMicros } })).toBeOK();
  expect(await ask(person, agentId, "And what does delivery cost?")).toBe(402);
  return { ...spender, conversations: { ...spender.conversations, short } };
}

/** Makes all of them by HTTP. The clock is turned once, so that renewals lie some days and many days back. */
export async function makeWorld(browser: Browser, baseURL: string): Promise<World> {
  const fallen = await makePayer(browser, baseURL);
  await control(fallen.person, "clock", { days: 9 });
  const [newcomer, builder, full, payer, debtor, sleeper, former, regular, spender] = await Promise.all([
    newPerson(browser, { baseURL, confirmed: false }),
    makeBuilder(browser, baseURL),
    makeFull(browser, baseURL),
    makePayer(browser, baseURL),
    makePayer(browser, baseURL),
    makeSleeper(browser, baseURL),
    makeFormer(browser, baseURL),
    makeRegular(browser, baseURL),
    makeSpender(browser, baseURL),
  ]);
  await Promise.all([cardGoesBad(fallen.person), cardGoesBad(debtor.person)]);
  await control(debtor.person, "clock", { days: 32 });
  await Promise.all([untilPastDue(debtor.person), untilPastDue(fallen.person)]);
  await lookAgain(fallen.person);
  expect([await planNow(debtor.person), await planNow(fallen.person)]).toEqual(["pro", "free"]);
  const leaver = await makePayer(browser, baseURL);
  await cancelAtPeriodEnd(leaver.person);
  const operator = { ...nobody, person: await demoPerson(browser, { baseURL }) };
  return {
    newcomer: { ...nobody, person: newcomer },
    builder,
    full,
    payer,
    debtor,
    sleeper,
    fallen,
    leaver,
    former,
    operator,
    regular,
    spender,
  };
}
