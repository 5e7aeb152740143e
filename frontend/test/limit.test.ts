import { describe, expect, test } from "vitest";
import { Plane, timesOf } from "../src/chart/plane";
import {
  continued,
  limitSlots,
  NO_HISTORY,
  outcomeOf,
  type Decision,
  type Mean,
} from "../src/limit/model";
import { attributeText, unitOf, valueOf } from "../src/states";
import { World } from "./hass";

const NOW = Date.UTC(2026, 10, 18, 18, 2);
const MINUTES = 60_000;

const means = (...values: (number | null)[]): Mean[] =>
  values.map((mean, index) => {
    const start = NOW - 2 * MINUTES - (values.length - index) * 5 * MINUTES;
    return { start, end: start + 5 * MINUTES, mean };
  });

describe("slots", () => {
  test("load, limit and what was curtailed belong to one time, then comes the present", () => {
    const history = { load: means(400, 380), limit: means(370, 370), curtailed: means(0, 20) };
    const slots = limitSlots(history, { load: 360, limit: 370 }, NOW, 24);
    expect(slots).toHaveLength(3);
    expect(slots[1]).toMatchObject({ load: 380, limit: 370, curtailed: 20 });
    expect(slots[2]).toEqual({ start: NOW, end: NOW, at: NOW, load: 360, limit: 370 });
  });

  test("before its own record comes the load of the sensor by the hour", () => {
    const [first, ...own] = means(400, 380, 390);
    const hour = { start: NOW - 60 * MINUTES, end: first!.start, mean: 410 };
    const since = { start: first!.start, end: NOW, mean: 395 };
    expect(continued([hour, since], [first!, ...own])).toEqual([hour, first, ...own]);
    expect(continued([hour, since], [])).toEqual([hour, since]);
  });

  test("what is unknown is left out", () => {
    const [first, second] = limitSlots(
      { ...NO_HISTORY, load: means(400, null), limit: means(370, 370) },
      {},
      NOW,
      24,
    );
    expect(first).toHaveProperty("load");
    expect(second).not.toHaveProperty("load");
  });

  test("nothing is older than was asked for", () => {
    const load = means(...Array.from({ length: 100 }, () => 1));
    const slots = limitSlots({ ...NO_HISTORY, load }, {}, NOW, 6);
    expect(slots[0]!.end).toBeGreaterThan(NOW - 6 * 60 * MINUTES);
  });

  test("times of curtailment are found", () => {
    const slots = limitSlots({ ...NO_HISTORY, curtailed: means(0, 5, 5, 0, 7) }, {}, NOW, 24);
    const times = timesOf(slots, ({ curtailed = 0 }) => curtailed > 0);
    expect(times.map(({ start, end }) => (end - start) / MINUTES)).toEqual([10, 5]);
  });
});

describe("decisions", () => {
  const decision: Decision = {
    at: NOW,
    action: "curtail",
    reason: "above_limit",
    asset: "Charger",
    sent: true,
    until: NOW,
    power: 1,
    load: 1,
    limit: 1,
    load_after: null,
    unit: "A",
    error: null,
  };

  test.each([
    [{}, "curtail"],
    [{ sent: false }, "advice"],
    [{ sent: false, error: "503" }, "failure"],
  ])("%o is called %s", (change, outcome) => {
    expect(outcomeOf({ ...decision, ...change })).toBe(outcome);
  });

  test("each outcome and reason has words", () => {
    const hass = new World().hass();
    const words = (key: string, value: string) =>
      attributeText(hass, "event.load_limit_decision", key, value);
    expect(words("event_type", "failure")).toBe("Failed");
    expect(words("reason", "room")).toBe("There was room for it");
    expect(words("reason", "of_a_later_version")).toBe("of_a_later_version");
  });
});

test("values are in kW and A, whatever unit the user has chosen", () => {
  const world = new World().add("load_limit", "Evening");
  const load = (unit: string) =>
    world.entity("Evening", "sensor", "load_limit_load", "1500", { unit_of_measurement: unit });
  const hass = world.hass();
  expect(valueOf(hass, load("W"))).toBe(1.5);
  expect(valueOf(hass, load("A"))).toBe(1500);
  expect(valueOf(hass, undefined)).toBeUndefined();
});

test("the axis is round in the unit that the user has chosen, and has room for it", () => {
  const world = new World().add("load_limit", "Evening");
  const load = world.entity("Evening", "sensor", "load_limit_load", "1", {
    unit_of_measurement: "mW",
  });
  const plane = new Plane({ width: 400, height: 200 }, 0, 1, 930, unitOf(world.hass(), load));
  expect(plane.values.map((value) => Math.round(value / plane.unit.factor))).toEqual([
    0, 500_000_000, 1_000_000_000,
  ]);
  expect(plane.left).toBeGreaterThan(80);
  expect(unitOf(world.hass(), undefined, "kW")).toEqual({ name: "kW", factor: 1 });
});
