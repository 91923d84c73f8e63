import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { must, run } from "../engine.ts";
import { environment } from "../../../server/src/settings.ts";

const overlay = join(import.meta.dirname, "../../kubernetes/production");

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()),
  envFrom: z.array(z.record(z.string(), z.unknown())),
});
const podTemplate = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
  spec: z.looseObject({ containers: z.tuple([container]) }),
});
const resource = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  data: z.record(z.string(), z.string()).optional(),
  spec: z.looseObject({ template: podTemplate.optional() }).optional(),
});
type Resource = z.infer<typeof resource>;

/** Renders with the machine's kubectl, else with Debian's in a container. */
async function render(): Promise<string> {
  if ((await run("kubectl", ["version", "--client"])).code === 0) return must("kubectl", ["kustomize", overlay]);
  const image = "charlie-kubectl:test";
  const recipe =
    "FROM debian:trixie-slim\nRUN apt-get update -qq && apt-get install -y -qq --no-install-recommends kubectl\n";
  const folder = mkdtempSync(join(tmpdir(), "charlie-kubectl-"));
  writeFileSync(join(folder, "Dockerfile"), recipe);
  await must("docker", ["build", "--quiet", "--network", "host", "--tag", image, folder]);
  rmSync(folder, { recursive: true });
  const mount = `${join(overlay, "..")}:/kubernetes:ro`;
  return must("docker", ["run", "--rm", "--volume", mount, image, "kubectl", "kustomize", "/kubernetes/production"]);
}

let rendered: Resource[];
beforeAll(async () => {
  rendered = parseAllDocuments(await render()).map((document) => resource.parse(document.toJS()));
}, 180_000);

const pods = () => rendered.flatMap(({ spec }) => (spec?.template ? [spec.template] : []));

test("each resource is what its schema says, and lives in the one namespace", async () => {
  for (const found of rendered) {
    const models = (await import(/* @vite-ignore */ `kubernetes-models/${found.apiVersion}`)) as Record<
      string,
      new (data: Resource) => { validate(): void }
    >;
    const Model = models[found.kind];
    expect(Model, found.kind).toBeDefined();
    if (Model) expect(() => new Model(found).validate(), found.kind).not.toThrow();
    if (found.kind !== "Namespace") expect(found.metadata.namespace).toBe("charlie");
  }
});

test("app, worker and migrate are the same image, and none may do more than it must", () => {
  expect(
    pods()
      .map(({ spec }) => spec.containers[0].args.join(" "))
      .toSorted(),
  ).toEqual(["migrate", "web", "worker"].map((role) => `node server/src/main.ts ${role}`));
  expect(new Set(pods().map(({ spec }) => spec.containers[0].image)).size).toBe(1);
  for (const { spec } of pods()) {
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          resources: { limits: { memory: expect.any(String) } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    });
  }
});

test("the overlay's settings outdo those of the file that the secret is made of", () => {
  const sources = pods().map(({ spec }) => spec.containers[0].envFrom.flatMap(Object.keys));
  expect(sources).toEqual(pods().map(() => ["secretRef", "configMapRef"]));
  expect(sources.length).toBe(3);
});

test("what is selected by labels exists", () => {
  const labelsOf = pods().map(({ metadata }) => metadata.labels);
  const selectors = rendered.flatMap(({ kind, spec }) => {
    if (kind === "Service") return [spec?.["selector"]];
    return kind === "PodDisruptionBudget" || kind === "Deployment"
      ? [(spec?.["selector"] as { matchLabels: unknown } | undefined)?.matchLabels]
      : [];
  });
  expect(selectors.length).toBe(4);
  for (const selector of selectors) {
    const matching = labelsOf.filter((labels) => {
      const wanted = Object.entries(z.record(z.string(), z.string()).parse(selector));
      return wanted.every(([name, value]) => labels[name] === value);
    });
    expect(matching.length, JSON.stringify(selector)).toBe(1);
  }
});

test("every setting that is given is one that the server knows", () => {
  const given = rendered.flatMap(({ kind, data = {} }) => (kind === "ConfigMap" ? Object.keys(data) : []));
  expect(given.length).toBeGreaterThan(3);
  expect(given.filter((name) => !(name in environment.shape))).toEqual([]);
});
