/** The settings of the card of assets. */

import { formOf, NAME } from "../form";
import { DOMAIN, type Hass } from "../hass";
import { sortedDevices } from "../inventory";
import { sayOfPage } from "../page";

export const form = () =>
  formOf(
    [
      {
        name: "device_id",
        selector: {
          device: {
            entity: [{ integration: DOMAIN, domain: "sensor", device_class: `${DOMAIN}__site` }],
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
  );

export function stub(hass: Hass) {
  const [site] = sortedDevices(hass, "site");
  return site ? { device_id: site.id } : {};
}
