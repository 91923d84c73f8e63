import { plans } from "@charlie/contract";
import type { InterfaceDocument, Operation } from "../openapi.ts";
import { html, type Html } from "./html.ts";
import { parameters, shape, shapeId } from "./shapes.ts";
import { style } from "./style.ts";

interface Entry {
  id: string;
  method: string;
  path: string;
  operation: Operation;
}

function entriesOf({ paths }: InterfaceDocument): Map<string, Entry[]> {
  const byTag = new Map<string, Entry[]>();
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags?.[0] ?? "Other";
      const id = `${method}${path.replaceAll(/[^a-z0-9]+/gi, "-")}`.replace(/-$/, "");
      byTag.set(tag, [...(byTag.get(tag) ?? []), { id, method: method.toUpperCase(), path, operation }]);
    }
  }
  return byTag;
}

/** Backticks in our own sentences are code. */
const prose = (text: string): Html =>
  html`${text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;

function request({ requestBody }: Operation): Html {
  const schema = requestBody?.content["application/json"]?.schema;
  return schema
    ? html`<h4>Body</h4>
        ${shape(schema)}`
    : html``;
}

function answer({ responses }: Operation): Html {
  const [status = "200", response] = Object.entries(responses).find(([code]) => code !== "default") ?? [];
  const schema = response?.content?.["application/json"]?.schema;
  const streams = response?.content?.["text/event-stream"];
  if (response?.content?.["text/csv"]) {
    return html`<h4>Answer, status ${status}</h4>
      <p>A table (<code>text/csv</code>).</p>`;
  }
  return html`<h4>Answer, status ${status}</h4>
    ${schema && schema.type !== "null" ? shape(schema) : html`<p>Nothing.</p>`}${
      streams
        ? html`<p>
            Or a stream of events (<code>text/event-stream</code>) in the AI SDK UI message stream protocol: without
            <code>Accept: application/json</code>.
          </p>`
        : ""
    }`;
}

const operationOf = ({ id, method, path, operation }: Entry): Html =>
  html`<section id="${id}" aria-labelledby="${id}-name">
    <h3 id="${id}-name"><span class="method">${method}</span> <code>${path}</code></h3>
    <p>${prose(operation.summary ?? "")}.${operation.security ? "" : html` <small>Needs no sign-in.</small>`}</p>
    <details>
      <summary>Parameters, body and answer<span class="unseen"> of ${method} ${path}</span></summary>
      ${
        operation.parameters?.length
          ? html`<h4>Parameters</h4>
              ${parameters(operation.parameters)}`
          : ""
      }
      ${request(operation)} ${answer(operation)}
    </details>
  </section>`;

const errors: [status: string, meaning: string][] = [
  ["400, 422", "Something in the request is not right; `fields` names it."],
  ["401", "Nobody is signed in."],
  ["402", "A limit of the plan is met; `decision` tells which, when it starts anew, and what the next plan allows."],
  ["403", "You are signed in, and may not do this."],
  ["404", "It is not here, or it is somebody else's."],
  ["409", "It does not fit what is now; `code` tells why."],
  ["413, 415", "The body is too large, or no JSON."],
  [
    "429",
    "Too many requests in a minute; `Retry-After` tells how many seconds to wait, `RateLimit-Remaining` how many are left.",
  ],
  ["502, 503, 504", "An AI provider, Stripe or our database does not answer. Nothing was lost; try again."],
];

/** How a program gets in, as the catalogue has it today. */
function keysNote(): Html {
  const plan = plans.find(({ features }) => features.apiAccess !== "no");
  if (plan?.features.apiAccess !== "coming") return html``;
  return html`<p>
    API keys (<code>Authorization: Bearer …</code>) are coming with ${plan.name}. Until then a program signs in as you
    do and keeps the cookie.
  </p>`;
}

const example = (origin: string) => `curl -c cookies -H 'Content-Type: application/json' \\
  -d '{"email": "you@example.com", "password": "your password"}' \\
  ${origin}/api/auth/sign-in/email

curl -b cookies ${origin}/api/v1/agents

curl -b cookies -H 'Content-Type: application/json' -H 'Accept: application/json' \\
  -H 'Idempotency-Key: my-first-question' \\
  -d '{"text": "When do you open?"}' \\
  ${origin}/api/v1/agents/AGENT_ID/messages`;

/** The HTTP interface as a page to read, made from its OpenAPI document. Works without JavaScript. */
export function renderApiDocs(
  document: InterfaceDocument,
  { nonce, origin }: { nonce: string; origin: string },
): string {
  const { info, components } = document;
  const tags = [...entriesOf(document)];
  const shapes = Object.entries(components.schemas).toSorted(([a], [b]) => a.localeCompare(b));
  const anchor = (tag: string) => `about-${tag.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>HTTP interface · ${info.title}</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <style nonce="${nonce}">
          ${style}
        </style>
      </head>
      <body>
        <header><a href="/">${info.title}</a> <a href="/help">Help</a></header>
        <main>
          <h1>HTTP interface</h1>
          <p>
            ${prose(info.description)} For programs the same stands in <a href="/api/openapi.json">openapi.json</a>.
          </p>
          <nav aria-label="Contents">
            <ul>
              <li><a href="#begin">How to begin</a></li>
              <li><a href="#errors">When something is refused</a></li>
              ${tags.map(([tag]) => html`<li><a href="#${anchor(tag)}">${tag}</a></li>`)}
              <li><a href="#shapes">Shapes</a></li>
            </ul>
          </nav>
          <section id="begin" aria-labelledby="begin-name">
            <h2 id="begin-name">How to begin</h2>
            ${keysNote()}
            <pre><code>${example(origin)}</code></pre>
            <p>
              Lists come in pages: <code>limit</code> items at a time, and <code>nextCursor</code> of one answer is the
              <code>cursor</code> of the next request, until it is <code>null</code>. Money is in micro-dollars,
              millionths of a US dollar, unless a name ends in <code>Cents</code>.
            </p>
          </section>
          <section id="errors" aria-labelledby="errors-name">
            <h2 id="errors-name">When something is refused</h2>
            <p>
              The answer is a <a href="#${shapeId("Problem")}">Problem</a> (<code>application/problem+json</code>). Its
              <code>code</code> stays the same and is for programs; its <code>detail</code> is for people. Tell us the
              <code>requestId</code> when you ask for help.
            </p>
            <table>
              <thead>
                <tr>
                  <th scope="col">Status</th>
                  <th scope="col">What it means</th>
                </tr>
              </thead>
              <tbody>
                ${errors.map(
                  ([status, meaning]) =>
                    html`<tr>
                      <th scope="row">${status}</th>
                      <td>${prose(meaning)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </section>
          ${tags.map(
            ([tag, entries]) =>
              html`<section id="${anchor(tag)}" aria-labelledby="${anchor(tag)}-name">
                <h2 id="${anchor(tag)}-name">${tag}</h2>
                ${entries.map(operationOf)}
              </section>`,
          )}
          <section id="shapes" aria-labelledby="shapes-name">
            <h2 id="shapes-name">Shapes</h2>
            ${shapes.map(
              ([name, schema]) =>
                html`<section id="${shapeId(name)}" aria-labelledby="${shapeId(name)}-name">
                  <h3 id="${shapeId(name)}-name">${name}</h3>
                  ${shape(schema)}
                </section>`,
            )}
          </section>
        </main>
      </body>
    </html> `.text;
}
