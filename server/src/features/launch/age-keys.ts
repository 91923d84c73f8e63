import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";

/** Whether a text is the public half of an age key, with nothing mistyped. */
export function isAgeRecipient(text: string): boolean {
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/** A new pair of age's keys: https://github.com/C2SP/C2SP/blob/main/age.md#the-x25519-recipient-type */
export async function makeAgeKeys(): Promise<{ recipient: string; identity: string }> {
  const identity = await generateX25519Identity();
  return { recipient: await identityToRecipient(identity), identity };
}
