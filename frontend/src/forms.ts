/** What the dialogs that configure cards ask for: loaded when one of them is opened. */

// All that cards share is in the file of the first screen.
import "./overview";
import * as assets from "./assets/form";
import type { CardConfig } from "./card";
import type { CardType } from "./cards";
import type { Hass } from "./hass";
import * as heat from "./heat/form";
import * as limit from "./limit/form";
import * as line from "./line/form";
import { formOf, NAME } from "./form";

interface Form {
  form(): unknown;
  /** The settings of a card that is added. */
  stub(hass: Hass): Partial<CardConfig>;
}

/** The form of a card that has nothing to choose but its title. */
const titleAlone: Form = { form: () => formOf([NAME], {}), stub: () => ({}) };

export const FORMS: Record<CardType["name"], Form> = {
  line_card: line,
  lines_card: titleAlone,
  limit_card: limit,
  assets_card: assets,
  heat_card: heat,
  attention_card: titleAlone,
};
