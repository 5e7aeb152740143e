/** The settings of the headroom heat map. */

import { formOf, NAME } from "../form";
import { DOMAIN, type Hass } from "../hass";
import { Entities } from "../inventory";

export const form = () =>
  formOf(
    [
      {
        name: "device_id",
        required: true,
        selector: { device: { filter: [{ integration: DOMAIN, model: "Line" }] } },
      },
      NAME,
    ],
    { device_id: "device" },
  );

export function stub(hass: Hass) {
  const entities = new Entities(hass);
  const line = entities.devices("line").find(({ id }) => entities.find(id, "headroom", "sensor"));
  return line ? { device_id: line.id } : {};
}
