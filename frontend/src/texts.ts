/** Texts of the cards and views, from the translation files of the integration. */

import type en from "../../custom_components/gridduck_heimdall/translations/en.json";
import { DOMAIN, type Hass } from "./hass";

export type Key = keyof (typeof en)["common"];

export type Say = (key: Key, values?: Record<string, string>) => string;

type Localized = Pick<Hass, "localize">;

/** Texts in the language of the user; empty until they are loaded. */
export function sayOf(hass: Localized | undefined): Say {
  return (key, values) => hass?.localize(`component.${DOMAIN}.common.${key}`, values) ?? "";
}

export function areTextsLoaded(hass: Localized): boolean {
  return sayOf(hass)("now") !== "";
}

let loading: Promise<unknown> | undefined;

/** Load the texts; the frontend loads them again if the user changes the language. */
export async function loadTexts(hass: Hass): Promise<void> {
  if (areTextsLoaded(hass)) return;
  try {
    await (loading ??= hass.loadBackendTranslation("common", DOMAIN));
  } catch {
    // Without a connection: cards ask again with the next change of the frontend object.
  } finally {
    loading = undefined;
  }
}
