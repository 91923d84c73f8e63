import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Resend, as far as mail is handed over to it: keeps every letter. */
export async function startMailbox() {
  const letters: Mail[] = [];
  const keep = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    letters.push((await json(request)) as Mail);
    response.setHeader("content-type", "application/json").end(JSON.stringify({ id: `mail_${letters.length}` }));
  };
  const server = createServer((request, response) => {
    keep(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, "0.0.0.0", () => resolve()));
  return { port: (server.address() as AddressInfo).port, letters, close: () => void server.close() };
}
