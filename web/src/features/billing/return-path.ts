const key = "charlie.return";
const afterPayment = "/billing/success";

/** Only places inside the app, and not the page that asks. */
const isPlace = (path: string | null): path is string =>
  path !== null && /^\/(?![/\\])/.test(path) && !path.startsWith(afterPayment);

/** Remembers where the person is, for after the payment. Kept in this tab only. */
export function rememberPlace(path: string): void {
  if (isPlace(path)) sessionStorage.setItem(key, path);
}

/** Where the person was before they went to pay; the home page where that is not known. */
export function placeBefore(): string {
  const path = sessionStorage.getItem(key);
  return isPlace(path) ? path : "/home";
}

/** Forgets it: the way back is taken once. */
export const forgetPlace = (): void => sessionStorage.removeItem(key);
