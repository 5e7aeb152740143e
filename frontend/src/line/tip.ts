/** The values of the time that is pointed at. */

import { html, nothing, type TemplateResult } from "lit";
import type { Formats } from "../format";
import type { Say } from "../texts";
import type { Plane } from "./chart";
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
  const x = plane.x(slot.at);
  // On the side where it does not cover what is pointed at.
  const left = x < (plane.left + plane.right) / 2;
  const place = left ? `left:${x + 12}px` : `right:${plane.size.width - x + 12}px`;
  return html`<div class="tip" style=${place} aria-hidden="true">
    <b>${timeOf(slot, formats, say)}</b>
    <table>
      ${rowsOf(slot, staticRating, confidence, formats, say).map(
        (row) => html`<tr><td>${row.name}</td><td>${row.value}</td></tr>`,
      )}
    </table>
    ${slot.fallback ? html`<div class="alert">${say("fallback")}</div>` : nothing}
    ${slot.atRisk ? html`<div class="alert">${say("risk")}</div>` : nothing}
  </div>`;
}
