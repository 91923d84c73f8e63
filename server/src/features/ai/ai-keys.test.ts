import type { AiKey, Brain, Problem } from "@charlie/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { standInModels, startProviderStandIn, type ProviderStandIn } from "../../../test/stand-ins/providers.ts";
import { makeCtx } from "../../context.ts";
import { deleteAiKey } from "./delete-ai-key.ts";
import { getAiKey, listAiKeys } from "./get-ai-keys.ts";
import { makeAiServices } from "./index.ts";
import { putAiKey } from "./put-ai-key.ts";

let app: TestApp;
let standIn: ProviderStandIn;
let pat: Client;

beforeAll(async () => {
  standIn = await startProviderStandIn();
  app = await startTestApp({ env: { OPENAI_BASE_URL: standIn.url, ANTHROPIC_BASE_URL: standIn.url } });
});
afterAll(async () => {
  await app.close();
  await standIn.close();
});
beforeEach(async () => {
  pat = await app.signUp();
});

const key = "sk-live-0123456789-last4";
const put = <T = AiKey>(provider: string, body: object) => pat.put<T>(`/api/v1/ai-keys/${provider}`, body);

describe("a key", () => {
  test("is checked, kept, listed by its last four, replaced and forgotten", async () => {
    const { status, body } = await put("openai", { key });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { provider: "openai", lastFour: "ast4", baseUrl: null },
    });
    expect(standIn.requests.at(-1)).toMatchObject({ path: "/v1/models", headers: { authorization: `Bearer ${key}` } });
    expect((await put("anthropic", { key: "sk-ant-other-9999" })).status).toBe(200);
    expect(standIn.requests.at(-1)).toMatchObject({
      headers: { "x-api-key": "sk-ant-other-9999", "anthropic-version": "2023-06-01" },
    });

    const { body: list } = await pat.get<{ items: AiKey[] }>("/api/v1/ai-keys");
    expect(list.items.map(({ provider, lastFour }) => [provider, lastFour])).toEqual([
      ["anthropic", "9999"],
      ["openai", "ast4"],
    ]);
    await put("openai", { key: "sk-live-replaced-8888" });
    expect((await pat.get<AiKey>("/api/v1/ai-keys/openai")).body.lastFour).toBe("8888");
    expect((await pat.delete("/api/v1/ai-keys/openai")).status).toBe(204);
    expect((await pat.get("/api/v1/ai-keys/openai")).status).toBe(404);
    expect((await pat.delete("/api/v1/ai-keys/openai")).status).toBe(404);

    const { rows } = await app.db.operator.query(
      "select action, subject_id, data from audit_log where workspace_id = $1 and action like 'ai_key.%' order by id",
      [pat.workspaceId],
    );
    expect(rows.map(({ action, data }) => [action, data.lastFour])).toEqual([
      ["ai_key.saved", "ast4"],
      ["ai_key.saved", "9999"],
      ["ai_key.saved", "8888"],
      ["ai_key.deleted", "8888"],
    ]);
  });

  test("of a compatible server comes with its address and brings its models", async () => {
    expect((await put<Problem>("compatible", { key })).body).toMatchObject({
      status: 400,
      code: "address_missing",
      fields: [{ path: "baseUrl" }],
    });
    expect((await put("compatible", { key, baseUrl: `${standIn.url}/` })).body.baseUrl).toBe(standIn.url);
    const { body } = await pat.get<{ brains: Brain[]; auto: string }>("/api/v1/brains");
    expect(body.brains.find(({ provider }) => provider === "compatible")).toMatchObject({
      source: "own_key",
      models: standInModels,
      defaultModel: "echo",
    });
    expect(body.auto).toBe("compatible");
  });

  test.each([
    ["that the provider refuses", "openai", { key: "sk-bad-0123456789" }, 400, "key_refused"],
    ["that the provider refuses", "anthropic", { key: "sk-bad-0123456789" }, 400, "key_refused"],
    ["while the provider is down", "openai", { key: "sk-down-0123456789" }, 503, "provider_unreachable"],
    [
      "with an address where none is needed",
      "openai",
      { key, baseUrl: "http://127.0.0.1:9" },
      400,
      "address_not_needed",
    ],
    ["for a server that is away", "compatible", { key, baseUrl: "http://127.0.0.1:9/v1" }, 503, "provider_unreachable"],
    [
      "for an address with a password in it",
      "compatible",
      { key, baseUrl: "http://a:b@127.0.0.1:9/v1" },
      400,
      "address_refused",
    ],
  ])("%s is not saved (%s)", async (_, provider, body, status, code) => {
    const answer = await put<Problem>(provider, body);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body.detail).toMatch(/^[A-Z].+\.$/);
    expect((await pat.get<{ items: AiKey[] }>("/api/v1/ai-keys")).body.items).toEqual([]);
  });

  test("for an address that is no AI server, or leads elsewhere, is not saved", async () => {
    expect((await put<Problem>("compatible", { key, baseUrl: `${standIn.url}/deeper` })).body.code).toBe(
      "address_refused",
    );
    expect((await put<Problem>("compatible", { key: "sk-elsewhere-01", baseUrl: standIn.url })).body.code).toBe(
      "address_refused",
    );
  });

  test("in production is never sent to an address inside the network", async () => {
    const services = makeAiServices({
      config: { ...app.config, production: true },
      encryptionKey: Buffer.alloc(32, 7),
    });
    const before = standIn.requests.length;
    for (const baseUrl of [standIn.url, standIn.url.replace("http:", "https:"), "https://localhost/v1"]) {
      const saving = putAiKey(app.ctxOf(pat), "compatible", { key, baseUrl }, services);
      await expect(saving).rejects.toMatchObject({ status: 400, code: "address_refused" });
    }
    expect(standIn.requests.length).toBe(before);
  });

  test("shows up in no response and no log line, and not in the database in the clear", async () => {
    const responses = [
      await put("openai", { key }),
      await put("openai", { key: `${key}-bad` }),
      await put("compatible", { key }),
      await put("openai", { key: `${key} and more` }),
      await put("compatible", { key, baseUrl: standIn.url }),
      await pat.get("/api/v1/ai-keys"),
      await pat.get("/api/v1/ai-keys/openai"),
      await pat.get("/api/v1/brains"),
      await pat.get("/api/v1/me"),
    ];
    expect(responses.map(({ status }) => status)).toEqual([200, 400, 400, 400, 200, 200, 200, 200, 200]);
    expect(JSON.stringify(responses)).not.toContain("sk-live");
    expect(app.logged()).not.toContain("sk-live");
    const { rows } = await app.db.operator.query(
      "select (select json_agg(k) from ai_keys k) as keys, (select json_agg(a) from audit_log a) as log",
    );
    expect(JSON.stringify(rows)).toContain("ciphertext");
    expect(JSON.stringify(rows)).not.toContain("sk-live");
  });

  test("is for admins only, and nobody else's", async () => {
    await put("openai", { key });
    const other = await app.signUp();
    expect((await other.get("/api/v1/ai-keys/openai")).status).toBe(404);
    expect((await other.delete("/api/v1/ai-keys/openai")).status).toBe(404);
    expect((await app.stranger().get("/api/v1/ai-keys")).status).toBe(401);
    const services = makeAiServices({ config: app.config, encryptionKey: Buffer.alloc(32, 7) });
    const editor = makeCtx({ ...app.ctxOf(pat), role: "editor" });
    const tries = [
      () => listAiKeys(editor),
      () => getAiKey(editor, "openai"),
      () => putAiKey(editor, "openai", { key }, services),
      () => deleteAiKey(editor, "openai"),
    ];
    for (const attempt of tries) await expect(attempt()).rejects.toMatchObject({ status: 403 });
    expect((await pat.get<AiKey>("/api/v1/ai-keys/openai")).status).toBe(200);
  });
});
