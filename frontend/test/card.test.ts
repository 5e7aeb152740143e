import { nothing } from "lit";
import { expect, test } from "vitest";
import { Card, type CardConfig } from "../src/card";
import type { Hass } from "../src/hass";
import { World } from "./hass";

const world = new World().add("line", "North");
const shown = world.entity("North", "sensor", "current", "400");
const other = world.entity("North", "sensor", "ice_load", "1");

class Probe extends Card<CardConfig> {
  protected override get watched() {
    return [undefined, shown];
  }

  protected override prepare(): void {}

  protected override draw(): typeof nothing {
    return nothing;
  }

  /** Whether the card is drawn anew after the frontend object has changed. */
  isDrawnAfter(before: Hass | undefined, after: Hass): boolean {
    this.hass = after;
    return this.shouldUpdate(new Map([["hass", before]]));
  }
}

/** Home Assistant replaces the object of each state that changes, and leaves the others. */
function changed(hass: Hass, entityId: string): Hass {
  const state = { ...hass.states[entityId]!, state: "500" };
  return { ...hass, states: { ...hass.states, [entityId]: state } };
}

test("a poll draws a card only if an entity that it shows has changed", () => {
  const probe = new Probe();
  const hass = world.hass();
  expect(probe.isDrawnAfter(undefined, hass)).toBe(true);
  expect(probe.isDrawnAfter(hass, changed(hass, other))).toBe(false);
  expect(probe.isDrawnAfter(hass, { ...hass })).toBe(false);
  expect(probe.isDrawnAfter(hass, changed(hass, shown))).toBe(true);
});

test("a card is drawn anew if names, formats or the theme have changed", () => {
  const probe = new Probe();
  const hass = world.hass();
  for (const key of ["entities", "devices", "locale", "themes", "localize"] as const) {
    const value: unknown = typeof hass[key] === "function" ? () => "" : { ...hass[key] };
    expect(probe.isDrawnAfter(hass, { ...hass, [key]: value })).toBe(true);
  }
});
