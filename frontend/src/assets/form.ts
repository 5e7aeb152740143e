/** How the card of assets is chosen and configured. */

import { formOf, NAME } from "../form";
import { DOMAIN, type Hass } from "../hass";
import { devicesOf } from "../inventory";
import type { CardType } from "../lazy";
import { sayOfPage } from "../page";
import { suggestFor } from "../suggestion";

export const ASSETS_CARD = "gridduck-heimdall-assets";

export const ASSETS: CardType = {
  tag: ASSETS_CARD,
  load: async () => (await import("./card")).AssetsCard,
  size: 6,
  grid: { columns: 12, min_columns: 6 },
  form: () =>
    formOf(
      [
        {
          name: "device_id",
          selector: {
            device: {
              entity: [
                { integration: DOMAIN, domain: "sensor", device_class: `${DOMAIN}__site` },
              ],
            },
          },
        },
        {
          name: "show",
          default: "all",
          selector: {
            select: {
              mode: "dropdown",
              options: [
                { value: "all", label: sayOfPage("show_all") },
                { value: "overridden", label: sayOfPage("overridden") },
              ],
            },
          },
        },
        NAME,
      ],
      { device_id: "site", show: "show" },
    ),
  stub(hass) {
    const [site] = devicesOf(hass, "site");
    return site ? { device_id: site.id } : {};
  },
};

/** Suggest the card for what a site counts of its assets. */
export const suggestAssets = (hass: Hass, entityId: string) =>
  suggestFor(hass, entityId, "site", ASSETS_CARD, [
    "assets_online",
    "assets_disconnected",
    "assets_snoozed",
  ]);
