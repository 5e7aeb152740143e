/** The settings of the card of assets. */

import { firstDevice, formOf, NAME } from "../form";
import { DOMAIN, type Hass } from "../hass";
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

export const stub = (hass: Hass) => firstDevice(hass, "site");
