import { z } from "zod";
import { endpoint, notStorable, storable, time } from "../endpoint.ts";
import { brainProviders } from "../flow.ts";

/** Providers for which a workspace can bring a key. */
export const keyProviders = ["openai", "anthropic", "compatible"] as const;
export type KeyProvider = (typeof keyProviders)[number];

export const aiKey = z
  .object({
    provider: z.enum(keyProviders),
    /** The last four characters: all that is ever shown of a saved key. */
    lastFour: z.string(),
    /** Address of an OpenAI-compatible server; `null` for the others. */
    baseUrl: z.string().nullable(),
    checkedAt: time,
  })
  .meta({ id: "AiKey" });
export type AiKey = z.infer<typeof aiKey>;

export const brain = z
  .object({
    provider: z.enum(brainProviders),
    name: z.string(),
    /** Where its key comes from: `none` means that a key has to be saved first. */
    source: z.enum(["built_in", "own_key", "operator", "none"]),
    models: z.array(z.string()),
    defaultModel: z.string().nullable(),
  })
  .meta({ id: "Brain" });
export type Brain = z.infer<typeof brain>;

const ai = { access: "member", tag: "AI keys" } as const;
const params = z.object({ provider: z.enum(keyProviders) });

export const listBrains = endpoint({
  ...ai,
  method: "GET",
  path: "/api/v1/brains",
  summary: "Which brains this workspace can choose for its agents",
  response: z.object({ brains: z.array(brain), /** What `auto` means now. */ auto: z.enum(brainProviders) }),
});

export const listAiKeys = endpoint({
  ...ai,
  method: "GET",
  path: "/api/v1/ai-keys",
  summary: "The workspace's saved keys: provider and last four characters",
  response: z.object({ items: z.array(aiKey) }),
});

export const getAiKey = endpoint({
  ...ai,
  method: "GET",
  path: "/api/v1/ai-keys/:provider",
  summary: "One saved key: its last four characters",
  params,
  response: aiKey,
});

export const putAiKey = endpoint({
  ...ai,
  method: "PUT",
  path: "/api/v1/ai-keys/:provider",
  summary: "Save a key; it is checked with its provider first and never comes back",
  params,
  body: z.object({
    key: z
      .string()
      .trim()
      .min(8, "This key looks too short.")
      .max(500, "This key looks too long.")
      .regex(/^[\x21-\x7e]+$/, "A key has no spaces or special characters."),
    baseUrl: z
      .url({ protocol: /^https?$/, error: "Please give the server's address, like https://…" })
      .max(500)
      .refine(storable, notStorable)
      .optional(),
  }),
  response: aiKey,
});

export const deleteAiKey = endpoint({
  ...ai,
  method: "DELETE",
  path: "/api/v1/ai-keys/:provider",
  summary: "Forget a key",
  params,
  status: 204,
  response: z.null(),
});
