/** The settings of the card of a load limit. */

import { formOf, NAME } from "../form";
import { DOMAIN, type Hass } from "../hass";
import { sortedDevices } from "../inventory";

export const form = () =>
  formOf(
    [
      {
        name: "device_id",
        required: true,
        selector: { device: { filter: [{ integration: DOMAIN, model: "Load limit" }] } },
      },
      {
        name: "hours_back",
        default: 24,
        selector: { number: { min: 6, max: 72, mode: "slider", unit_of_measurement: "h" } },
      },
      NAME,
    ],
    { device_id: "load_limit", hours_back: "back" },
  );

export function stub(hass: Hass) {
  const [limit] = sortedDevices(hass, "load_limit");
  return limit ? { device_id: limit.id } : {};
}
