import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** Keeps secrets encrypted at rest. */
export interface Vault {
  /** Encrypts `secret` for one place: the text opens only with the same `place`, so rows cannot be swapped. */
  seal(secret: string, place: string): string;
  /** The secret again. Throws where the key is not here, or the text or the place was changed. */
  open(sealed: string, place: string): string;
}

const algorithm = "aes-256-gcm";
const idOf = (key: Buffer): string => createHash("sha256").update(key).digest("hex").slice(0, 8);

/**
 * A vault on these 32-byte keys: the first one seals, any of them opens, so a new key can be put in front. Sealed text is
 * `<key id>.<nonce>.<ciphertext and tag>` in url-safe base64 (AES-256-GCM, NIST SP 800-38D: a fresh 96-bit nonce each).
 */
export function makeVault(keys: readonly Buffer[]): Vault {
  const [current] = keys;
  if (!current || keys.some((key) => key.length !== 32)) throw new Error("a vault needs keys of 32 bytes");
  const byId = new Map(keys.map((key) => [idOf(key), key]));
  return {
    seal: (secret, place) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv(algorithm, current, nonce).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return [idOf(current), nonce.toString("base64url"), sealed.toString("base64url")].join(".");
    },
    open: (text, place) => {
      const [id = "", nonce = "", body = ""] = text.split(".");
      const key = byId.get(id);
      if (!key) throw new Error(`no key ${id} in this vault`);
      const sealed = Buffer.from(body, "base64url");
      const decipher = createDecipheriv(algorithm, key, Buffer.from(nonce, "base64url"), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString("utf8");
    },
  };
}
