import { Stripe } from "stripe";

export interface StripeTarget {
  secretKey: string;
  /** A server that speaks Stripe's protocol over plain HTTP, e.g. the local Stripe; without it, Stripe itself. */
  server?: { host: string; port: number };
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
    ...(server ? { host: server.host, port: server.port, protocol: "http" } : {}),
  });
