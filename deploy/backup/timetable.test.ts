import * as fc from "fast-check";
import { expect, test } from "vitest";
import { files, momentOf, nameOf } from "./manifest.ts";
import { keptDays, oldKeys } from "./old-keys.ts";
import { dueBefore, isCheckDue, nextBackup, retryMs } from "./timetable.ts";

const at = (time: string) => new Date(`2026-11-${time}:00Z`);
const moment = fc.date({ min: new Date("2026-01-01"), max: new Date("2027-01-01"), noInvalidDate: true });

test("daily at the hour; a missed one is made up for at once; one that failed is tried again an hour later", () => {
  const next = (now: string, good: string | null, failed: string | null) =>
    nextBackup(at(now), 2, { good: good === null ? null : at(good), failed: failed === null ? null : at(failed) });
  // Never one yet.
  expect(next("22T14:00", null, null)).toEqual(at("22T02:00"));
  expect(next("22T14:00", "22T02:00", null)).toEqual(at("23T02:00"));
  expect(next("22T01:59", "21T02:00", null)).toEqual(at("22T02:00"));
  // The host was down at two.
  expect(next("22T14:00", "21T02:00", null)).toEqual(at("22T02:00"));
  // Made up for in the afternoon, the next night's is still due.
  expect(next("22T15:00", "22T14:01", "22T13:00")).toEqual(at("23T02:00"));
  expect(next("22T02:10", "21T02:00", "22T02:00")).toEqual(at("22T03:00"));
  // Yesterday's failure is no reason to wait.
  expect(next("22T02:00", "20T02:00", "21T23:30")).toEqual(at("22T02:00"));
});

test("whenever it looks, one of the last 24 hours went well, or the next is due within the hour", () => {
  const hour = fc.integer({ min: 0, max: 23 });
  const known = fc.option(moment);
  fc.assert(
    fc.property(moment, hour, known, known, (now, due, good, failed) => {
      fc.pre((good === null || good <= now) && (failed === null || failed <= now));
      const last = dueBefore(now, due);
      expect(now.getTime() - last.getTime()).toBeLessThan(86_400_000);
      expect(last.getUTCHours()).toBe(due);
      const next = nextBackup(now, due, { good, failed });
      if (good !== null && good >= last) expect(next.getTime() - last.getTime()).toBe(86_400_000);
      else expect(next.getTime()).toBeLessThanOrEqual(now.getTime() + retryMs);
    }),
  );
});

test("a restore is checked with the first backup, and then once a week at the backup's hour", () => {
  expect(isCheckDue(at("22T02:00"), null)).toBe(true);
  expect(isCheckDue(at("21T02:00"), at("15T02:01"))).toBe(false);
  expect(isCheckDue(at("22T02:00"), at("15T02:01"))).toBe(true);
});

const backup = (began: Date, whole: boolean): string[] =>
  [files.globals, files.dump, ...(whole ? [files.manifest] : [])].map((file) => `${nameOf(began)}/${file}`);

test("kept are 30 days, the newest whole one however old, what is just being made, and what is no backup", () => {
  const now = at("22T02:10");
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const old = backup(daysAgo(31), true);
  const broken = backup(daysAgo(2), false);
  const kept = [...backup(daysAgo(29), true), ...backup(daysAgo(0.01), false), "doctor.txt", "somebody-elses/file"];
  expect(oldKeys([...old, ...broken, ...kept], now)).toEqual([...old, ...broken]);
  expect(oldKeys(backup(daysAgo(400), true), now)).toEqual([]);
});

test("whatever lies there: the newest whole backup and those of 30 days are never removed", () => {
  const lying = fc.array(fc.record({ began: moment, whole: fc.boolean() }), { maxLength: 40 });
  fc.assert(
    fc.property(lying, moment, (backups, now) => {
      const keys = backups.flatMap(({ began, whole }) => backup(began, whole));
      const going = new Set(oldKeys(keys, now).map((key) => key.split("/")[0]));
      const whole = backups.filter((each) => each.whole).map(({ began }) => began);
      for (const began of whole) {
        const age = now.getTime() - began.getTime();
        if (age <= keptDays * 86_400_000) expect(going.has(nameOf(began))).toBe(false);
      }
      const newest = whole.toSorted((a, b) => b.getTime() - a.getTime())[0];
      if (newest !== undefined) expect(going.has(nameOf(newest))).toBe(false);
      for (const name of going) expect(momentOf(name ?? "")).not.toBeNull();
    }),
  );
});
