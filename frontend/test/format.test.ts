import { describe, expect, test } from "vitest";
import { Formats } from "../src/format";
import { HOUR } from "../src/line/model";
import { timeTicks, valueTicks } from "../src/chart/scale";
import { sayOf } from "../src/texts";
import { english, LOCALE } from "./hass";

const formats = (locale: Partial<typeof LOCALE>, time_zone = "Europe/Oslo") =>
  new Formats({ locale: { ...LOCALE, ...locale }, config: { time_zone } });

describe("numbers", () => {
  test.each([
    ["language", "de", "12.345"],
    ["comma_decimal", "de", "12,345"],
    ["decimal_comma", "en", "12.345"],
    ["none", "en", "12345"],
  ])("%s in %s", (number_format, language, shown) => {
    expect(formats({ number_format, language }).number(12_345)).toBe(shown);
  });

  test("four digits have a separator where the language has one", () => {
    expect(formats({ language: "de" }).number(1234)).toBe("1.234");
    expect(formats({ language: "es" }).number(1234)).toBe("1234");
    expect(formats({ language: "pl" }).number(12_345)).toMatch(/^12\s345$/u);
  });

  test("a space or an apostrophe between thousands", () => {
    expect(formats({ number_format: "space_comma" }).number(12_345)).toMatch(/^12\s345$/u);
    expect(formats({ number_format: "quote_decimal" }).number(12_345)).toMatch(/^12['’]345$/u);
  });
});

describe("values with units", () => {
  const shown = (value: number, name: string, factor: number) =>
    formats({}).quantity(value, { name, factor }).replace("\u00a0", " ");

  test.each([
    [941.2, "A", 1, "941 A"],
    [941.2, "kA", 1000, "0.941 kA"],
    [941.2, "mA", 0.001, "941,200 mA"],
    [45.31, "kW", 1, "45.3 kW"],
    [453.1, "kW", 1, "453 kW"],
    [453.1, "MW", 1000, "0.453 MW"],
    [45.31, "W", 0.001, "45,310 W"],
  ])("%d in %s", (value, name, factor, words) => {
    expect(shown(value, name, factor)).toBe(words);
  });
});

describe("times", () => {
  const at = Date.UTC(2026, 10, 18, 16);

  test("the clock has 12 or 24 hours", () => {
    expect(formats({ time_format: "24" }).time(at)).toBe("17:00");
    expect(formats({ time_format: "12" }).time(at)).toMatch(/^5:00\sPM$/u);
  });

  test("the clock of the system has the words of the user's language", () => {
    expect(formats({ language: "de", time_format: "system" }).moment(at)).toMatch(/^Mi/);
  });

  test("the weekday is in the language of the user", () => {
    expect(formats({ language: "de" }).moment(at)).toMatch(/^Mi/);
  });
});

describe("ticks", () => {
  test("values are round and reach beyond the highest one", () => {
    expect(valueTicks(930, 4)).toEqual([0, 500, 1000]);
    expect(valueTicks(0, 4)).toEqual([0, 0.5, 1]);
    expect(valueTicks(0.9, 4).at(-1)).toBeCloseTo(1);
  });

  test.each(["Europe/Oslo", "Asia/Kathmandu", "America/St_Johns"])("hours are round in %s", (zone) => {
    const zoned = formats({}, zone);
    const from = Date.UTC(2026, 10, 18, 16, 20);
    const ticks = timeTicks(from, from + 72 * HOUR, 12, zoned);
    expect(ticks.length).toBeGreaterThan(8);
    expect(ticks.length).toBeLessThan(14);
    for (const { at, day } of ticks) {
      expect(zoned.minuteOfDay(at) % 360).toBe(0);
      expect(day).toBe(zoned.minuteOfDay(at) === 0);
    }
  });

  test("a change of the clock moves no tick", () => {
    const oslo = formats({});
    const from = Date.UTC(2026, 9, 24, 12);
    for (const { at } of timeTicks(from, from + 48 * HOUR, 10, oslo)) {
      expect(oslo.minuteOfDay(at) % 360).toBe(0);
    }
  });

  test("a week has at most as many ticks as have room", () => {
    const from = Date.UTC(2026, 10, 11, 3);
    expect(timeTicks(from, from + 240 * HOUR, 5, formats({})).length).toBeLessThanOrEqual(5);
  });
});

describe("texts", () => {
  test("values are put in", () => {
    expect(sayOf({ localize: english })("certain", { percent: "95" })).toBe("95% certain");
  });

  test("there are none until they are loaded", () => {
    expect(sayOf({ localize: () => "" })("now")).toBe("");
    expect(sayOf(undefined)("now")).toBe("");
  });
});
