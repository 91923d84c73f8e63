import { createHmac, generateKeyPairSync, randomBytes, randomUUID, sign, type KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A stand-in for Clerk: keys of its own, session tokens and webhooks signed as Clerk signs them (RS256; the Standard
 * Webhooks scheme with Svix's headers), and its Backend API over real HTTP. What checks them is Clerk's own library.
 */
export interface ClerkStandIn {
  /** The settings of a server that signs in with it. */
  env: Record<string, string>;
  /** People by id, as the Backend API answers. */
  people: Map<string, ClerkUser>;
  /** Paths that were asked of the Backend API. */
  asked: string[];
  /** While true the Backend API answers 500. */
  down: boolean;
  /** A session token; `claims` and `header` replace what it would hold, undefined leaves out. */
  token(clerkId: string, claims?: Record<string, unknown>, options?: TokenOptions): string;
  /** Sends an event to a server. Returns the status of its answer. */
  send(url: string, type: string, data: object, options?: SendOptions): Promise<number>;
  close(): Promise<void>;
}

export interface TokenOptions {
  header?: Record<string, unknown>;
  key?: KeyObject;
}

export interface SendOptions {
  secret?: string;
  /** Seconds since the epoch. */
  at?: number;
  /** What is sent in place of what was signed. */
  body?: string;
  headers?: Record<string, string>;
}

export interface ClerkUser {
  object: "user";
  id: string;
  first_name: string | null;
  last_name: string | null;
  username: string | null;
  image_url: string;
  primary_email_address_id: string | null;
  email_addresses: { id: string; email_address: string; verification: { status: string }; linked_to: [] }[];
  updated_at: number;
}

export const webhookPath = "/api/v1/identity/clerk-webhook";

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A person with one address. */
export function clerkUser({
  id = `user_${randomBytes(9).toString("hex")}`,
  email = `c-${randomBytes(6).toString("hex")}@example.org` as string | null,
  verified = true,
  name = ["Pat", "Tester"] as readonly [string | null, string | null],
  at = Date.now(),
} = {}): ClerkUser {
  const status = verified ? "verified" : "unverified";
  return {
    object: "user",
    id,
    first_name: name[0],
    last_name: name[1],
    username: null,
    image_url: "https://img.clerk.com/pat",
    primary_email_address_id: email === null ? null : `idn_${id}`,
    email_addresses:
      email === null ? [] : [{ id: `idn_${id}`, email_address: email, verification: { status }, linked_to: [] }],
    updated_at: at,
  };
}

/** Clerk's webhook signature: HMAC of id, time and body, as standardwebhooks.com describes it. */
const signatureOf = (secret: string, signed: string): string =>
  createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64"))
    .update(signed)
    .digest("base64");

export async function startClerkStandIn(): Promise<ClerkStandIn> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  const people = new Map<string, ClerkUser>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const person = people.get(/^\/v1\/users\/(\w+)$/.exec(request.url ?? "")?.[1] ?? "");
    const status = standIn.down ? 500 : person ? 200 : 404;
    const errors = [{ code: "resource_not_found", message: "not found" }];
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(JSON.stringify(status === 200 ? person : { errors }));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const standIn: ClerkStandIn = {
    env: {
      CLERK_SECRET_KEY: `sk_test_${randomBytes(16).toString("hex")}`,
      CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from("clerk.charlie.test$").toString("base64")}`,
      CLERK_JWT_KEY: publicKey.export({ type: "spki", format: "pem" }).toString(),
      CLERK_WEBHOOK_SECRET: secret,
      CLERK_API_URL: `http://127.0.0.1:${port}`,
    },
    people,
    asked,
    down: false,
    token: (clerkId, claims = {}, { header = {}, key = privateKey } = {}) => {
      const now = Math.floor(Date.now() / 1_000);
      const usual = {
        iss: "https://clerk.charlie.test",
        sub: clerkId,
        sid: `sess_${randomBytes(9).toString("hex")}`,
        sts: "active",
        iat: now,
        nbf: now - 10,
        exp: now + 60,
      };
      const signed = `${part({ alg: "RS256", typ: "JWT", kid: "ins_1", ...header })}.${part({ ...usual, ...claims })}`;
      return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key).toString("base64url")}`;
    },
    send: async (url, type, data, { secret: signing = secret, at, body, headers } = {}) => {
      const id = `msg_${randomUUID()}`;
      const time = at ?? Math.floor(Date.now() / 1_000);
      const payload = JSON.stringify({ object: "event", type, data });
      const answer = await fetch(`${url}${webhookPath}`, {
        method: "POST",
        headers: headers ?? {
          "content-type": "application/json",
          "svix-id": id,
          "svix-timestamp": String(time),
          "svix-signature": `v1,${signatureOf(signing, `${id}.${time}.${payload}`)}`,
        },
        body: body ?? payload,
      });
      await answer.arrayBuffer();
      return answer.status;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
  return standIn;
}

/** Cookies with tokens of somebody's that ran out, are another page's, or are signed with another key. */
export function cookiesThatFail(clerk: ClerkStandIn, { id, azp }: { id: string; azp: string }): string[] {
  const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const tokens = [
    clerk.token(id, { azp, exp: Math.floor(Date.now() / 1_000) - 60 }),
    clerk.token(id, { azp: "https://elsewhere.example" }),
    clerk.token(id, { azp }, { key }),
  ];
  return tokens.map((token) => `__session=${token}`);
}
