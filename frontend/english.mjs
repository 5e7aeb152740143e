// English texts of lists that Home Assistant may read before any text is loaded.
import { readFileSync } from "node:fs";

const FILE = new URL(
  "../custom_components/gridduck_heimdall/translations/en.json",
  import.meta.url,
);

/** Names of the cards, and the description of the dashboard. */
export function english() {
  const { common } = JSON.parse(readFileSync(FILE, "utf8"));
  return Object.fromEntries(
    Object.entries(common).filter(([key]) => /_card$|^dashboard_description$/.test(key)),
  );
}
