// Errors in Stripe's shape: https://docs.stripe.com/api/errors

export type ErrorType = "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";

export interface ErrorFields {
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: unknown;
  payment_method?: unknown;
}

/** An answer that Stripe would give as an error. `keepsChanges` marks those that leave something behind (a failed charge). */
export class StripeError extends Error {
  readonly status: number;
  readonly type: ErrorType;
  readonly fields: ErrorFields;
  readonly keepsChanges: boolean;

  constructor(status: number, type: ErrorType, message: string, fields: ErrorFields = {}, keepsChanges = false) {
    super(message);
    this.status = status;
    this.type = type;
    this.fields = fields;
    this.keepsChanges = keepsChanges;
  }

  /** The body as it is sent. */
  toBody() {
    const doc = this.fields.code
      ? { doc_url: `https://docs.stripe.com/error-codes/${this.fields.code.replaceAll("_", "-")}` }
      : {};
    return { error: { ...this.fields, ...doc, message: this.message, type: this.type } };
  }
}

/** 400: the request as sent can't be done. */
export function invalid(message: string, param?: string, code?: string): StripeError {
  return new StripeError(400, "invalid_request_error", message, { ...(code && { code }), ...(param && { param }) });
}

/** 404 when the missing object is the one the URL names, 400 when a parameter names it: as Stripe does. */
export function missing(what: string, id: string, param = "id", status = param === "id" ? 404 : 400): StripeError {
  return new StripeError(status, "invalid_request_error", `No such ${what}: '${id}'`, {
    code: "resource_missing",
    param,
  });
}
