import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Resend, as far as mail is handed over to it: keeps every letter, and shows all to whoever asks (GET). */
export async function startMailbox() {
  const letters: Mail[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader("content-type", "application/json");
    if (request.method === "GET") return void response.end(JSON.stringify(letters));
    letters.push((await json(request)) as Mail);
    response.end(JSON.stringify({ id: `mail_${letters.length}` }));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, "0.0.0.0", () => resolve()));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

/** The letters of a mailbox that another process started. */
export const lettersAt = async (port: number): Promise<Mail[]> =>
  (await (await fetch(`http://127.0.0.1:${port}`)).json()) as Mail[];
