import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { asOperator } from "../../db/client.ts";
import { resendSender, type MailSender } from "../../integrations/mail/index.ts";
import { confirmAddressMail, letter, queueMail, resetPasswordMail, welcomeMail } from "./index.ts";
import { sendMail } from "./send-mail.ts";

interface Sent {
  headers: Record<string, string | string[] | undefined>;
  body: Record<string, unknown>;
}

let app: TestApp;
/** Speaks as much of Resend's protocol as sending takes. */
let resend: Server;
let sender: MailSender;
const received: Sent[] = [];
let answer = { status: 200, body: { id: randomUUID() } as object };

beforeAll(async () => {
  app = await startTestApp();
  resend = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      received.push({ headers: request.headers, body: JSON.parse(text) as Record<string, unknown> });
      response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => resend.listen(0, "127.0.0.1", resolve));
  const { port } = resend.address() as AddressInfo;
  sender = resendSender({
    apiKey: "re_only_for_tests",
    from: "Charlie <charlie@example.org>",
    baseUrl: `http://127.0.0.1:${port}`,
  });
});
afterAll(async () => {
  resend.close();
  await app.close();
});

const mail = { to: "pat@example.org", ...welcomeMail({ name: "Pat", url: "https://charlie.example.org/new" }) };
const queue = (dedupeKey: string) => asOperator(app.db, (tx) => queueMail(tx, { dedupeKey, ...mail }));
const rowOf = async (dedupeKey: string) =>
  (await app.db.operator.query("select * from mails where dedupe_key = $1", [dedupeKey])).rows[0];

test("a mail is queued once, however often it is asked for at once", async () => {
  const added = await Promise.all(Array.from({ length: 8 }, () => queue("welcome:1")));
  expect(added.filter(Boolean)).toHaveLength(1);
  const { id } = await rowOf("welcome:1");
  const { rows } = await app.db.operator.query(
    "select count(*)::int as jobs from graphile_worker._private_jobs where payload->>'id' = $1",
    [id],
  );
  expect(rows[0].jobs).toBe(1);
});

test("what rolls back leaves no mail", async () => {
  const gone = asOperator(app.db, async (tx) => {
    await queueMail(tx, { dedupeKey: "gone:1", ...mail });
    throw new Error("changed my mind");
  });
  await expect(gone).rejects.toThrow("changed my mind");
  expect(await rowOf("gone:1")).toBeUndefined();
});

test("it is sent once through Resend, with both forms and an idempotency key, though two workers try", async () => {
  await queue("welcome:2");
  const { id } = await rowOf("welcome:2");
  received.length = 0;
  await Promise.all([sendMail({ db: app.db, sender }, id), sendMail({ db: app.db, sender }, id)]);
  await sendMail({ db: app.db, sender }, id);
  expect(received).toHaveLength(1);
  expect(received[0]?.headers).toMatchObject({ authorization: "Bearer re_only_for_tests", "idempotency-key": id });
  expect(received[0]?.body).toMatchObject({
    from: "Charlie <charlie@example.org>",
    to: "pat@example.org",
    subject: "Welcome to Teach Charlie",
    text: expect.stringContaining("https://charlie.example.org/new") as string,
    html: expect.stringContaining("https://charlie.example.org/new") as string,
  });
  expect((await rowOf("welcome:2")).sent_at).not.toBeNull();
});

test("a refused mail is not marked as sent, and the error names no address", async () => {
  await queue("welcome:3");
  const { id } = await rowOf("welcome:3");
  answer = {
    status: 429,
    body: { statusCode: 429, name: "rate_limit_exceeded", message: "pat@example.org: slow down" },
  };
  await expect(sendMail({ db: app.db, sender }, id)).rejects.toThrow(`Resend refused mail ${id}: rate_limit_exceeded`);
  expect((await rowOf("welcome:3")).sent_at).toBeNull();
  answer = { status: 200, body: { id: randomUUID() } };
  await sendMail({ db: app.db, sender }, id);
  expect((await rowOf("welcome:3")).sent_at).not.toBeNull();
});

test("names and links cannot break out of the letter", () => {
  const { html, text } = letter({
    subject: "A <b>subject</b>",
    name: `Eve <script>"'&\n\nBcc: all`,
    paragraphs: ["1 < 2 & 3"],
    button: { label: "Go", url: `https://example.org/?a=1&b="><script>` },
  });
  expect(html).not.toContain("<script>");
  expect(html).not.toContain("<b>");
  expect(html).toContain("1 &lt; 2 &amp; 3");
  expect(text.split("\n\n")[0]).toBe(`Hello Eve <script>"'& Bcc: all,`);
  // A name that is an advertisement is left out.
  expect(letter({ subject: "x", name: "Win at https://spam.example", paragraphs: [] }).text).toMatch(/^Hello,/);
});

test("every letter carries its link in both forms", () => {
  const url = "https://charlie.example.org/x?token=abc";
  for (const make of [confirmAddressMail, resetPasswordMail, welcomeMail]) {
    const { subject, text, html } = make({ name: "Pat", url });
    expect(subject).not.toBe("");
    expect(text).toContain(url);
    expect(html).toContain(`href="${url}"`);
  }
});

test("the sandbox's mail page shows mail newest first, escaped, with links to press, and runs nothing", async () => {
  const pat = await app.signUp({ confirmed: false });
  await asOperator(app.db, (tx) =>
    queueMail(tx, {
      dedupeKey: "evil:1",
      to: "a@example.org",
      subject: "<img src=x onerror=alert(1)>",
      text: "<script>1</script>",
      html: "<p>hi</p>",
    }),
  );
  const page = await app.stranger().get<string>("/mail");
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(page.body).not.toMatch(/<script>|<img/);
  expect(page.body.indexOf("onerror=alert(1)")).toBeLessThan(page.body.indexOf(pat.email));
  const link = /<a href="(http[^"]+verify-email[^"]+)"/.exec(page.body)?.[1]?.replaceAll("&amp;", "&") ?? "";
  expect(new URL(link).origin).toBe(app.url);
  expect((await fetch(link, { redirect: "manual" })).status).toBe(302);
  const { rows } = await app.db.operator.query("select email_verified from users where email = $1", [pat.email]);
  expect(rows).toEqual([{ email_verified: true }]);
  // Confirmed twice is welcomed once.
  await fetch(link, { redirect: "manual" });
  const { body } = await app.stranger().get<string>("/mail");
  expect(body.split("Welcome to Teach Charlie").length - 1).toBe(
    page.body.split("Welcome to Teach Charlie").length + 1,
  );

  const own = /href="(\/mail\/[0-9a-f-]+)"/.exec(page.body)?.[1] ?? "";
  const shown = await app.stranger().get<string>(own);
  expect(shown).toMatchObject({ status: 200, body: "<p>hi</p>" });
  expect(shown.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect((await app.stranger().get(`/mail/${randomUUID()}`)).status).toBe(404);
});
