import * as fc from "fast-check";
import { expect, test } from "vitest";
import { capWords, type Course, forecast, forecastOfCap, leastOfDay, messagesWords, paceOf } from "./forecast.ts";

const at = (time: string) => new Date(`2026-11-22T${time}Z`);
const midnight = new Date("2026-11-23T00:00:00Z");
const today = (used: number, time: string, limit = 100): Course => ({
  used,
  limit,
  lately: used,
  since: at("00:00:00"),
  now: at(time),
  until: midnight,
  least: leastOfDay,
});
const saysAt = (used: number, time: string, zone = "UTC") => messagesWords(forecast(today(used, time)), at(time), zone);

test("a straight line from the pace so far to the limit", () => {
  expect(forecast(today(50, "08:00:00"))).toEqual({ kind: "meets", at: at("16:00:00") });
  expect(forecast(today(50, "12:00:00"))).toEqual({ kind: "lasts" });
  expect(forecast(today(51, "12:00:00")).kind).toBe("meets");
  expect(forecast(today(100, "12:00:00"))).toEqual({ kind: "met" });
  expect(forecast({ ...today(101, "12:00:00") })).toEqual({ kind: "met" });
  expect(forecast(today(0, "12:00:00", 0))).toEqual({ kind: "met" });
});

test("little use or little time tells nothing", () => {
  expect(forecast(today(0, "12:00:00"))).toEqual({ kind: "unclear" });
  expect(forecast(today(4, "00:40:00"))).toEqual({ kind: "unclear" });
  expect(forecast(today(60, "00:29:59"))).toEqual({ kind: "unclear" });
  expect(forecast(today(60, "00:30:00")).kind).toBe("meets");
});

test("says it by the reader's clock, in minutes where it is near", () => {
  expect(saysAt(50, "08:00:00")).toBe("At this pace today’s messages are used up at about 4 PM.");
  expect(saysAt(50, "08:00:00", "America/New_York")).toContain("at about 11 AM");
  expect(saysAt(50, "08:00:00", "Asia/Tokyo")).toContain("tomorrow at about 1 AM");
  expect(saysAt(50, "08:00:00", "Asia/Shanghai")).toContain("at about midnight");
  expect(saysAt(96, "08:00:00")).toContain("in about 20 minutes");
  expect(saysAt(99, "01:00:00")).toContain("in about 5 minutes");
  expect(saysAt(1, "08:00:00")).toBe("Too little was asked today to tell how long they will last.");
  expect(saysAt(10, "08:00:00")).toBe("At this pace they last until the count starts again.");
  expect(saysAt(100, "08:00:00")).toBeNull();
});

test("a cap is told by its day", () => {
  const until = new Date("2026-12-17T10:00:00Z");
  const words = (day: string) =>
    capWords({ kind: "meets", at: new Date(`${day}T12:00:00Z`) }, { now: at("12:00:00"), until });
  expect(words("2026-11-24")).toBe("At this pace the cap is met around November 24, 2026.");
  expect(words("2026-11-22")).toBe("At this pace the cap is met today.");
  expect(capWords({ kind: "lasts" }, { now: midnight, until })).toBe(
    "At this pace the cap is not met before December 17, 2026.",
  );
  expect(capWords({ kind: "unclear" }, { now: midnight, until })).toContain("Too little");
  expect(capWords({ kind: "met" }, { now: midnight, until })).toBeNull();
});

test("a cap without room for the next answer is met, though nothing can be told of its pace yet", () => {
  const course = { lately: 6_300, since: at("00:00:00"), now: at("12:00:00"), until: midnight };
  const spend = { used: 6_300, limit: 7_000 };
  expect(forecastOfCap({ ...spend, full: false }, course)).toEqual({ kind: "unclear" });
  expect(forecastOfCap({ ...spend, full: true }, course)).toEqual({ kind: "met" });
});

