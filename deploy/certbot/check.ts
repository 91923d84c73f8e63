/**
 * Whether nginx serves the certificate that is on the disk, and for how many days it is good: written down as the
 * operation `certificate`. Exit code 1 where it is not well. An argument is what went wrong before.
 */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { openDatabase } from "../../server/src/db/client.ts";
import { recordOperation } from "../../server/src/features/launch/index.ts";

/** Below this many days something has gone wrong for weeks: certbot renews 30 days before the end. */
const alarmBelowDays = 21;
/** How long nginx may take to look at the disk again, in ms. */
const patienceMs = 20_000;

const { DOMAIN = "", DATABASE_URL = "" } = process.env;

/** What is served under our name, whoever signed it. */
const servedCertificate = (): Promise<X509Certificate> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: "nginx", port: 8443, servername: DOMAIN, rejectUnauthorized: false }, () => {
      const served = socket.getPeerX509Certificate();
      if (served) resolve(served);
      else reject(new Error("nginx shows no certificate"));
      socket.destroy();
    });
    socket.setTimeout(5_000, () => socket.destroy(new Error("nginx does not answer")));
    socket.on("error", reject);
  });

const daysLeftOf = ({ validTo }: X509Certificate): number =>
  Math.floor((Date.parse(validTo) - Date.now()) / 86_400_000);

async function look(): Promise<{ ok: boolean; detail: Record<string, unknown> }> {
  const disk = new X509Certificate(readFileSync("/etc/letsencrypt/live/charlie/fullchain.pem"));
  for (const until = Date.now() + patienceMs; ;) {
    const served = await servedCertificate().catch((error: Error) => error);
    const same = served instanceof X509Certificate && served.serialNumber === disk.serialNumber;
    if (same || Date.now() > until) {
      if (served instanceof Error)
        return { ok: false, detail: { diskSerial: disk.serialNumber, error: served.message } };
      const daysLeft = daysLeftOf(served);
      const detail = {
        servedSerial: served.serialNumber,
        diskSerial: disk.serialNumber,
        daysLeft,
        notAfter: new Date(served.validTo).toISOString(),
      };
      return { ok: same && daysLeft >= alarmBelowDays, detail };
    }
    await sleep(1_000);
  }
}

const startedAt = new Date();
const before = process.argv[2];
const seen = await look().catch((error: Error) => ({ ok: false, detail: { error: error.message } }));
const outcome = before === undefined ? seen : { ok: false, detail: { ...seen.detail, renewal: before } };
process.stdout.write(`${JSON.stringify({ certificate: outcome })}\n`);
const db = openDatabase(DATABASE_URL, { max: 1 });
await recordOperation(db, { name: "certificate", ...outcome, startedAt });
await db.close();
process.exitCode = outcome.ok ? 0 : 1;
