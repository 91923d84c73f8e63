import { Stripe } from "stripe";

export interface StripeServer {
  host: string;
  port: number;
  /** Plain HTTP where it does not say. */
  protocol?: "http" | "https";
}

export interface StripeTarget {
  secretKey: string;
  /** A server that speaks Stripe's protocol, e.g. the local Stripe; without it, Stripe itself. */
  server?: StripeServer;
}

/** The server that a setting (STRIPE_API_URL) names instead of Stripe itself, to be spread into a target. */
export function serverOf(address: string | undefined): Pick<StripeTarget, "server"> {
  if (address === undefined) return {};
  const { protocol, hostname: host, port } = new URL(address);
  const secure = protocol === "https:";
  return { server: { host, port: Number(port || (secure ? 443 : 80)), protocol: secure ? "https" : "http" } };
}

/**
 * The client for everything we ask of Stripe. It pins the API version that the SDK's types describe.
 * A call gives up after 10 s a try and is tried three times; the SDK adds an idempotency key to every POST.
 */
export const makeStripe = ({ secretKey, server }: StripeTarget): Stripe =>
  new Stripe(secretKey, {
    timeout: 10_000,
    maxNetworkRetries: 2,
    telemetry: false,
    ...(server ? { protocol: "http", ...server } : {}),
  });
