import type { Client } from "./client.ts";
import type { SignUp } from "./sign-up.ts";

const email = "the-boss@example.org";

/** Settings with which `signUpOperator` signs up who runs the service. */
export const operatorEnv = { OPERATOR_EMAILS: `nobody@example.org, ${email.toUpperCase()}` };

/** Signs up whoever runs the service, where it was started with `operatorEnv`; once per database. */
export const signUpOperator = (app: { signUp(options: SignUp): Promise<Client> }): Promise<Client> =>
  app.signUp({ email });
