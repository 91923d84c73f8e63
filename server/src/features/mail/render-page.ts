import { createHash } from "node:crypto";
import { escapeHtml } from "./letter.ts";

export interface MailOnPage {
  id: string;
  recipient: string;
  subject: string;
  text: string;
  createdAt: Date;
}

const style = `
:root { color-scheme: light dark; --paper: #fffbf5; --card: #fff; --line: #e6d7c3; --ink: #2b2118; --quiet: #6b5b4b; --collar: #c2410c }
@media (prefers-color-scheme: dark) { :root { --paper: #1c1713; --card: #241e19; --line: #43382e; --ink: #f6ede3; --quiet: #b9a893; --collar: #ff9466 } }
* { box-sizing: border-box }
body { margin: 0; padding: 24px 16px; background: var(--paper); color: var(--ink); font: 16px/1.6 Figtree, system-ui, sans-serif; overflow-wrap: anywhere }
main { max-width: 44rem; margin: 0 auto }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 8px }
h2 { font-size: 1.125rem; margin: 0 }
article { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px; margin-top: 16px }
.quiet { color: var(--quiet); margin: 0 0 8px; font-size: .9375rem }
.words { white-space: pre-line; margin: 8px 0 }
a { color: var(--collar) }
:focus-visible { outline: 3px solid var(--collar); outline-offset: 2px; border-radius: 4px }
`;

/** What the mail page may load: its own style and nothing else. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const link = (url: string, words: string): string => `<a href="${escapeHtml(url)}">${escapeHtml(words)}</a>`;

/** A letter's plain text as HTML: an address becomes a link, and where a line names it, that line is what to press. */
const linked = (text: string): string =>
  text
    .split(/(?:^|(?<=\n))(.+):\n(https?:\/\/\S+)/)
    .map((part, index, parts) => {
      if (index % 3 === 1) return "";
      return index % 3 === 2 ? link(part, parts[index - 1] ?? part) : escapeHtml(part);
    })
    .join("");

const article = ({
  id,
  recipient,
  subject,
  text,
  createdAt,
}: MailOnPage): string => `<article aria-labelledby="m-${id}">
<h2 id="m-${id}">${escapeHtml(subject)}</h2>
<p class="quiet">To ${escapeHtml(recipient)}, <time datetime="${createdAt.toISOString()}">${createdAt.toISOString().slice(0, 16).replace("T", " ")} UTC</time></p>
<div class="words">${linked(text.trim())}</div>
<a href="/mail/${id}">See “${escapeHtml(subject)}” as it looks in a mail program</a>
</article>`;

/** The sandbox's mailbox as one page: newest first, every mail in full. */
export const renderMailPage = (mails: MailOnPage[]): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Mail · Teach Charlie</title><style>${style}</style></head>
<body><main>
<h1>Mail</h1>
<p class="quiet">This is a sandbox: mail goes nowhere and is shown here instead, newest first.</p>
${mails.length === 0 ? "<p>No mail yet. Sign up, and the first one arrives here.</p>" : mails.map(article).join("\n")}
<p><a href="/">Back to Teach Charlie</a></p>
</main></body>
</html>
`;
