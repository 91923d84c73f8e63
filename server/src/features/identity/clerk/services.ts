import type { Database } from "../../../db/client.ts";
import type { Clerk } from "../../../integrations/clerk/index.ts";
import type { Log } from "../../../log.ts";

export interface ClerkServices {
  clerk: Clerk;
  db: Database;
  publicUrl: string;
  log: Log;
}
