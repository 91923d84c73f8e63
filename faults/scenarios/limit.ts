import type { Problem } from "@charlie/contract";
import * as fc from "fast-check";
import { expect } from "vitest";
import { counted, pretendAnswered, signInAt } from "../../server/test/chat.ts";
import type { Client } from "../../server/test/client.ts";
import type { Place } from "../place.ts";
import { survive } from "../seeds.ts";

const limit = 100;

/** Asks until the server has a database connection to spare: 200 at once can be more than it waits for. */
async function insist(client: Client, agentId: string, text: string): Promise<string> {
  for (;;) {
    const { status, body } = await client.post<Problem>(`/api/v1/agents/${agentId}/messages`, { text });
    if (body.code !== "database_away") return status === 200 ? "answered" : body.code;
  }
}

/** Fault 15: 200 messages at once at a limit of 100, on two servers: as many as are left are answered. */
export async function limitHolds(place: Place): Promise<void> {
  const scenarios = fc.record({
    before: fc.integer({ min: 0, max: limit }),
    // Which of the 200 the provider refuses, and which server each goes to.
    fails: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 200, maxLength: 200 }),
    goesTo: fc.array(fc.nat(1), { minLength: 200, maxLength: 200 }),
  });
  await survive(place, scenarios, async ({ before, fails, goesTo }) => {
    const pat = await place.signUp();
    const agent = await place.teach(pat);
    await pretendAnswered(place, pat.workspaceId, agent.id, before);
    const clients = await Promise.all(place.urls.map((url) => signInAt(url, pat)));
    const ask = (n: number, word = "") => insist(clients[goesTo[n] ?? 0] ?? pat, agent.id, `Question ${n} ${word}`);
    const first = await Promise.all(goesTo.map((_, n) => ask(n, fails[n] === 0 ? "[fail-500]" : "")));
    const answered = (outcomes: string[]) => outcomes.filter((outcome) => outcome === "answered").length;
    for (const outcome of first) expect(["answered", "overloaded", "limit_reached"]).toContain(outcome);
    expect(before + answered(first)).toBeLessThanOrEqual(limit);
    expect(await counted(place, pat.workspaceId)).toBe(before + answered(first));
    // What failed was given back, so as many more find room, and not one beyond.
    const more = await Promise.all(goesTo.map((_, n) => ask(n)));
    expect(before + answered(first) + answered(more)).toBe(limit);
    expect(await counted(place, pat.workspaceId)).toBe(limit);
  });
}
