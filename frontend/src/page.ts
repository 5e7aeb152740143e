/** The page that the module runs in. */

import type { Hass } from "./hass";
import { loadTexts, sayOf, type Say } from "./texts";

/** The frontend object of the page; there is none before the page is drawn. */
export function hassOfPage(): Hass | undefined {
  return (document.querySelector("home-assistant") as { hass?: Hass } | null)?.hass;
}

/** Texts in the language of the page, where no object of the frontend is passed. */
export const sayOfPage: Say = (key, values) => {
  const hass = hassOfPage();
  if (hass) void loadTexts(hass);
  // Names in lists are read once, maybe before the texts are loaded.
  return sayOf(hass)(key, values) || (ENGLISH[key] ?? "");
};
