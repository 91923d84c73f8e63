import type { KeptDecision, Problem } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pretendAnswered, signInAt, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startRedis, type RedisServer } from "../../../test/redis.ts";

let redis: RedisServer;
let app: TestApp;
let second: TestApp;
beforeAll(async () => {
  redis = await startRedis();
  // 300 calls a minute, and 5 to sign up or in.
  const env = { RATE_LIMIT_SCALE: "0.5", REDIS_URL: redis.url };
  app = await startTestApp({ env });
  second = await startTestApp({ env, databaseUrl: app.databaseUrl });
});
afterAll(async () => {
  await second.close();
  await app.close();
  await redis.close();
});

interface Page {
  items: KeptDecision[];
  nextCursor: string | null;
}
const rowsOf = async ({ workspaceId }: Client) =>
  (
    await app.db.operator.query<{ id: string; status: number; limit_name: string; used: number; created_at: Date }>(
      "select * from decisions where workspace_id = $1 order by id",
      [workspaceId],
    )
  ).rows;

test("a 402 is looked up by its id: what was asked, the limit, the count, what would have helped", async () => {
  const pat = await app.signUp();
  const agent = await teach(pat);
  await pretendAnswered(app, pat.workspaceId, agent.id, 100);
  const { body: problem } = await pat.post<Problem>(`/api/v1/agents/${agent.id}/messages`, { text: "One more?" });
  const kept = await pat.get<KeptDecision>(`/api/v1/decisions/${problem.decision?.id}`);
  expect(kept.status).toBe(200);
  expect(kept.body).toMatchObject({
    ...problem.decision,
    status: 402,
    asked: `A question to ${agent.name}`,
    detail: problem.detail,
    limit: "messagesPerDay",
    used: 100,
    allowed: 100,
    helps: ["wait", "upgrade"],
  });
  expect(Date.now() - Date.parse(kept.body.createdAt)).toBeLessThan(600_000);
  await pat.post("/api/v1/projects", { name: "One too many" });
  const first = (await pat.get<Page>("/api/v1/decisions?limit=1")).body;
  expect(first.items).toMatchObject([
    { limit: "projects", asked: "One more project", helps: ["delete_one", "upgrade"] },
  ]);
  const next = (await pat.get<Page>(`/api/v1/decisions?limit=1&cursor=${first.nextCursor}`)).body;
  expect(next).toEqual({ items: [kept.body], nextCursor: null });
  expect((await (await app.signUp()).get(`/api/v1/decisions/${kept.body.id}`)).status).toBe(404);
});

test("429s of a workspace carry an id: one row for a minute on two servers, however many come", async () => {
  const pat = await app.signUp();
  const there = await signInAt(second.url, pat);
  const refusals: Problem[] = [];
  while (refusals.length < 40) {
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? pat : there).get<Problem>("/api/v1/projects")),
    );
    refusals.push(...replies.filter(({ status }) => status === 429).map(({ body }) => body));
  }
  for (const { code, decision } of refusals) {
    expect(code).toBe("too_many_requests");
    expect(decision).toMatchObject({
      limit: "requestsPerMinute",
      plan: "free",
      allowed: 300,
      helps: ["wait"],
      next: null,
    });
  }
  const rows = await rowsOf(pat);
  // The minute may have ended meanwhile.
  expect(rows.length).toBeLessThanOrEqual(1 + (Date.now() - Number(rows[0]?.created_at)) / 60_000 + 1);
  expect(new Set(refusals.map(({ decision }) => decision?.id))).toEqual(new Set(rows.map(({ id }) => id)));
  expect(rows[0]).toMatchObject({ status: 429, limit_name: "requestsPerMinute", asked: "GET /api/v1/projects" });
  expect(rows[0]?.used).toBeGreaterThan(300);
});

test("who is nobody we know is told a request id, and what was met stands in the log beside it", async () => {
  let refused: Problem | undefined;
  while (!refused) {
    const { status, body } = await app.stranger().get<Problem>("/api/v1/me");
    if (status === 429) refused = body;
  }
  expect(refused.decision).toBeUndefined();
  const line = app
    .logged()
    .split("\n")
    .find((each) => each.includes(refused.requestId ?? "-") && each.includes("refused"));
  expect(JSON.parse(line ?? "{}")).toMatchObject({ limit: "read", allowed: 300, used: expect.any(Number) });
});
