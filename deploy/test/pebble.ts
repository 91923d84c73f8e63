import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { freePort } from "../../server/src/embedded/free-port.ts";
import { must } from "./engine.ts";

/** Let's Encrypt's own test server, to which every name is on this machine. */
export interface Pebble {
  /** Its directory, as containers reach it. */
  directory: string;
  /** What signed its own HTTPS certificate: a file. */
  caFile: string;
  /** The root of the certificates that it issues, as PEM. */
  root: string;
  close(): void;
}

const ask = (url: string, ca: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    request(url, { ca }, (response) => resolve(text(response)))
      .on("error", reject)
      .end();
  });

/** Starts it with its files in `folder`; challenges are looked up at this `httpPort` of this machine. */
export async function startPebble(folder: string, httpPort: number): Promise<Pebble> {
  const [caFile, keyFile] = [join(folder, "acme-ca.pem"), join(folder, "acme-key.pem")];
  const names = "subjectAltName=DNS:host.docker.internal,DNS:localhost";
  const certificate = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  await must("openssl", [
    "req",
    ...certificate,
    "-subj",
    "/CN=acme",
    "-addext",
    names,
    "-keyout",
    keyFile,
    "-out",
    caFile,
  ]);
  const [port, management, dns, dnsManagement] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const config = join(folder, "pebble.json");
  writeFileSync(
    config,
    JSON.stringify({
      pebble: {
        listenAddress: `0.0.0.0:${port}`,
        managementListenAddress: `127.0.0.1:${management}`,
        certificate: caFile,
        privateKey: keyFile,
        httpPort,
        tlsPort: 1,
        certificateValidityPeriod: 90 * 86_400,
      },
    }),
  );
  const options = {
    stdio: "ignore",
    env: { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" },
  } as const;
  const off = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""];
  const children: ChildProcess[] = [
    spawn(
      "pebble-challtestsrv",
      ["-dns01", `127.0.0.1:${dns}`, "-management", `127.0.0.1:${dnsManagement}`, ...off],
      options,
    ),
    spawn("pebble", ["-config", config, "-dnsserver", `127.0.0.1:${dns}`], options),
  ];
  const ca = readFileSync(caFile);
  let rootPem: string | null = null;
  for (let tries = 0; rootPem === null; tries += 1) {
    if (tries > 100) throw new Error("pebble does not answer");
    rootPem = await ask(`https://localhost:${management}/roots/0`, ca).catch(() => null);
    if (rootPem === null) await sleep(100);
  }
  return {
    directory: `https://host.docker.internal:${port}/dir`,
    caFile,
    root: rootPem,
    close: () => {
      for (const child of children) child.kill();
    },
  };
}
