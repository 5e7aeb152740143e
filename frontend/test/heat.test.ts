import { describe, expect, test } from "vitest";
import { Formats } from "../src/format";
import { HOUR } from "../src/chart/plane";
import { beginsWeek, cellsOf, DAYS_BACK, daysOf, levelOf, tightest } from "../src/heat/model";
import { LOCALE } from "./hass";

const NOW = Date.UTC(2026, 10, 18, 18, 20);
const THIS_HOUR = Date.UTC(2026, 10, 18, 18);
const formats = (time_zone: string) => new Formats({ locale: LOCALE, config: { time_zone } });

const means = (end: number, ...values: (number | null)[]) =>
  values.map((mean, index) => {
    const start = end - (values.length - index) * HOUR;
    return { start, end: start + HOUR, mean };
  });

describe("cells", () => {
  test("have headroom and loading of what was recorded", () => {
    const cells = cellsOf(means(THIS_HOUR, 300, null), means(THIS_HOUR, 100, 50), [], NOW);
    expect(cells).toEqual([
      { start: THIS_HOUR - 2 * HOUR, headroom: 100, loading: 75, ahead: false },
    ]);
  });

  test("of the hours ahead rest on the cautious rating", () => {
    const hours = [
      { start: THIS_HOUR - HOUR, expected: 1, in_force: { p95: 2 } },
      { start: THIS_HOUR, expected: 450, in_force: { prediction: 600, p95: 500 } },
      { start: THIS_HOUR + HOUR, expected: 450 },
    ];
    expect(cellsOf([], [], hours, NOW)).toEqual([
      { start: THIS_HOUR, headroom: 50, loading: 90, ahead: true },
    ]);
  });

  test("of a rating that is not above zero are overloaded", () => {
    const [one] = cellsOf(means(THIS_HOUR, 300), means(THIS_HOUR, -300), [], NOW);
    expect(levelOf(one!)).toBe(5);
  });
});

describe("days", () => {
  const hours = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      start: from + index * HOUR,
      headroom: index,
      loading: 50,
      ahead: false,
    }));

  test.each(["Europe/Oslo", "Asia/Kathmandu", "America/St_Johns", "Pacific/Auckland"])(
    "are those of the user in %s",
    (zone) => {
      const clock = formats(zone);
      const cells = hours(THIS_HOUR - 27 * 24 * HOUR, 28 * 24);
      const days = daysOf(cells, NOW, clock);
      expect(days).toHaveLength(DAYS_BACK + 2);
      const placed = days.flatMap((day) => day.cells.map((cell, hour) => ({ day, cell, hour })));
      const found = placed.filter(({ cell }) => cell);
      expect(found.length).toBeGreaterThan(27 * 24);
      for (const { day, cell, hour } of found) {
        expect(Math.floor(clock.minuteOfDay(cell!.start) / 60)).toBe(hour);
        expect(clock.day(day.at)).toBe(clock.day(cell!.start));
      }
      expect(clock.day(days[DAYS_BACK]!.at)).toBe(clock.day(NOW));
    },
  );

  test("the hour that a change of the clock repeats shows the tighter one", () => {
    const clock = formats("Europe/Oslo");
    const now = Date.UTC(2026, 9, 26, 12);
    // 02:00 comes twice on 25 October.
    const cells = hours(Date.UTC(2026, 9, 24, 22), 25);
    const [sunday] = daysOf(cells, now, clock).slice(DAYS_BACK - 1);
    expect(sunday!.cells.filter(Boolean)).toHaveLength(24);
    expect(sunday!.cells[2]!.headroom).toBe(2);
  });
});

test("the tightest hour is found behind and ahead", () => {
  const cells = cellsOf(
    means(THIS_HOUR, 300, 390),
    means(THIS_HOUR, 100, 10),
    [{ start: THIS_HOUR, expected: 450, in_force: { p95: 400 } }],
    NOW,
  );
  expect(tightest(cells, false)!.start).toBe(THIS_HOUR - HOUR);
  expect(tightest(cells, true)!.headroom).toBe(-50);
  expect(tightest([], true)).toBeUndefined();
});

describe("a week begins", () => {
  const monday = Date.UTC(2026, 10, 16, 12);
  const days = (language: string, first_weekday: string) => {
    const begins = beginsWeek({ ...LOCALE, language, first_weekday }, "Europe/Oslo");
    return Array.from({ length: 7 }, (_, day) => day).filter((day) =>
      begins(monday + day * 24 * HOUR),
    );
  };

  test.each([
    ["de", "language", 0],
    ["en-US", "language", 6],
    ["de", "saturday", 5],
  ])("in %s by %s on one day", (language, chosen, day) => {
    expect(days(language, chosen)).toEqual([day]);
  });
});
