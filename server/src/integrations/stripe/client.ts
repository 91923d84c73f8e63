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

/** A key (secret, restricted or publishable) of Stripe's live mode, where money is real. */
export const isLiveKey = (key: string): boolean => /^[prs]k_live_/.test(key);

/**
 * A target as the settings name it: Stripe itself, or what STRIPE_API_URL names instead. Throws where a live key would go
 * elsewhere.
 */
export function targetOf({ secretKey, address }: { secretKey: string; address: string | undefined }): StripeTarget {
  if (address === undefined) return { secretKey };
  if (isLiveKey(secretKey))
    throw new Error("A live key is told to Stripe alone: take STRIPE_API_URL out of the settings.");
  const { protocol, hostname: host, port } = new URL(address);
  const secure = protocol === "https:";
  return {
    secretKey,
    server: { host, port: Number(port || (secure ? 443 : 80)), protocol: secure ? "https" : "http" },
  };
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
