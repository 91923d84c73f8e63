// What all pages share: safe HTML, one small style sheet, and the sandbox label.

export interface PageRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  isJson: boolean;
  origin: string | undefined;
  host: string | undefined;
  /** Where a browser says it comes from (`Sec-Fetch-Site`). */
  site: string | undefined;
}

export type PageAnswer = { location: string } | { status: number; type: string; body: string };

/** Markup that needs no escaping any more. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (typeof part === "object") return "html" in part ? part.html : part.map(render).join("");
  return String(part).replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A template that escapes whatever is put into it. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return { html: strings.map((text, index) => text + (index < parts.length ? render(parts[index]) : "")).join("") };
}

const STYLE = `
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1a1f36;background:#f6f8fa}
.sandbox{background:#7a3d00;color:#fff;text-align:center;padding:6px 12px;font-size:14px}
main{max-width:960px;margin:0 auto;padding:24px 16px 64px}
.two{display:grid;gap:32px}
@media(min-width:760px){.two{grid-template-columns:1fr 1fr}}
h1{font-size:24px;line-height:1.25;margin:8px 0 4px}
h2{font-size:18px;margin:32px 0 8px;border-bottom:1px solid #d8dee4;padding-bottom:6px}
.amount{font-size:36px;font-weight:600;font-variant-numeric:tabular-nums}
.quiet{color:#4f566b}
.card{background:#fff;border:1px solid #d8dee4;border-radius:10px;padding:20px;margin:12px 0;overflow-wrap:anywhere}
label{display:block;font-weight:600;font-size:14px;margin-top:14px}
input,select{width:100%;min-height:44px;font:inherit;padding:8px 12px;border:1px solid #6b7385;border-radius:6px;background:#fff;color:inherit}
input[type=radio],input[type=checkbox]{width:20px;min-height:20px;margin-right:8px;vertical-align:middle}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:12px}
.three{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:12px;align-items:end}
button,.button{display:inline-block;min-height:44px;font:inherit;font-weight:600;padding:9px 18px;border-radius:6px;border:1px solid #4b45c6;background:#4b45c6;color:#fff;cursor:pointer;text-decoration:none;text-align:center}
button.wide{width:100%;margin-top:20px}
button.plain,.button.plain{background:#fff;color:#3a35a8}
button.danger{background:#a41c4e;border-color:#a41c4e}
a{color:#3a35a8}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible{outline:3px solid #f5a623;outline-offset:2px}
.error{background:#fdeef2;border:1px solid #a41c4e;color:#7d1239;border-radius:6px;padding:10px 14px;margin:12px 0}
.good{background:#e9f7ef;border:1px solid #1a7f4b;color:#0d5330;border-radius:6px;padding:10px 14px;margin:12px 0}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:8px 10px 8px 0;border-bottom:1px solid #e3e8ee;vertical-align:top}
td.right,th.right{text-align:right}
td:last-child,th:last-child{padding-right:0}
td.time{white-space:nowrap}
.two h2{margin-top:12px}
.scroll{overflow-x:auto;position:relative}
.row{display:flex;flex-wrap:wrap;gap:10px;align-items:center}
.row form{margin:0}
.spread{justify-content:space-between}
.tag{display:inline-block;border-radius:4px;padding:1px 8px;font-size:13px;background:#e3e8ee;color:#1a1f36}
details{margin-top:18px}
summary{cursor:pointer;min-height:32px}
dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:0}
dd{margin:0}
fieldset{border:1px solid #d8dee4}
legend{font-weight:600;padding:0 6px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media print{.sandbox,.noprint{display:none}body{background:#fff}.card{border:0;padding:0}}
`;

/** A whole page. */
export function document(title: string, body: Html, status = 200): PageAnswer {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · sandbox</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <header class="sandbox">
          <strong>Sandbox.</strong> This is a stand-in for Stripe on this machine. No real card, no real money.
        </header>
        <main>${body}</main>
      </body>
    </html>`;
  return { status, type: "text/html", body: page.html };
}

/** Sends the browser on. Addresses other than http(s) are refused, so that no stored text becomes a script. */
export function goTo(location: string): PageAnswer {
  if (!/^(https?:\/\/|\/)/i.test(location)) return document("Not found", html`<h1>This link leads nowhere</h1>`, 404);
  return { location };
}

/** The fields of a posted form. */
export const form = (request: PageRequest): URLSearchParams => new URLSearchParams(request.body);

/** A JSON answer. */
export function json(body: object | null, status = 200): PageAnswer {
  return { status, type: "application/json", body: JSON.stringify(body) };
}
