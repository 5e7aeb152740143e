/** Forms of the settings of cards. */

import { DOMAIN, type Hass } from "./hass";
import { Entities, sortedDevices, type Kind } from "./inventory";
import { sayOfPage } from "./page";
import type { Key } from "./texts";

export const NAME = { name: "name", selector: { text: {} } };

/** The field for the device of a card, by the model that our devices of its kind have. */
export const deviceField = (model: "Line" | "Load limit") => ({
  name: "device_id",
  required: true,
  selector: { device: { filter: [{ integration: DOMAIN, model }] } },
});

/** The settings of a card that is added: the first device, of those with a sensor if one is given. */
export function firstDevice(hass: Hass, kind: Kind, sensor?: string): { device_id?: string } {
  const entities = new Entities(hass);
  const device = sensor
    ? entities.devices(kind).find(({ id }) => entities.find(id, sensor, "sensor"))
    : sortedDevices(hass, kind)[0];
  return device ? { device_id: device.id } : {};
}

/** A form with labels; a field without one has that of its name. */
export function formOf(schema: unknown[], labels: Record<string, Key>) {
  const known: Record<string, Key> = { name: "title", ...labels };
  return {
    schema,
    computeLabel: ({ name }: { name: string }) => {
      const key = known[name];
      return key ? sayOfPage(key) : name;
    },
  };
}
