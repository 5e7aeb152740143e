import { describe, expect, test } from "vitest";
import {
  assetsOf,
  extended,
  inOrder,
  isControllable,
  label,
  overrideOf,
  problemOf,
} from "../src/assets/model";
import { World } from "./hass";

const UNTIL = "2026-11-18T19:00:00+00:00";

function world(): World {
  const world = new World()
    .add("site", "Depot")
    .add("site", "Office")
    .add("gateway", "Hub", "Depot")
    .add("asset", "Meter", "Hub")
    .add("asset", "Charger", "Meter")
    .add("asset", "Boiler", "Meter")
    .add("asset", "Lamp", "Office");
  world.entity("Meter", "button", "end_override", "unavailable");
  world.entity("Meter", "sensor", "override", "none");
  world.entity("Charger", "switch", "asset", "on", { override: "none", until: null });
  world.entity("Boiler", "switch", "asset", "off", { override: "snooze", until: UNTIL });
  world.entity("Lamp", "binary_sensor", "state", "on");
  return world;
}

describe("assets", () => {
  test("of a site are those behind its gateways and meters", () => {
    const hass = world().hass();
    expect(assetsOf(hass, "Depot").map(label)).toEqual(["Boiler", "Charger", "Meter"]);
    expect(assetsOf(hass, "Office").map(label)).toEqual(["Lamp"]);
    expect(assetsOf(hass, undefined)).toHaveLength(4);
  });

  test("know what hangs below them", () => {
    const below = assetsOf(world().hass(), "Depot").map((one) => [label(one), one.below]);
    expect(Object.fromEntries(below)).toEqual({ Boiler: 0, Charger: 0, Meter: 2 });
  });

  test("that may not be switched have no controls", () => {
    const found = assetsOf(world().hass(), undefined).map((one) => [label(one), isControllable(one)]);
    expect(Object.fromEntries(found)).toEqual({
      Boiler: true,
      Charger: true,
      Lamp: false,
      Meter: true,
    });
  });

  test("those with an override come first", () => {
    const hass = world().hass();
    const [first] = inOrder(hass, assetsOf(hass, undefined));
    expect(first && label(first)).toBe("Boiler");
  });
});

describe("override", () => {
  const of = (change: (world: World) => void, id: string) => {
    const changed = world();
    change(changed);
    const hass = changed.hass();
    return overrideOf(hass, assetsOf(hass, undefined).find((one) => label(one) === id)!);
  };

  test("has kind and end by the switch", () => {
    expect(of(() => undefined, "Boiler")).toEqual({ kind: "snooze", until: Date.parse(UNTIL) });
    expect(of(() => undefined, "Charger")).toEqual({ kind: "none" });
  });

  test("of a meter without a switch is that of its sensors", () => {
    const boosted = (one: World) => {
      one.states[Object.values(one.entities).find((e) => e.translation_key === "override")!.entity_id]!.state = "boost";
    };
    expect(of(boosted, "Meter")).toEqual({ kind: "boost" });
    const ends = (one: World) => {
      boosted(one);
      one.entity("Meter", "sensor", "override_ends", UNTIL);
    };
    expect(of(ends, "Meter")).toEqual({ kind: "boost", until: Date.parse(UNTIL) });
  });

  test("is extended from its end, to a day at most", () => {
    const now = Date.parse("2026-11-18T18:30:00Z");
    expect(extended(Date.parse(UNTIL), 60, now)).toBe(90);
    expect(extended(now - 5, 60, now)).toBe(60);
    expect(extended(undefined, 60, now)).toBe(60);
    expect(extended(now + 24 * 3_600_000, 480, now)).toBe(1440);
  });
});

test("a site that is gone, and a device that is none, are said", () => {
  const hass = world().hass();
  expect(problemOf(hass, undefined)).toBeUndefined();
  expect(problemOf(hass, "Depot")).toBeUndefined();
  expect(problemOf(hass, "nowhere")).toBe("site_gone");
  expect(problemOf(hass, "Charger")).toBe("site_choose");
});
