/** Suggests cards for the entities that they show, and for no other. */

import { DOMAIN, type Hass } from "./hass";
import { kindOf, type Kind } from "./inventory";

/** The configuration of a card for an entity; null where the card does not show it. */
export function suggestFor(
  hass: Hass,
  entityId: string,
  kind: Kind,
  tag: string,
  keys: readonly string[],
) {
  const entity = hass.entities[entityId];
  const device = entity?.device_id ? hass.devices[entity.device_id] : undefined;
  if (entity?.platform !== DOMAIN || !device || kindOf(device) !== kind) return null;
  return keys.includes(entity.translation_key ?? "")
    ? { config: { type: `custom:${tag}`, device_id: device.id } }
    : null;
}
