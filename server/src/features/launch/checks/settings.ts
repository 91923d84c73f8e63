import { environment } from "../../../settings.ts";
import { unreadableKeys } from "../../ai/index.ts";
import { type Check, check, type SettingName, Wrong } from "./check.ts";
import { withClient } from "./database.ts";

const encryption = check({
  id: "settings.encryption",
  group: "settings",
  looksAt: "The key that encrypts your customers' AI keys is 32 bytes, and opens those that are stored",
  variables: ["ENCRYPTION_KEY"],
  reads: ["DATABASE_URL"],
  run: async ({ ENCRYPTION_KEY, DATABASE_URL }) => {
    if (DATABASE_URL === undefined) return "32 bytes; stored keys were not looked at, as DATABASE_URL is not set";
    return withClient(DATABASE_URL, async (client) => {
      const key = Buffer.from(ENCRYPTION_KEY, "base64url");
      const { stored, unreadable } = await unreadableKeys(client, key);
      if (unreadable === 0) return `32 bytes; it opens all ${stored} stored keys`;
      throw new Wrong(
        `${unreadable} of ${stored} stored keys cannot be opened with it`,
        "They were stored under another ENCRYPTION_KEY. Put that one back; without it those customers have to give their keys again.",
      );
    });
  },
});

/** Variables that no other check reads: what they say is only looked at for being understood. */
const restOf = (others: readonly Check[]): Check => {
  const read = new Set(others.flatMap(({ variables, reads }) => [...variables, ...reads]));
  const rest = (Object.keys(environment.shape) as SettingName[]).filter((name) => !read.has(name));
  return check({
    id: "settings.rest",
    group: "settings",
    looksAt: "All other settings are understood",
    variables: [],
    reads: rest,
    run: async () => `${rest.length} were looked at`,
  });
};

export const settingsChecks = (others: readonly Check[]): Check[] => [encryption, restOf([encryption, ...others])];
