/** Texts and values that Home Assistant itself has for entities. */

import type { Formats, Unit } from "./format";
import { DOMAIN, type Hass } from "./hass";
import { numberOf } from "./inventory";
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

/** Units that a user may choose for a power or a current, in kW or A. */
const FACTORS: Record<string, number> = {
  mW: 1e-6,
  W: 1e-3,
  MW: 1e3,
  GW: 1e6,
  TW: 1e9,
  "BTU/h": 2.930711e-4,
  "μA": 1e-6,
  mA: 1e-3,
  kA: 1e3,
};

export const unitCalled = (name: string): Unit => ({ name, factor: FACTORS[name] ?? 1 });

/** The unit of an entity, as the user has chosen it; the usual one without an entity. */
export const unitOf = (hass: Hass, entityId: string | undefined, usual = "A"): Unit =>
  unitCalled(
    String(hass.states[entityId ?? ""]?.attributes["unit_of_measurement"] ?? usual),
  );

/** The value of a power, kW, or a current, A; the user may have chosen another unit for it. */
export function valueOf(hass: Hass, entityId: string | undefined): number | undefined {
  const value = numberOf(hass, entityId);
  return value === undefined ? undefined : value * unitOf(hass, entityId).factor;
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
