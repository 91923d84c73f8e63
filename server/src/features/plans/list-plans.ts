import { plans, type EndpointOutput, type listPlans as endpoint } from "@charlie/contract";

/** The plan catalogue as it is. */
export const listPlans = (): EndpointOutput<typeof endpoint> => ({ plans: [...plans] });
