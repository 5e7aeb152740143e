/** The settings of the headroom heat map. */

import { deviceField, firstDevice, formOf, NAME } from "../form";
import type { Hass } from "../hass";

export const form = () =>
  formOf(
    [
      deviceField("Line"),
      NAME,
    ],
    { device_id: "device" },
  );

export const stub = (hass: Hass) => firstDevice(hass, "line", "headroom");
