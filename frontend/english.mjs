// The English text of a list that Home Assistant may read before any text is loaded.
import { readFileSync } from "node:fs";

const FILE = new URL(
  "../custom_components/gridduck_heimdall/translations/en.json",
  import.meta.url,
);

/** The description of the dashboard; those of cards are read later, once texts are loaded. */
export function english() {
  const { common } = JSON.parse(readFileSync(FILE, "utf8"));
  return { dashboard_description: common.dashboard_description };
}
