import { describe, expect, test } from "vitest";
import { EMPTY } from "../src/line/data";
import {
  HOUR,
  riskTimes,
  runs,
  slotAt,
  slotsOf,
  type ForecastHour,
  type Mean,
} from "../src/line/model";

const NOW = Date.UTC(2026, 10, 18, 18, 20);
const THIS_HOUR = Date.UTC(2026, 10, 18, 18);
const REQUEST = { now: NOW, back: 24, ahead: 48, confidence: "p95" };

const hours = (count: number, value: (index: number) => number | null, end = THIS_HOUR): Mean[] =>
  Array.from({ length: count }, (_, index) => {
    const start = end - (count - index) * HOUR;
    return { start, end: start + HOUR, mean: value(index) };
  });

const forecast = (count: number, prediction: number, p95: number): ForecastHour[] =>
  Array.from({ length: count }, (_, index) => ({
    start: THIS_HOUR + index * HOUR,
    in_force: { prediction, p95 },
    limited_by: "dlr",
    limiting_span: "Span 3",
    dlr: { prediction, p95 },
  }));

describe("slots", () => {
  test("past, present and future follow each other", () => {
    const recorded = { ...EMPTY, current: hours(30, () => 400), headroom: hours(30, () => 200) };
    const slots = slotsOf(recorded, { current: 410, inForce: 600 }, forecast(60, 700, 500), REQUEST);
    const times = slots.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(slots[0]!.end).toBeGreaterThan(NOW - 24 * HOUR);
    expect(slots.at(-1)!.start).toBeLessThan(NOW + 48 * HOUR);
    expect(slots.filter(({ start, end }) => start === end)).toHaveLength(1);
  });

  test.each([0, 1, 29, 30, 31, 59])("no two are at one time, %i minutes past", (minutes) => {
    const now = THIS_HOUR + minutes * 60_000;
    const minute = { start: now - 60_000, end: now + 240_000, mean: 400 };
    const recorded = { ...EMPTY, current: [...hours(3, () => 400), minute] };
    const slots = slotsOf(recorded, { current: 410 }, forecast(3, 700, 500), { ...REQUEST, now });
    expect(new Set(slots.map(({ at }) => at)).size).toBe(slots.length);
    slots.forEach(({ at }, index) => expect(slotAt(slots, at)).toBe(index));
  });

  test("the rating in force of the past is current plus headroom", () => {
    const recorded = { ...EMPTY, current: hours(2, () => 400), headroom: hours(2, () => -50) };
    const [first] = slotsOf(recorded, {}, [], REQUEST);
    expect(first).toMatchObject({ current: 400, inForce: 350, atRisk: true, ahead: false });
  });

  test("the current hour of the forecast begins now", () => {
    const [, first] = slotsOf(EMPTY, {}, forecast(2, 700, 500), REQUEST);
    expect(first).toMatchObject({ start: NOW, end: THIS_HOUR + HOUR, limitedBy: "dlr" });
  });

  test("an hour is at risk if the load of the day before exceeds the cautious rating", () => {
    const current = hours(24, (index) => (index === 5 ? 550 : 300));
    const slots = slotsOf({ ...EMPTY, current }, {}, forecast(48, 700, 500), REQUEST);
    const risky = slots.filter(({ atRisk }) => atRisk).map(({ start }) => start);
    const hour = current[5]!.start;
    // Both days ahead are compared with the last day that is known.
    expect(risky).toEqual([hour + 24 * HOUR, hour + 48 * HOUR]);
  });

  test("an expected load replaces that of the day before", () => {
    const current = hours(24, () => 300);
    const loads = [{ start: THIS_HOUR + HOUR, expected: 550, low: 500, high: 620 }];
    const slots = slotsOf({ ...EMPTY, current }, {}, forecast(3, 700, 500), REQUEST, loads);
    const next = slots.filter(({ ahead }) => ahead);
    expect(next.map(({ expected }) => expected)).toEqual([undefined, 550, undefined]);
    expect(next.map(({ atRisk }) => atRisk)).toEqual([false, true, false]);
    expect(next[1]).toMatchObject({ low: 500, high: 620 });
    expect(next.some((slot) => "before" in slot)).toBe(false);
  });

  test("what is unknown is no value, and never at risk", () => {
    const recorded = { ...EMPTY, current: hours(3, (index) => (index === 1 ? null : 900)) };
    const slots = slotsOf(recorded, {}, [], REQUEST);
    expect(slots.every(({ atRisk }) => !atRisk)).toBe(true);
    expect(slots[1]).not.toHaveProperty("current");
  });

  test("a forecast that stops early leaves nothing behind it", () => {
    const slots = slotsOf(EMPTY, {}, forecast(3, 700, 500), REQUEST);
    expect(slots.at(-1)!.end).toBe(THIS_HOUR + 3 * HOUR);
  });

  test("a fallback marks the hours that it touches", () => {
    const recorded = {
      ...EMPTY,
      current: hours(3, () => 400),
      fallback: [{ start: THIS_HOUR - 90 * 60_000, end: THIS_HOUR - HOUR }],
    };
    const marked = slotsOf(recorded, {}, [], REQUEST).map(({ fallback }) => fallback);
    expect(marked).toEqual([false, true, false, false]);
  });
});

describe("runs", () => {
  test("an unknown hour is a gap", () => {
    const recorded = { ...EMPTY, current: hours(5, (index) => (index === 2 ? null : 400)) };
    const found = runs(slotsOf(recorded, {}, [], REQUEST), "current");
    expect(found.map((run) => run.length)).toEqual([2, 2]);
  });

  test("an hour that is not recorded at all is a gap too", () => {
    const current = hours(5, () => 400).filter((_, index) => index !== 3);
    const found = runs(slotsOf({ ...EMPTY, current }, {}, [], REQUEST), "current");
    expect(found.map((run) => run.length)).toEqual([3, 1]);
  });

  test("past, present and future are one run", () => {
    const recorded = { ...EMPTY, current: hours(3, () => 400), headroom: hours(3, () => 100) };
    const slots = slotsOf(recorded, { inForce: 500 }, forecast(3, 700, 500), REQUEST);
    expect(runs(slots, "inForce")).toHaveLength(1);
  });
});

test("adjacent hours at risk are one time", () => {
  const recorded = {
    ...EMPTY,
    current: hours(6, (index) => (index < 2 || index === 4 ? 700 : 100)),
    headroom: hours(6, (index) => (index < 2 || index === 4 ? -1 : 1)),
  };
  const times = riskTimes(slotsOf(recorded, {}, [], REQUEST));
  expect(times.map(({ start, end }) => (end - start) / HOUR)).toEqual([2, 1]);
});

test("the slot of a time is the nearest one", () => {
  const slots = slotsOf({ ...EMPTY, current: hours(24, () => 1) }, {}, [], REQUEST);
  expect(slotAt(slots, NOW)).toBe(slots.length - 1);
  expect(slotAt(slots, 0)).toBe(0);
  expect(slotAt([], 0)).toBe(-1);
});
