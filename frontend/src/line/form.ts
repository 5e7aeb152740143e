/** How the line card is chosen and configured. */

import { formOf, NAME } from "../form";
import { DOMAIN, type Hass } from "../hass";
import { devicesOf, Entities } from "../inventory";
import type { CardType } from "../lazy";
import { sayOfPage } from "../page";
import { suggestFor } from "../suggestion";

export const LINE_CARD = "gridduck-heimdall-line";
export const CONFIDENCES = ["p80", "p90", "p95", "p99"];
/** Sensors for which the card is suggested. */
const SUGGESTED = ["current", "loading", "headroom", "dlr", "aar", "dlr_forecast_lowest"];

const hours = (min: number, max: number) => ({
  number: { min, max, mode: "slider", unit_of_measurement: "h" },
});

/** The form of the card's settings. */
function form() {
  const options = CONFIDENCES.map((value) => ({
    value,
    label: sayOfPage("certain", { percent: value.slice(1) }),
  }));
  return formOf(
    [
      {
        name: "device_id",
        required: true,
        selector: { device: { filter: [{ integration: DOMAIN, model: "Line" }] } },
      },
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

/** Suggest the card for the sensors of lines that it shows. */
export const suggestion = (hass: Hass, entityId: string) =>
  suggestFor(hass, entityId, "line", LINE_CARD, SUGGESTED);

export const LINE: CardType = {
  tag: LINE_CARD,
  load: async () => (await import("./card")).LineCard,
  size: 6,
  grid: { columns: 12, rows: 6, min_columns: 6, min_rows: 5 },
  form,
  stub(hass) {
    const entities = new Entities(hass);
    const line = devicesOf(hass, "line").find(({ id }) => entities.find(id, "current", "sensor"));
    return line ? { device_id: line.id } : {};
  },
};
