import { expect, test } from "vitest";

test("the end of a period is the same day for every reader, as mails and refusals have it", async () => {
  process.env["TZ"] = "America/New_York";
  const { formatDate } = await import("./format.ts");
  expect(new Date("2026-12-01T00:00:00Z").getDate()).toBe(30);
  expect(formatDate("2026-12-01T00:00:00Z")).toBe("December 1, 2026");
});
