import { describe, expect, test } from "vitest";
import { indicatorsOf } from "../src/attention/indicators";
import { isSilent, troublesOf } from "../src/attention/model";
import { Entities } from "../src/inventory";
import { World } from "./hass";

type States = Partial<Record<string, string>>;

/** Two lines, the circuit of one, and two sites; nothing is wrong, unless a state says so. */
function worldOf(states: States): World {
  const world = new World();
  const kinds = { "Line 10": "line", "Line 9": "line", Circuit: "facility", Depot: "site", Mill: "site" };
  for (const [name, kind] of Object.entries(kinds)) {
    world.add(kind, name);
    const key = { line: "dlr_fallback", facility: "circuit_fallback" }[kind];
    if (key) world.entity(name, "binary_sensor", key, states[name] ?? "off");
    else world.entity(name, "sensor", "assets_disconnected", states[name] ?? "0");
  }
  return world;
}

function troubles(states: States = {}, change = (world: World) => world) {
  const hass = change(worldOf(states)).hass();
  return troublesOf(hass, indicatorsOf(new Entities(hass)));
}

const names = (found: ReturnType<typeof troubles>) =>
  found.map(({ devices }) => devices.map(({ name }) => name));

describe("what needs attention", () => {
  test("is nothing while nothing is wrong or known", () => {
    expect(troubles()).toEqual([]);
    expect(troubles({ "Line 9": "unavailable", Circuit: "unknown", Depot: "unavailable" })).toEqual([]);
  });

  test("is a row for each kind, with its devices in order", () => {
    const found = troubles({ "Line 10": "on", "Line 9": "on", Circuit: "on" });
    expect(names(found)).toEqual([["Line 9", "Line 10"], ["Circuit"]]);
    expect(found.map(({ name, count }) => [name, count])).toEqual([
      ["DLR fallback", 2],
      ["Circuit rating fallback", 1],
    ]);
  });

  test("counts the parts of a device where they are known", () => {
    const [found] = troubles({ Depot: "3", Mill: "1" });
    expect(found?.count).toBe(4);
    expect(found?.devices.map(({ name, parts }) => [name, parts])).toEqual([
      ["Depot", 3],
      ["Mill", 1],
    ]);
  });

  test("has the names that people gave the devices", () => {
    const found = troubles({ Depot: "1" }, (world) => {
      world.devices["Depot"]!.name_by_user = "Lagerhus";
      return world;
    });
    expect(names(found)).toEqual([["Lagerhus"]]);
  });

  test.each<[string, States, boolean]>([
    ["all is known", {}, false],
    ["one of two sites is unavailable", { Depot: "unavailable" }, false],
    ["no site is known", { Depot: "unavailable", Mill: "unavailable" }, true],
    ["no circuit is known", { Circuit: "unknown" }, true],
  ])("%s", (_, states, silent) => {
    const hass = worldOf(states).hass();
    expect(isSilent(hass, indicatorsOf(new Entities(hass)))).toBe(silent);
  });

  test("leaves out what is hidden", () => {
    const found = troubles({ Depot: "1", Mill: "1" }, (world) => {
      for (const entity of Object.values(world.entities)) entity.hidden = entity.device_id === "Mill";
      return world;
    });
    expect(names(found)).toEqual([["Depot"]]);
  });
});
