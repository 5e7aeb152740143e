/** Texts and values that Home Assistant itself has for entities. */

import type { Formats } from "./format";
import { DOMAIN, type Hass } from "./hass";
import type { Key, Say } from "./texts";

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

/** What the WebSocket commands say of the account of a device. */
export interface Served {
  loaded?: boolean;
  /** Whether it waits for new credentials. */
  sign_in?: boolean;
  /** When the line was measured last, if that is longer ago than expected. */
  last_measured?: number;
}

/** Why what is shown of an entity is not of now; undefined where it is. */
export function whyOld(
  hass: Hass,
  entityId: string | undefined,
  { loaded, sign_in: signIn, last_measured: late }: Served = {},
): Key | undefined {
  const state = hass.states[entityId ?? ""]?.state;
  if (signIn) return "sign_in";
  if (loaded === false) return "not_loaded";
  if (state === "unavailable") return "not_responding";
  if (state === "unknown") return "not_measured";
  return late ? "last_measured" : undefined;
}

/** The same in words; empty where it is of now. */
export function oldWords(
  hass: Hass,
  entityId: string | undefined,
  served: Served | undefined,
  formats: Formats | undefined,
  say: Say,
): string {
  const why = whyOld(hass, entityId, served);
  const time = formats?.timeNear(served?.last_measured ?? 0, Date.now()) ?? "";
  return why ? say(why, { time }) : "";
}
