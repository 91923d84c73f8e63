/** Walks through plain HTML pages as a browser without JavaScript would. */
export interface Page {
  url: string;
  status: number;
  html: string;
}

const unescape = (text: string): string =>
  text
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");

async function follow(response: Response, url: string, onlyOn: string): Promise<Page> {
  const to = response.headers.get("location");
  if (to === null) return { url, status: response.status, html: await response.text() };
  const next = new URL(to, url);
  // A redirect that leads away (back to the app) is where the walk ends.
  if (next.host !== onlyOn) return { url: next.href, status: response.status, html: "" };
  return follow(await fetch(next, { redirect: "manual" }), next.href, onlyOn);
}

/** Opens a page, following redirects as long as they stay on its host. */
export const openPage = async (url: string): Promise<Page> =>
  follow(await fetch(url, { redirect: "manual" }), url, new URL(url).host);

/** Presses a button: submits its form with what is filled in. Throws where the page has no such button. */
export async function press(page: Page, button: string, fields: Record<string, string> = {}): Promise<Page> {
  const forms = page.html.match(/<form[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((html) => unescape(html).includes(button));
  if (!form)
    throw new Error(`no button "${button}" at ${page.url}: ${page.html.replaceAll(/<[^>]*>/g, " ").slice(0, 500)}`);
  const attribute = (html: string, name: string): string =>
    unescape(new RegExp(`${name}="([^"]*)"`).exec(html)?.[1] ?? "");
  const values = new URLSearchParams();
  for (const input of form.match(/<input[^>]*type="hidden"[^>]*>/g) ?? []) {
    values.set(attribute(input, "name"), attribute(input, "value"));
  }
  for (const [name, value] of Object.entries(fields)) values.set(name, value);
  const action = new URL(attribute(form, "action"), page.url);
  if (attribute(form, "method") === "get") return openPage(`${action.href}?${values.toString()}`);
  const response = await fetch(action, { method: "POST", redirect: "manual", body: values });
  return follow(response, action.href, action.host);
}
