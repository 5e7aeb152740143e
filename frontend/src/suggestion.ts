/** Suggests cards for the entities that they show, and for no other. */

import type { CardType } from "./cards";
import { DOMAIN, type Hass } from "./hass";
import { kindOf } from "./inventory";

/** The configuration of a card for an entity; null where the card does not show it. */
export function suggestionOf({ tag, kind, keys, showsAll }: CardType, hass: Hass, entityId: string) {
  const entity = hass.entities[entityId];
  const device = hass.devices[entity?.device_id ?? ""];
  if (entity?.platform !== DOMAIN || !device || kindOf(device) !== kind) return null;
  if (!keys.includes(entity.translation_key ?? "")) return null;
  return { config: { type: `custom:${tag}`, ...(showsAll ? {} : { device_id: device.id }) } };
}
