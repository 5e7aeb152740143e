import { describe, expect, test } from "vitest";
import { HOUR } from "../src/chart/plane";
import { picture, ranked, tightestOf, type Hour } from "../src/lines/model";

const NOW = Date.UTC(2026, 10, 18, 18, 20);
const THIS_HOUR = Date.UTC(2026, 10, 18, 18);

const ahead = (...hours: [rating: number, expected: number | null][]) => ({
  loaded: true,
  hours: hours.map(
    ([rating, expected], index): Hour => [THIS_HOUR + index * HOUR, rating, expected],
  ),
});

describe("the tightest hour", () => {
  test("is the one with the highest loading, not with the lowest rating", () => {
    const found = tightestOf(ahead([500, 100], [800, 700], [900, 100]), 100, NOW);
    expect(found).toEqual({ start: THIS_HOUR + HOUR, loading: 87.5, headroom: 100 });
  });

  test("without an expected current rests on the present one", () => {
    const found = tightestOf(ahead([500, null], [400, null]), 200, NOW);
    expect(found).toMatchObject({ start: THIS_HOUR + HOUR, loading: 50 });
    expect(tightestOf(ahead([500, null]), undefined, NOW)).toBeUndefined();
  });

  test("is among the next 24, of which the current one is the first", () => {
    const hours = Array.from({ length: 30 }, (): [number, null] => [500, null]);
    hours[26] = [1, null];
    expect(tightestOf(ahead(...hours), 100, NOW)!.loading).toBe(20);
    const later = tightestOf(ahead([1, null], [500, null]), 100, NOW + HOUR);
    expect(later!.loading).toBe(20);
  });

  test("is unknown without a forecast", () => {
    expect(tightestOf(undefined, 100, NOW)).toBeUndefined();
    expect(tightestOf({ loaded: false, hours: [] }, 100, NOW)).toBeUndefined();
  });
});

test("the tightest line comes first, what is unknown last, and equals stay in order", () => {
  const loading: Record<string, number | undefined> = { a: 20, b: undefined, c: 90, d: 20 };
  expect(ranked(["a", "b", "c", "d"], (one) => loading[one])).toEqual(["c", "a", "d", "b"]);
});

describe("the picture", () => {
  const past = [3, 2, 1].map((ago) => ({
    start: THIS_HOUR - ago * HOUR,
    end: THIS_HOUR - (ago - 1) * HOUR,
    current: 200,
    rating: 400,
  }));

  test("has current and rating, past and ahead", () => {
    const found = picture(past, ahead([400, 300], [400, null]).hours, NOW, 100, 30)!;
    expect(found.load.match(/[ML]/g)).toHaveLength(3);
    expect(found.expected.match(/[ML]/g)).toHaveLength(1);
    expect(found.rating.match(/[ML]/g)).toHaveLength(5);
  });

  test("leaves a gap where nothing is known", () => {
    const [first, , last] = past;
    expect(picture([first!, last!], [], NOW, 100, 30)!.load.match(/M/g)).toHaveLength(2);
  });

  test("is none without values", () => {
    expect(picture([], [], NOW, 100, 30)).toBeUndefined();
  });
});
