/** The settings of the line card. */

import { deviceField, firstDevice, formOf, NAME } from "../form";
import type { Hass } from "../hass";
import { sayOfPage } from "../page";
import { CONFIDENCES } from "./model";

const hours = (min: number, max: number) => ({
  number: { min, max, mode: "slider", unit_of_measurement: "h" },
});

export function form() {
  const options = CONFIDENCES.map((value) => ({
    value,
    label: sayOfPage("certain", { percent: value.slice(1) }),
  }));
  return formOf(
    [
      deviceField("Line"),
      { name: "hours_back", default: 24, selector: hours(6, 168) },
      { name: "hours_ahead", default: 48, selector: hours(0, 72) },
      {
        name: "confidence",
        default: "p95",
        selector: { select: { mode: "dropdown", options } },
      },
      NAME,
    ],
    { device_id: "device", hours_back: "back", hours_ahead: "ahead", confidence: "confidence" },
  );
}

export const stub = (hass: Hass) => firstDevice(hass, "line", "current");