test("the pace of spending: the last days only, from the first answer on, without own keys", () => {
  const days = ["2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"].map((day) => ({ day, value: 0 }));
  const numbers = { agent: null, brain: null, messages: 1, tokensIn: 0, tokensOut: 0, tokensCached: 0 };
  const spent = (day: string, costMicros: number) =>
    ({ ...numbers, day, payer: "operator", costMicros, passedOnMicros: 0, ownKeyMicros: 0 }) as const;
  const parts = [
    spent("2026-11-19", 100),
    spent("2026-11-20", 20),
    { ...spent("2026-11-21", 0), payer: "own_key" as const, ownKeyMicros: 500 },
    spent("2026-11-22", 4),
  ];
  const since = (day: string) => new Date(`${day}T00:00:00Z`);
  expect(paceOf({ days, firstDay: "2026-01-01", parts }, 3)).toEqual({ lately: 24, since: since("2026-11-20") });
  expect(paceOf({ days, firstDay: "2026-11-22", parts: parts.slice(3) }, 3)).toEqual({
    lately: 4,
    since: since("2026-11-22"),
  });
  expect(paceOf({ days, firstDay: null, parts: [] }, 3)).toBeNull();
});

const courses = fc
  .record({
    limit: fc.integer({ min: 0, max: 1_000_000_000 }),
    share: fc.double({ min: 0, max: 1.5, noNaN: true }),
    lately: fc.integer({ min: 0, max: 1_000_000_000 }),
    since: fc.integer({ min: -40 * 86_400_000, max: 1_000 }),
    until: fc.integer({ min: -1_000, max: 40 * 86_400_000 }),
    least: fc.record({ lately: fc.nat(10), ms: fc.nat(86_400_000) }),
  })
  .map(({ limit, share, since, until, ...rest }): Course => {
    const now = at("12:00:00");
    const moved = (by: number) => new Date(now.getTime() + by);
    return { ...rest, limit, used: Math.floor(limit * share), now, since: moved(since), until: moved(until) };
  });

/** When it is met, as a number that is the later the better; `null` where nothing is told. */
const lateness = (course: Course): number | null => {
  const told = forecast(course);
  if (told.kind === "unclear") return null;
  if (told.kind === "met") return 0;
  return told.kind === "lasts" ? Infinity : told.at.getTime();
};

test("never in the past, never after the count starts anew", () => {
  fc.assert(
    fc.property(courses, (course) => {
      const told = forecast(course);
      if (told.kind !== "meets") return;
      expect(told.at.getTime()).toBeGreaterThanOrEqual(course.now.getTime());
      expect(told.at.getTime()).toBeLessThan(course.until.getTime());
    }),
    { numRuns: 2_000 },
  );
});

test("more used, a quicker pace or a smaller limit never puts it off", () => {
  const more = fc.nat(1_000_000);
  fc.assert(
    fc.property(courses, more, (course, by) => {
      const before = lateness(course);
      if (before === null) return;
      const worse: Course[] = [
        { ...course, used: course.used + by },
        { ...course, lately: course.lately + by },
        { ...course, used: course.used + by, lately: course.lately + by },
        { ...course, limit: Math.max(0, course.limit - by) },
      ];
      for (const other of worse) expect(lateness(other)).toBeLessThanOrEqual(before);
    }),
    { numRuns: 2_000 },
  );
});

test("what is said of an hour is never over", () => {
  fc.assert(
    fc.property(fc.nat(86_399_999), fc.nat(86_399_999), (start, ahead) => {
      const now = new Date(at("00:00:00").getTime() + start);
      const words = messagesWords({ kind: "meets", at: new Date(now.getTime() + ahead) }, now, "UTC") ?? "";
      const told = /(tomorrow )?at about (?:(\d+) (AM|PM)|(midnight|noon))/.exec(words);
      if (!told) {
        expect(words).toMatch(/in about \d+ minutes/);
        return;
      }
      const named = told[4] === "noon" ? 12 : told[4] ? 24 : (Number(told[2]) % 12) + (told[3] === "PM" ? 12 : 0);
      const hours = named + (told[1] ? 24 : 0);
      expect(hours * 3_600_000).toBeGreaterThan(start);
      expect(hours * 3_600_000).toBeLessThanOrEqual(start + ahead + 1_800_000);
      expect(hours * 3_600_000).toBeGreaterThanOrEqual(start + ahead - 1_800_000);
    }),
    { numRuns: 2_000 },
  );
});
