/** The values of the time of a line that is pointed at. */

import type { TemplateResult } from "lit";
import type { Plane } from "../chart/plane";
import { tipAt } from "../chart/tip";
import type { Slot } from "./model";
import { rowsOf, timeOf, type Wording } from "./readout";

export function tip(plane: Plane, slot: Slot, wording: Wording): TemplateResult {
  const { formats, say } = wording;
  const rows = rowsOf(slot, wording);
  return tipAt(
    plane,
    slot.at,
    timeOf(slot, formats, say),
    rows.map(({ name, value }) => [name, value]),
    [...(slot.fallback ? [say("fallback")] : []), ...(slot.atRisk ? [say("risk")] : [])],
  );
}
