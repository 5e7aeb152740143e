import { describe, expect, test } from "vitest";
import { ASSETS_CARD, ATTENTION_CARD, CARDS, HEAT_CARD, LIMIT_CARD, LINE_CARD, LINES_CARD } from "../src/cards";
import { suggestionOf } from "../src/suggestion";
import { World } from "./hass";

const world = new World()
  .add("line", "North")
  .add("facility", "Circuit")
  .add("site", "Depot")
  .add("asset", "Charger")
  .add("load_limit", "Evening");

/** The cards that are suggested for an entity, by tag. */
function suggested(entityId: string, hass = world.hass()): string[] {
  return CARDS.flatMap((card) => {
    const found = suggestionOf(card, hass, entityId);
    if (found) expect(found.config.type).toBe(`custom:${card.tag}`);
    return found ? [card.tag] : [];
  });
}

describe("suggestions", () => {
  test.each([
    ["North", "sensor", "loading", [LINE_CARD, LINES_CARD, HEAT_CARD]],
    ["North", "sensor", "headroom", [LINE_CARD, LINES_CARD, HEAT_CARD]],
    ["North", "sensor", "current", [LINE_CARD]],
    ["North", "sensor", "dlr", [LINE_CARD]],
    ["North", "sensor", "ice_load", []],
    ["North", "binary_sensor", "dlr_fallback", [ATTENTION_CARD]],
    ["Circuit", "sensor", "circuit_rating", []],
    ["Circuit", "sensor", "loading", []],
    ["Depot", "sensor", "assets_snoozed", [ASSETS_CARD]],
    ["Depot", "sensor", "price", []],
    ["Depot", "sensor", null, []],
    ["Charger", "switch", "asset", []],
    ["Charger", "sensor", "loading", []],
    ["Evening", "sensor", "load_limit_state", [LIMIT_CARD]],
    ["Evening", "select", "load_limit_mode", [LIMIT_CARD]],
    ["Evening", "sensor", "load_limit_response", []],
  ] as const)("of %s for its %s %s", (device, domain, key, cards) => {
    expect(suggested(world.entity(device, domain, key))).toEqual(cards);
  });

  test("are of the device of the entity; that of all lines has none", () => {
    const entityId = world.entity("North", "sensor", "loading");
    const hass = world.hass();
    const configs = CARDS.map((card) => suggestionOf(card, hass, entityId)?.config);
    expect(configs).toContainEqual({ type: `custom:${LINE_CARD}`, device_id: "North" });
    expect(configs).toContainEqual({ type: `custom:${LINES_CARD}` });
  });

  test("leave entities of other integrations, without a device, and unknown ones alone", () => {
    const other = world.entity("North", "sensor", "loading");
    world.entities[other]!.platform = "template";
    const free = world.entity("North", "sensor", "loading");
    world.entities[free]!.device_id = null;
    for (const entityId of [other, free, "sensor.unknown"]) expect(suggested(entityId)).toEqual([]);
  });
});
