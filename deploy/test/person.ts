import { randomBytes } from "node:crypto";
import type { Agent, BrainChoice } from "@charlie/contract";
import type { Answer, Asked, Door } from "./door.ts";

/** Somebody with an account, at the front door. */
export interface Person {
  email: string;
  ask<T = unknown>(path: string, asked?: Asked): Promise<Answer<T>>;
  /** Asks an agent, and hears pieces of the answer as they come. Throws where it is not answered. */
  chat(agentId: string, text: string, door?: Door): Promise<AsyncIterable<string>>;
  /** A taught agent. */
  teach(brain?: BrainChoice): Promise<Agent>;
}

/** Thrown by an answer that ends before it says that it does. */
export class BrokenStream extends Error {}

/** Pieces of text of a UI message stream. Throws a BrokenStream where it ends without its end mark. */
async function* piecesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const events = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      if (event === "data: [DONE]") return;
      if (!event.startsWith("data: ")) continue;
      const part = JSON.parse(event.slice(6)) as { type: string; delta?: string; errorText?: string };
      if (part.type === "error") throw new BrokenStream(part.errorText);
      if (part.type === "text-delta") yield part.delta ?? "";
    }
  }
  throw new BrokenStream("the stream ended without its end mark");
}

/** Signs somebody new up. */
export async function signUp(door: Door): Promise<Person> {
  const email = `p-${randomBytes(6).toString("hex")}@charlie.example`;
  const body = { name: "Pat Tester", email, password: "a good long password" };
  const { status, headers } = await door.ask("/api/auth/sign-up/email", { method: "POST", body });
  if (status !== 200) throw new Error(`sign-up answered ${status}`);
  const cookie = (headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
  const withCookie = (asked: Asked = {}): Asked => ({ ...asked, headers: { cookie, ...asked.headers } });
  const ask = <T>(path: string, asked?: Asked): Promise<Answer<T>> => door.ask<T>(path, withCookie(asked));
  return {
    email,
    ask,
    chat: async (agentId, text, by = door) => {
      const asked = withCookie({ method: "POST", body: { text } });
      const response = await by.open(`/api/v1/agents/${agentId}/messages`, asked);
      if (response.statusCode !== 200) throw new Error(`a question was answered with ${response.statusCode}`);
      return piecesOf(response);
    },
    teach: async (brain) => {
      const answers = { who: "You work in a bakery.", rules: "Be kind.", tricks: "We open at 8 in the morning." };
      const { body: agent } = await ask<Agent>("/api/v1/agents", { method: "POST", body: answers });
      if (brain) await ask(`/api/v1/agents/${agent.id}`, { method: "PATCH", body: { brain } });
      return agent;
    },
  };
}
