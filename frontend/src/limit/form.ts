/** How the card of a load limit is chosen and configured. */

import { formOf, NAME } from "../form";
import { DOMAIN, type Hass } from "../hass";
import { devicesOf } from "../inventory";
import type { CardType } from "../lazy";
import { suggestFor } from "../suggestion";

export const LIMIT_CARD = "gridduck-heimdall-load-limit";

export const LIMIT: CardType = {
  tag: LIMIT_CARD,
  load: async () => (await import("../overview")).LimitCard,
  size: 7,
  grid: { columns: 12, min_columns: 6 },
  form: () =>
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
    ),
  stub(hass) {
    const [limit] = devicesOf(hass, "load_limit");
    return limit ? { device_id: limit.id } : {};
  },
};

/** Suggest the card for the entities of a load limit. */
export const suggestLimit = (hass: Hass, entityId: string) =>
  suggestFor(hass, entityId, "load_limit", LIMIT_CARD, [
    "load_limit_state",
    "load_limit_load",
    "load_limit_limit",
    "load_limit_headroom",
    "load_limit_power_curtailed",
    "load_limit_assets_curtailed",
    "load_limit_mode",
    "load_limit_available",
  ]);
