import type { BrowserContext, Route } from "@playwright/test";
import type { ClerkStandIn } from "../server/test/stand-ins/clerk.ts";

/** Clerk's host, as the stand-in's publishable key names it. */
export const clerkHost = "https://clerk.charlie.test";

/**
 * What Clerk's script does in a page, as far as our pages depend on it: it knows who is signed in (a cookie of Clerk's
 * own host; here localStorage), fetches tokens from its host, keeps them in our cookie, and draws its forms.
 */
const scriptFor = (person: string) => `(() => {
  const setCookie = (name, value) => { document.cookie = name + "=" + value + "; path=/"; };
  const makeSession = (id) => ({
    id,
    getToken: async () => {
      const answer = await fetch("${clerkHost}/v1/client/sessions/" + id + "/tokens", { method: "POST" });
      const { jwt } = await answer.json();
      setCookie("__session", jwt);
      return jwt;
    },
  });
  const button = (node, text, onClick) => {
    const made = document.createElement("button");
    made.textContent = text;
    made.addEventListener("click", onClick);
    node.append(made);
  };
  const mount = (node, { forceRedirectUrl }) => button(node, "Continue with Clerk", async () => {
    localStorage.setItem("clerk-stand-in", "${person}");
    setCookie("__client_uat", Math.floor(Date.now() / 1000));
    await makeSession("${person}").getToken();
    location.assign(forceRedirectUrl);
  });
  const unmount = (node) => node.replaceChildren();
  window.Clerk = {
    loaded: false,
    status: "loading",
    client: {},
    session: null,
    async load() {
      const known = localStorage.getItem("clerk-stand-in");
      this.session = known === null ? null : makeSession(known);
      if (this.session) await this.session.getToken();
      this.loaded = true;
      this.status = "ready";
    },
    addListener: () => () => {},
    on(event, hear) { hear(this.status); },
    off: () => {},
    mountSignIn: mount,
    unmountSignIn: unmount,
    mountSignUp: mount,
    unmountSignUp: unmount,
    openUserProfile: () => button(document.body, "Clerk's account page", () => {}),
    async signOut({ redirectUrl }) {
      localStorage.removeItem("clerk-stand-in");
      setCookie("__session", "; max-age=0");
      setCookie("__client_uat", 0);
      location.assign(redirectUrl);
    },
  };
  window.__internal_ClerkUICtor = class {};
})()`;

export interface ClerkInPage {
  /** What was asked of Clerk's host. */
  asked: string[];
  /** While true Clerk's host cannot be reached. */
  away: boolean;
}

/** Answers for Clerk's host in this browser: its scripts, and tokens of the stand-in for this person. */
export async function answerForClerk(
  context: BrowserContext,
  clerk: ClerkStandIn,
  { person, azp }: { person: string; azp: string },
): Promise<ClerkInPage> {
  const state: ClerkInPage = { asked: [], away: false };
  const headers = { "access-control-allow-origin": "*" };
  await context.route(`${clerkHost}/**`, async (route: Route) => {
    const { pathname } = new URL(route.request().url());
    state.asked.push(pathname);
    if (state.away) return route.abort("connectionrefused");
    if (pathname.endsWith("/tokens"))
      return route.fulfill({ headers, json: { jwt: clerk.token(pathname.split("/").at(-2) ?? "", { azp }) } });
    return route.fulfill({ headers, contentType: "text/javascript", body: scriptFor(person) });
  });
  return state;
}
