import { connect } from "node:tls";
import type { Stack } from "./stack.ts";

/** What was found when the certificate was looked at. */
export interface Look {
  ok: boolean;
  detail: { servedSerial: string; diskSerial: string; daysLeft: number; renewal?: string };
}

/** The newest look at the certificate. */
export const lookedAt = async ({ sql }: Stack): Promise<Look> =>
  JSON.parse(
    await sql(
      "select json_build_object('ok', ok, 'detail', detail) from operations where name = 'certificate' order by ended_at desc limit 1",
    ),
  ) as Look;

/** The serial number of the certificate that a visitor is shown. */
export const servedSerial = ({ httpsPort, domain, authority }: Stack): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: httpsPort, servername: domain, ca: authority };
    const socket = connect(options, () => {
      resolve(socket.getPeerX509Certificate()?.serialNumber);
      socket.destroy();
    });
    socket.on("error", reject);
  });

/** Has certbot do now what it does twice a day. Throws where it says that not all is well. */
export const renew = ({ compose }: Stack, ...options: string[]): Promise<string> =>
  compose("exec", "-T", "certbot", "deploy/certbot/run", "once", ...options);
