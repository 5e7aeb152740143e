/** How the list of lines is chosen and configured. */

import { formOf, NAME } from "../form";
import type { Hass } from "../hass";
import type { CardType } from "../lazy";
import { suggestFor } from "../suggestion";

export const LINES_CARD = "gridduck-heimdall-lines";

export const LINES: CardType = {
  tag: LINES_CARD,
  load: async () => (await import("../overview")).LinesCard,
  size: 6,
  grid: { columns: 12, min_columns: 6 },
  form: () => formOf([NAME], {}),
  stub: () => ({}),
};

/** Suggest the list for what compares lines. */
export function suggestLines(hass: Hass, entityId: string) {
  const one = suggestFor(hass, entityId, "line", LINES_CARD, ["loading", "headroom"]);
  return one && { config: { type: one.config.type } };
}
