// English texts of lists that Home Assistant may read before any text is loaded.
import { readFileSync } from "node:fs";

const FILE = new URL(
  "../custom_components/gridduck_heimdall/translations/en.json",
  import.meta.url,
);

/** Names and descriptions of the cards and of the dashboard. */
export function english() {
  const { common } = JSON.parse(readFileSync(FILE, "utf8"));
  return Object.fromEntries(
    Object.entries(common).filter(([key]) => /_card$|_description$/.test(key)),
  );
}
