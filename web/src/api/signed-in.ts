/** Has the browser given a fresh session. `false` where there is none to be had. */
type Renew = () => Promise<boolean>;

let renew: Renew = async () => false;

/** Says how a session that has run out is renewed: Clerk's tokens live for a minute, Better Auth's cookie for a month. */
export function renewSessionBy(how: Renew): void {
  renew = how;
}

/**
 * `fetch` for endpoints of signed-in people. Where the session had run out nothing was done, so the same request is
 * sent once more with a fresh one, if there is one.
 */
export async function fetchSignedIn(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  return response.status === 401 && (await renew()) ? fetch(input, init) : response;
}
