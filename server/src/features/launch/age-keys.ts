import { generateKeyPairSync } from "node:crypto";

/** Bech32's alphabet: https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki */
const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function polymod(values: readonly number[]): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of generators.entries()) if ((top >>> bit) & 1) check ^= generator;
  }
  return check;
}

const expanded = (prefix: string): number[] => {
  const codes = [...prefix].map((letter) => letter.codePointAt(0) ?? 0);
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
};

/** Bytes as groups of five bits, the last one filled up with zeros. */
function fives(bytes: Uint8Array): number[] {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((group) => Number.parseInt(group.padEnd(5, "0"), 2));
}

function bech32(prefix: string, bytes: Uint8Array): string {
  const data = fives(bytes);
  const check = polymod([...expanded(prefix), ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
  const sum = [25, 20, 15, 10, 5, 0].map((shift) => (check >>> shift) & 31);
  return `${prefix}1${[...data, ...sum].map((value) => alphabet[value]).join("")}`;
}

/** Whether a text is the public half of an age key, with nothing mistyped. */
export function isAgeRecipient(text: string): boolean {
  const letters = /^age1([a-z0-9]{58})$/.exec(text)?.[1];
  if (letters === undefined) return false;
  const values = [...letters].map((letter) => alphabet.indexOf(letter));
  return !values.includes(-1) && polymod([...expanded("age"), ...values]) === 1;
}

/** The 32 bytes of a key stand at the end of its DER form (RFC 8410). */
const raw = (der: Buffer): Uint8Array => der.subarray(-32);

/** A new pair of age's X25519 keys: https://github.com/C2SP/C2SP/blob/main/age.md#the-x25519-recipient-type */
export function makeAgeKeys(): { recipient: string; identity: string } {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  return {
    recipient: bech32("age", raw(publicKey.export({ type: "spki", format: "der" }))),
    identity: bech32("age-secret-key-", raw(privateKey.export({ type: "pkcs8", format: "der" }))).toUpperCase(),
  };
}
