import type { KeyProvider } from "@charlie/contract";
import type { ClientBase } from "pg";
import { placeOf } from "./resolve-brain.ts";
import { makeVault } from "./vault.ts";

/**
 * How many AI keys are stored, and how many of them do not open with this key (32 bytes). `client` sees every row; 0 of 0
 * where the table is not there yet.
 */
export async function unreadableKeys(client: ClientBase, key: Buffer): Promise<{ stored: number; unreadable: number }> {
  const table = await client.query<{ there: boolean }>("select to_regclass('public.ai_keys') is not null as there");
  if (!table.rows[0]?.there) return { stored: 0, unreadable: 0 };
  const { rows } = await client.query<{ workspace_id: string; provider: KeyProvider; ciphertext: string }>(
    "select workspace_id, provider, ciphertext from ai_keys",
  );
  const vault = makeVault([key]);
  const opens = ({ workspace_id, provider, ciphertext }: (typeof rows)[number]): boolean => {
    try {
      vault.open(ciphertext, placeOf(workspace_id, provider));
      return true;
    } catch {
      return false;
    }
  };
  return { stored: rows.length, unreadable: rows.filter((row) => !opens(row)).length };
}
