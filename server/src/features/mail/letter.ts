/** A mail's contents: the same words twice, for readers with and without HTML. */
export interface Letter {
  subject: string;
  text: string;
  html: string;
}

export interface LetterParts {
  subject: string;
  /** First name or full name; may be empty. */
  name: string;
  paragraphs: string[];
  /** The one thing to press. */
  button?: { label: string; url: string };
  /** Said quietly at the end, e.g. what to do when this mail was not asked for. */
  footnote?: string;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as HTML, safe in element content and in quoted attributes. */
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** Names come from strangers: no line breaks, no links that a mail program would underline, not endless. */
const tidyName = (name: string): string => {
  const tidy = name
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, 80);
  return /:\/\/|www\.|\.\w{2,}\//i.test(tidy) ? "" : tidy;
};

/** Sets a letter in the product's voice and colours (look.md). Everything in `parts` is plain text and gets escaped. */
export function letter({ subject, name, paragraphs, button, footnote }: LetterParts): Letter {
  const known = tidyName(name);
  const hello = known === "" ? "Hello," : `Hello ${known},`;
  const text = [
    hello,
    ...paragraphs,
    ...(button ? [`${button.label}:\n${button.url}`] : []),
    ...(footnote ? [footnote] : []),
    "Teach Charlie",
  ].join("\n\n");
  const paragraph = (words: string, style = "margin:0 0 16px") => `<p style="${style}">${escapeHtml(words)}</p>`;
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px 16px;background:#FFFBF5;color:#2B2118;font:16px/1.6 Figtree,'Segoe UI',Helvetica,Arial,sans-serif">
<main style="max-width:520px;margin:0 auto">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${escapeHtml(subject)}</h1>
${[hello, ...paragraphs].map((words) => paragraph(words)).join("\n")}
${
  button
    ? `<p style="margin:24px 0"><a href="${escapeHtml(button.url)}" style="display:inline-block;padding:12px 24px;border-radius:12px;background:#C2410C;color:#FFFFFF;font-weight:600;text-decoration:none">${escapeHtml(button.label)}</a></p>
<p style="margin:0 0 16px;color:#6B5B4B;font-size:14px;overflow-wrap:anywhere">If the button does not work, open this address:<br><a href="${escapeHtml(button.url)}" style="color:#C2410C">${escapeHtml(button.url)}</a></p>\n`
    : ""
}${footnote ? `${paragraph(footnote, "margin:0 0 16px;color:#6B5B4B;font-size:14px")}\n` : ""}<p style="margin:24px 0 0;color:#6B5B4B;font-size:14px">Teach Charlie</p>
</main>
</body>
</html>
`;
  return { subject, text: `${text}\n`, html };
}
