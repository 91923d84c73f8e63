// The card fields, the hints beside them, and the reading of what was typed.
import { invalid, StripeError } from "../http/errors.ts";
import type { CardInput } from "../billing/methods.ts";
import { html, type Html } from "./page.ts";

/** Field values to show again after an error. The security code is never shown again. */
export type Typed = Partial<Record<"number" | "expiry" | "name", string>>;

/** The four card fields, labelled as on Stripe's page. */
export function cardFields(typed: Typed = {}): Html {
  return html` <label for="number">Card number</label>
    <input
      id="number"
      name="number"
      inputmode="numeric"
      autocomplete="cc-number"
      placeholder="4242 4242 4242 4242"
      value="${typed.number ?? ""}"
      required
    />
    <div class="pair">
      <div>
        <label for="expiry">Expiration</label>
        <input
          id="expiry"
          name="expiry"
          inputmode="numeric"
          autocomplete="cc-exp"
          placeholder="12 / 34"
          value="${typed.expiry ?? ""}"
          required
        />
      </div>
      <div>
        <label for="cvc">CVC</label>
        <input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" placeholder="123" required />
      </div>
    </div>
    <label for="name">Name on card</label>
    <input id="name" name="name" autocomplete="cc-name" value="${typed.name ?? ""}" required />`;
}

export const cardHints: Html = html`<details>
  <summary>Test cards</summary>
  <div class="scroll" tabindex="0" role="region" aria-label="Test cards">
    <table>
      <thead>
        <tr>
          <th scope="col">Number</th>
          <th scope="col">What it does</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <td>4242 4242 4242 4242</td>
          <td>pays</td>
        </tr>
        <tr>
          <td>4000 0025 0000 3155</td>
          <td>asks for 3-D Secure once, then pays</td>
        </tr>
        <tr>
          <td>4000 0000 0000 0341</td>
          <td>can be saved, then declines</td>
        </tr>
        <tr>
          <td>4000 0000 0000 0002</td>
          <td>is declined</td>
        </tr>
        <tr>
          <td>4000 0000 0000 9995</td>
          <td>has insufficient funds</td>
        </tr>
        <tr>
          <td>4000 0000 0000 0259</td>
          <td>pays, then is disputed</td>
        </tr>
      </tbody>
    </table>
  </div>
  <p class="quiet">Any date in the future, any three digits as CVC.</p>
</details>`;

/** The card as typed. Throws a card error for an expiration that can't be read or an empty field. */
export function readCard(fields: URLSearchParams): { card: CardInput; name: string; typed: Typed } {
  const typed: Typed = {
    number: fields.get("number") ?? "",
    expiry: fields.get("expiry") ?? "",
    name: fields.get("name") ?? "",
  };
  const name = typed.name?.trim() ?? "";
  const cvc = fields.get("cvc")?.trim() ?? "";
  const expiry = /^\s*(\d{1,2})\s*\/?\s*(\d{2}|\d{4})\s*$/.exec(typed.expiry ?? "");
  if (!expiry)
    throw new StripeError(402, "card_error", "Your card's expiration date is incomplete.", {
      code: "incomplete_expiry",
    });
  if (!/^\d{3,4}$/.test(cvc))
    throw new StripeError(402, "card_error", "Your card's security code is incomplete.", { code: "incomplete_cvc" });
  if (!name) throw invalid("Please enter the name on your card.", "name");
  return {
    card: { number: typed.number ?? "", exp_month: Number(expiry[1]), exp_year: Number(expiry[2]), cvc },
    name,
    typed,
  };
}

/** What went wrong, read out by screen readers; nothing when nothing did. */
export const errorBox = (message: string | undefined): Html =>
  message ? html`<p class="error" role="alert">${message}</p>` : html``;

/** What to show again. */
export const typedOf = (fields: URLSearchParams): Typed => ({
  number: fields.get("number") ?? "",
  expiry: fields.get("expiry") ?? "",
  name: fields.get("name") ?? "",
});
