import type { Stripe } from "stripe";
import { AppError } from "../../errors.ts";
import { isMissing } from "../../integrations/stripe/index.ts";

/** Stripe does not know a customer that we know: the key is another account's, or of the other mode. */
export class UnknownCustomer extends AppError {
  constructor(customer: string) {
    super(
      503,
      "customer_unknown",
      "We cannot find your payments right now. Nothing is lost, your plan stays as it is, and we have been told to look into it.",
    );
    this.cause = new Error(
      `Stripe does not know the customer ${customer}: is the key another account's, or of the other mode (test, live)?`,
    );
  }
}

/**
 * Whether a customer was deleted in Stripe, which still answers for it then. Throws `UnknownCustomer` where Stripe has
 * never heard of it: that tells nothing of what the customer pays.
 */
export async function isDeleted(stripe: Stripe, customer: string): Promise<boolean> {
  try {
    return (await stripe.customers.retrieve(customer)).deleted === true;
  } catch (error) {
    if (isMissing(error)) throw new UnknownCustomer(customer);
    throw error;
  }
}
