// Stripe's test cards and what they do: https://docs.stripe.com/testing

export interface Decline {
  code: string;
  decline_code?: string;
  message: string;
}

const DECLINED: Decline = {
  code: "card_declined",
  decline_code: "generic_decline",
  message: "Your card was declined.",
};

export interface CardKind {
  brand: "visa" | "mastercard" | "amex" | "discover";
  /** Every charge fails with this. */
  declines?: Decline;
  /** It can't even be saved. */
  refusesAttach?: boolean;
  /** When the bank asks for 3-D Secure: until it was done once, or each time. */
  authentication?: "once" | "always";
  /** A successful charge is disputed at once. */
  disputes?: "fraudulent" | "product_not_received";
  /** The token that stands for it in API calls. */
  token?: string;
}

const CARDS: Record<string, CardKind> = {
  "4242424242424242": { brand: "visa", token: "pm_card_visa" },
  "4000056655665556": { brand: "visa", token: "pm_card_visa_debit" },
  "5555555555554444": { brand: "mastercard", token: "pm_card_mastercard" },
  "378282246310005": { brand: "amex", token: "pm_card_amex" },
  "6011111111111117": { brand: "discover", token: "pm_card_discover" },
  "4000000000000341": { brand: "visa", declines: DECLINED, token: "pm_card_chargeCustomerFail" },
  "4000000000000002": {
    brand: "visa",
    declines: DECLINED,
    refusesAttach: true,
    token: "pm_card_visa_chargeDeclined",
  },
  "4000000000009995": {
    brand: "visa",
    refusesAttach: true,
    token: "pm_card_visa_chargeDeclinedInsufficientFunds",
    declines: {
      code: "card_declined",
      decline_code: "insufficient_funds",
      message: "Your card has insufficient funds.",
    },
  },
  "4000000000000069": {
    brand: "visa",
    refusesAttach: true,
    token: "pm_card_chargeDeclinedExpiredCard",
    declines: { code: "expired_card", message: "Your card has expired." },
  },
  "4000000000000127": {
    brand: "visa",
    refusesAttach: true,
    token: "pm_card_chargeDeclinedIncorrectCvc",
    declines: { code: "incorrect_cvc", message: "Your card's security code is incorrect." },
  },
  "4000000000000119": {
    brand: "visa",
    refusesAttach: true,
    token: "pm_card_chargeDeclinedProcessingError",
    declines: {
      code: "processing_error",
      message: "An error occurred while processing your card. Try again in a little bit.",
    },
  },
  "4000002500003155": { brand: "visa", authentication: "once", token: "pm_card_authenticationRequiredOnSetup" },
  "4000002760003184": { brand: "visa", authentication: "always", token: "pm_card_authenticationRequired" },
  "4000000000000259": { brand: "visa", disputes: "fraudulent", token: "pm_card_createDispute" },
  "4000000000002685": {
    brand: "visa",
    disputes: "product_not_received",
    token: "pm_card_createDisputeProductNotReceived",
  },
};

/** What a test card does; undefined for a number that Stripe's test mode doesn't know. */
export function cardKind(number: string): CardKind | undefined {
  return Object.hasOwn(CARDS, number) ? CARDS[number] : undefined;
}

/** The number behind `pm_card_visa` and its like. */
export function numberOfToken(token: string): string | undefined {
  return Object.entries(CARDS).find(([, kind]) => kind.token === token)?.[0];
}

/** Whether the digits can be a card number at all (Luhn, ISO/IEC 7812-1). */
export function passesLuhn(number: string): boolean {
  if (!/^\d{13,19}$/.test(number)) return false;
  let sum = 0;
  for (const [index, digit] of number.split("").toReversed().entries()) {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
