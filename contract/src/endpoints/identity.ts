import { z } from "zod";
import { endpoint, id, idParams, line, micros } from "../endpoint.ts";
import { featureIds, limitIds, planIds } from "../plans.ts";

export const roles = ["owner", "admin", "editor", "viewer"] as const;
export type Role = (typeof roles)[number];

export const workspace = z
  .object({
    id,
    name: z.string(),
    role: z.enum(roles),
    plan: z.enum(planIds),
    limits: z.record(z.enum(limitIds), z.int().nullable()),
    features: z.record(z.enum(featureIds), z.enum(["no", "yes", "coming"])),
  })
  .meta({ id: "Workspace" });
export type Workspace = z.infer<typeof workspace>;

export const me = z
  .object({
    user: z.object({
      id,
      name: z.string(),
      email: z.email(),
      emailVerified: z.boolean(),
      /** Whether we may count what they do here; `null` until they said. */
      analyticsConsent: z.boolean().nullable(),
    }),
    workspaces: z.array(z.object({ id, name: z.string(), role: z.enum(roles) })),
    workspace,
    /** Runs this service: the pages under /admin are there. */
    operator: z.boolean(),
  })
  .meta({ id: "Me" });
export type Me = z.infer<typeof me>;

/** Pages that the law asks for, by what their link says. */
export const legalPages = ["Terms", "Privacy", "Imprint"] as const;

export const config = z
  .object({
    /** Which sign-in the pages show. */
    signIn: z.enum(["better-auth", "clerk"]),
    /** For Clerk's part of the pages; `null` where Clerk does not sign people in. */
    clerkPublishableKey: z.string().nullable(),
    /** True where stand-ins run: local Stripe, mail page, offline brain. */
    sandbox: z.boolean(),
    /** The page that shows mail in a sandbox. */
    mailUrl: z.string().nullable(),
    /** The demo account of a sandbox. */
    demo: z.object({ email: z.email(), password: z.string() }).nullable(),
    /** Whoever runs this service counts what people do, where they say yes. */
    analytics: z.boolean(),
    /** Where people can write to whoever runs this service. */
    supportEmail: z.email().nullable(),
    /** Pages of whoever runs it: terms, privacy, imprint; those that are there. */
    legal: z.array(z.object({ name: z.enum(legalPages), url: z.url() })),
  })
  .meta({ id: "Config" });
export type Config = z.infer<typeof config>;

const planShape = z
  .object({
    id: z.enum(planIds),
    name: z.string(),
    pitch: z.string(),
    monthlyCents: z.int(),
    yearlyCents: z.int(),
    limits: z.record(z.enum(limitIds), z.int().nullable()),
    aiSpend: z.object({ usualMicros: micros, mostMicros: micros }),
    features: z.record(z.enum(featureIds), z.enum(["no", "yes", "coming"])),
    support: z.enum(["community", "e-mail", "priority"]),
  })
  .meta({ id: "Plan" });

export const getConfig = endpoint({
  method: "GET",
  path: "/api/v1/config",
  access: "public",
  tag: "Service",
  summary: "Which sign-in this service uses and whether it is a sandbox",
  response: config,
});

export const listPlans = endpoint({
  method: "GET",
  path: "/api/v1/plans",
  access: "public",
  tag: "Service",
  summary: "The plan catalogue; features marked `coming` are not built yet",
  response: z.object({ plans: z.array(planShape) }),
});

export const getMe = endpoint({
  method: "GET",
  path: "/api/v1/me",
  access: "member",
  tag: "Account",
  summary: "Who is signed in, and the workspace the request acts in",
  response: me,
});

export const setAnalyticsConsent = endpoint({
  method: "PUT",
  path: "/api/v1/me/analytics-consent",
  access: "member",
  tag: "Account",
  summary: "Say whether what you do here may be counted; without a yes it is not",
  body: z.object({ consent: z.boolean() }),
  status: 204,
  response: z.null(),
});

export const updateWorkspace = endpoint({
  method: "PATCH",
  path: "/api/v1/workspaces/:id",
  access: "member",
  tag: "Account",
  summary: "Rename the workspace",
  params: idParams,
  body: z.object({ name: line(80) }),
  response: workspace,
});
