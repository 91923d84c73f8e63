import { randomUUID } from "node:crypto";
import { lookup } from "node:dns/promises";
import { createServer } from "node:http";
import { get } from "node:https";
import type { TLSSocket } from "node:tls";
import { ask, check, reasonOf, type World, Wrong } from "./check.ts";

/** A certificate that has fewer days left was not renewed when it should have been: certbot renews at 30. */
const fewestDays = 21;

const publicUrl = check({
  id: "address.url",
  group: "address",
  looksAt: "The address people type begins with https:// and is the one that the certificate is for",
  variables: ["PUBLIC_URL"],
  reads: ["DOMAIN"],
  run: async ({ PUBLIC_URL, DOMAIN }) => {
    const { protocol, hostname, pathname } = new URL(PUBLIC_URL);
    if (protocol !== "https:") throw new Wrong(`PUBLIC_URL is ${PUBLIC_URL}`, "It has to begin with https://.");
    if (pathname !== "/") throw new Wrong(`PUBLIC_URL is ${PUBLIC_URL}`, "Leave out what comes after the name.");
    if (DOMAIN !== undefined && hostname !== DOMAIN.toLowerCase())
      throw new Wrong(`PUBLIC_URL is at ${hostname}, DOMAIN is ${DOMAIN}`, "Make them the same.");
    return PUBLIC_URL;
  },
});

const acme = check({
  id: "address.acme",
  group: "address",
  looksAt: "Let's Encrypt can write to you about the certificate",
  needed: false,
  variables: ["ACME_EMAIL"],
  run: async ({ ACME_EMAIL }) => {
    // Let's Encrypt refuses these domains: they are for examples (RFC 2606).
    if (/@(.+\.)?(example\.(com|net|org)|test|invalid|localhost)$/i.test(ACME_EMAIL))
      throw new Wrong(`${ACME_EMAIL} is an example`, "Put an address of yours into ACME_EMAIL.");
    return ACME_EMAIL;
  },
});

const dns = check({
  id: "address.dns",
  group: "address",
  looksAt: "The name is known in DNS",
  variables: ["PUBLIC_URL"],
  run: async ({ PUBLIC_URL }) => {
    const { hostname } = new URL(PUBLIC_URL);
    const todo = `At your domain's provider, make an A record of ${hostname} with this server's address.`;
    const found = await lookup(hostname, { all: true }).catch((error: unknown) => {
      throw new Wrong(`${hostname} is not known (${reasonOf(error)})`, todo, error);
    });
    return `${hostname} is ${found.map(({ address }) => address).join(", ")}`;
  },
});

/** Answers on a port with these words until `close`; `null` where the port is taken or not ours to take. */
const answerOn = (port: number, words: string): Promise<{ close(): void } | null> =>
  new Promise((resolve) => {
    const server = createServer((_request, response) => void response.end(words));
    server.once("error", () => resolve(null));
    server.listen(port, () =>
      resolve({
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      }),
    );
  });

/** Asks at the name's plain-HTTP port; before the first deploy nobody answers there, so this program does for a moment. */
async function knock(host: string, { ports, signal }: World): Promise<string> {
  const address = `http://${host}:${ports.http}/livez`;
  const secret = randomUUID();
  const answer = await ask("Port 80", address, { signal }).catch(async (error: unknown) => {
    const own = await answerOn(ports.http, secret);
    if (own === null) throw error;
    try {
      const heard = await ask("Port 80", address, { signal });
      if ((await heard.text()) === secret) return null;
      throw new Wrong("another machine answers under this name", "Let its A record point to this server.");
    } finally {
      own.close();
    }
  });
  if (answer === null) return "open, and it leads to this machine; nothing serves there yet";
  const goes = answer.headers.get("location") ?? "";
  if (answer.status >= 300 && answer.status < 400 && goes.startsWith(`https://${host}`))
    return `sends people on to https://${host}`;
  throw new Wrong(
    `port 80 answers ${answer.status}, and does not send people on to https://${host}`,
    "Something else than deploy/nginx listens there, or the name points to another server.",
  );
}

const port80 = check({
  id: "address.port80",
  group: "address",
  looksAt: "Port 80 of the name leads here: certificates are issued over it",
  variables: ["PUBLIC_URL"],
  run: async ({ PUBLIC_URL }, world) =>
    knock(new URL(PUBLIC_URL).hostname, world).catch((error: unknown) => {
      if (!(error instanceof Wrong) || !error.message.startsWith("Port 80 cannot")) throw error;
      throw new Wrong(
        error.message,
        "Before the first deploy this is as it should be. Later: open port 80 in the firewall, and look whether the name points to this server.",
        error,
      );
    }),
});

interface Served {
  status: number;
  body: string;
  days: number;
}

/** `/livez` over HTTPS, and how long the certificate holds. Rejects where it is not trusted. */
const fetchServed = (address: URL, { signal }: World): Promise<Served> =>
  new Promise((resolve, reject) => {
    const request = get(address, { signal, agent: false }, (response) => {
      const until = (response.socket as TLSSocket).getPeerCertificate().valid_to;
      const days = Math.floor((Date.parse(until) - Date.now()) / 86_400_000);
      let body = "";
      response.on("data", (chunk: Buffer) => (body = `${body}${chunk.toString()}`.slice(0, 10_000)));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body, days }));
      response.once("error", reject);
    });
    request.once("error", reject);
  });

const https = check({
  id: "address.https",
  group: "address",
  looksAt: "The service answers at its address with a trusted certificate that holds for weeks",
  variables: ["PUBLIC_URL"],
  run: async ({ PUBLIC_URL }, world) => {
    const address = new URL("/livez", PUBLIC_URL);
    if (address.protocol !== "https:") throw new Wrong(`PUBLIC_URL is ${PUBLIC_URL}`, "It has to begin with https://.");
    if (address.port === "") address.port = String(world.ports.https);
    const { status, body, days } = await fetchServed(address, world).catch((error: unknown) => {
      throw new Wrong(
        `no answer over https: ${reasonOf(error)}`,
        "Look at the log of nginx and certbot (deploy/compose logs nginx certbot). Before the first deploy this is as it should be.",
        error,
      );
    });
    if (status !== 200 || !body.includes('"alive"'))
      throw new Wrong(`something else answers there (${status})`, "Look whether the name points to this server.");
    if (days < fewestDays)
      throw new Wrong(`the certificate ends in ${days} days`, "Look at certbot's log: it should have renewed it.");
    return `it answers; the certificate holds for ${days} days`;
  },
});

export const addressChecks = [publicUrl, dns, port80, https, acme];
