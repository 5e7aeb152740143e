/** What the dialogs that configure cards ask for: loaded when one of them is opened. */

// All that cards share is in the file of the first screen.
import "./overview";
import * as assets from "./assets/form";
import * as attention from "./attention/form";
import type { CardConfig } from "./card";
import type { CardType } from "./cards";
import type { Hass } from "./hass";
import * as heat from "./heat/form";
import * as limit from "./limit/form";
import * as line from "./line/form";
import * as lines from "./lines/form";

interface Form {
  form(): unknown;
  /** The settings of a card that is added. */
  stub(hass: Hass): Partial<CardConfig>;
}

export const FORMS: Record<CardType["name"], Form> = {
  line_card: line,
  lines_card: lines,
  limit_card: limit,
  assets_card: assets,
  heat_card: heat,
  attention_card: attention,
};
