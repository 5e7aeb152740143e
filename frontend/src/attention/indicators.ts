/** The entities that tell what is offline or on a fallback. */

import type { Device } from "../hass";
import { devicesOf, type Entities, type Kind } from "../inventory";

/** An entity that tells whether something is wrong with its device, or with how many parts of it. */
export interface Indicator {
  key: string;
  device: Device;
  entity: string;
}

export const INDICATORS: readonly (readonly [Kind, string])[] = [
  ["line", "dlr_fallback"],
  ["facility", "circuit_fallback"],
  ["site", "assets_disconnected"],
];

/** All indicators that the user may read, in no order within a kind. */
export const indicatorsOf = (entities: Entities): Indicator[] =>
  INDICATORS.flatMap(([kind, key]) =>
    devicesOf(entities.hass, kind).flatMap((device) =>
      entities.all(device.id, [key]).map((entity) => ({ key, device, entity })),
    ),
  );
