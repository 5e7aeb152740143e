/** Texts and values that Home Assistant itself has for entities. */

import { DOMAIN, type Hass } from "./hass";

/** The state of an entity in words, with its unit; undefined without one. */
export function shown(hass: Hass, entityId: string | undefined): string | undefined {
  const state = entityId === undefined ? undefined : hass.states[entityId];
  return state && hass.formatEntityState(state);
}

export function isKnown(hass: Hass, entityId: string | undefined): boolean {
  const state = entityId === undefined ? undefined : hass.states[entityId]?.state;
  return state !== undefined && state !== "unknown" && state !== "unavailable";
}

/** A value of an attribute of one of our entities, in words. */
export function attributeText(
  hass: Hass,
  entity: string,
  attribute: string,
  value: string,
): string {
  return (
    hass.localize(
      `component.${DOMAIN}.entity.${entity}.state_attributes.${attribute}.state.${value}`,
    ) || value
  );
}

const FACTORS: Record<string, number> = { W: 0.001, kW: 1, MW: 1000, mA: 0.001, A: 1, kA: 1000 };

/** The value of a power, kW, or a current, A; the user may have chosen another unit for it. */
export function valueOf(hass: Hass, entityId: string | undefined): number | undefined {
  const state = entityId === undefined ? undefined : hass.states[entityId];
  const value = state && state.state !== "" ? Number(state.state) : NaN;
  const unit = String(state?.attributes["unit_of_measurement"]);
  return Number.isFinite(value) ? value * (FACTORS[unit] ?? 1) : undefined;
}
