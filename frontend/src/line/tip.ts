/** The values of the time of a line that is pointed at. */

import type { TemplateResult } from "lit";
import type { Plane } from "../chart/plane";
import { tipAt } from "../chart/tip";
import type { Formats } from "../format";
import type { Say } from "../texts";
import type { Slot } from "./model";
import { rowsOf, timeOf } from "./readout";

export function tip(
  plane: Plane,
  slot: Slot,
  staticRating: number | undefined,
  confidence: string,
  formats: Formats,
  say: Say,
): TemplateResult {
  const rows = rowsOf(slot, staticRating, confidence, formats, say);
  return tipAt(
    plane,
    slot.at,
    timeOf(slot, formats, say),
    rows.map(({ name, value }) => [name, value]),
    [...(slot.fallback ? [say("fallback")] : []), ...(slot.atRisk ? [say("risk")] : [])],
  );
}
