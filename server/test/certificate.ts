import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

export interface Certificate {
  /** PEM; it is its own authority. */
  cert: string;
  key: string;
  /** Where both lie, for programs that read files. */
  certFile: string;
  keyFile: string;
  remove(): void;
}

/** A certificate for `localhost` and 127.0.0.1 that holds for so many days. */
export function makeCertificate(days: number): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "charlie-cert-"));
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const args = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-subj",
    "/CN=localhost",
  ];
  const names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", String(days)];
  execFileSync("openssl", [...args, ...names, "-keyout", keyFile, "-out", certFile], { stdio: "ignore" });
  return {
    cert: readFileSync(certFile, "utf8"),
    key: readFileSync(keyFile, "utf8"),
    certFile,
    keyFile,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** From now on this process trusts them, beside the usual authorities. */
export const trust = (...certificates: Certificate[]): void =>
  setDefaultCACertificates([...getCACertificates("default"), ...certificates.map(({ cert }) => cert)]);
