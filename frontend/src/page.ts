/** The page that the module runs in. */

import type { Hass } from "./hass";
import { text, type Key } from "./texts";

/** Texts in the language of the page, where no object of the frontend is passed. */
export function sayOfPage(): (key: Key, values?: Record<string, string>) => string {
  const page = document.querySelector("home-assistant") as { hass?: Hass } | null;
  const language = page?.hass?.locale.language ?? document.documentElement.lang;
  return (key, values) => text(language || "en", key, values);
}
