/** What is offline or on a fallback, as a function of states. */

import { DOMAIN, type Hass } from "../hass";
import { byName, domainOf, nameOf, numberOf } from "../inventory";
import { isKnown } from "../states";
import { INDICATORS, type Indicator } from "./indicators";

/** What is wrong in the same way. */
export interface Trouble {
  key: string;
  name: string;
  /** Devices, or parts of them. */
  count: number;
  /** The devices by name, each with the number of its parts if the indicator counts them. */
  devices: { name: string; entity: string; parts: number | undefined }[];
}

/** How many parts of a device are in trouble: one, if its indicator does not count them. */
function partsOf(hass: Hass, entity: string): number {
  return hass.states[entity]?.state === "on" ? 1 : (numberOf(hass, entity) ?? 0);
}

/** What is wrong at present, by kind. */
export function troublesOf(hass: Hass, indicators: readonly Indicator[]): Trouble[] {
  const compare = byName(hass);
  const wrong = indicators
    .filter(({ entity }) => partsOf(hass, entity) > 0)
    .sort((a, b) => compare(a.device, b.device));
  return INDICATORS.flatMap(([, key]) => {
    const group = wrong.filter((one) => one.key === key);
    const [first] = group;
    if (!first) return [];
    return [
      {
        key,
        name: nameOfKey(hass, key, first.entity),
        count: group.reduce((sum, { entity }) => sum + partsOf(hass, entity), 0),
        devices: group.map(({ device, entity }) => ({
          name: nameOf(device),
          entity,
          parts: numberOf(hass, entity),
        })),
      },
    ];
  });
}

/** Whether no indicator of a kind is known: its service does not respond, or its account is not loaded. */
export const isSilent = (hass: Hass, indicators: readonly Indicator[]): boolean =>
  INDICATORS.some(([, key]) => {
    const group = indicators.filter((one) => one.key === key);
    return group.length > 0 && !group.some(({ entity }) => isKnown(hass, entity));
  });

/** The name that Home Assistant gives entities with a translation key. */
const nameOfKey = (hass: Hass, key: string, entity: string): string =>
  hass.localize(`component.${DOMAIN}.entity.${domainOf(entity)}.${key}.name`);
