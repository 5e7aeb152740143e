/** The settings of the card of a load limit. */

import { deviceField, firstDevice, formOf, NAME } from "../form";
import type { Hass } from "../hass";

export const form = () =>
  formOf(
    [
      deviceField("Load limit"),
      {
        name: "hours_back",
        default: 24,
        selector: { number: { min: 6, max: 72, mode: "slider", unit_of_measurement: "h" } },
      },
      NAME,
    ],
    { device_id: "load_limit", hours_back: "back" },
  );

export const stub = (hass: Hass) => firstDevice(hass, "load_limit");
