/** How the headroom heat map is chosen and configured. */

import { formOf, NAME } from "../form";
import { DOMAIN, type Hass } from "../hass";
import { devicesOf, Entities } from "../inventory";
import type { CardType } from "../lazy";
import { suggestFor } from "../suggestion";

export const HEAT_CARD = "gridduck-heimdall-headroom";

export const HEAT: CardType = {
  tag: HEAT_CARD,
  load: async () => (await import("./card")).HeatCard,
  size: 10,
  grid: { columns: 12, min_columns: 6 },
  form: () =>
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
    ),
  stub(hass) {
    const entities = new Entities(hass);
    const line = devicesOf(hass, "line").find(({ id }) => entities.find(id, "headroom", "sensor"));
    return line ? { device_id: line.id } : {};
  },
};

/** Suggest the heat map for the headroom and loading of a line. */
export const suggestHeat = (hass: Hass, entityId: string) =>
  suggestFor(hass, entityId, "line", HEAT_CARD, ["headroom", "loading"]);
