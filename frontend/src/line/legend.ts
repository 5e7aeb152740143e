/** What the lines and areas of the chart stand for. */

import type { Say } from "../texts";
import { html, nothing, svg, type TemplateResult } from "lit";
import { hasBand, hasOwnDlr } from "./chart";
import type { Slot, Value } from "./model";
import { label } from "./readout";

const VALUES: Value[] = ["current", "expected", "before", "inForce", "dlr", "aar"];

const stroke = (name: string) => svg`<line class="line ${name}" x1="1" x2="21" y1="5" y2="5" />`;
const fill = (name: string) => svg`<rect class=${name} width="22" height="10" />`;

const item = (sample: unknown, name: string): TemplateResult =>
  html`<li><svg class="sample" viewBox="0 0 22 10">${sample}</svg>${name}</li>`;

/** Only what the chart shows. */
export function legend(
  slots: readonly Slot[],
  staticRating: number | undefined,
  confidence: string,
  say: Say,
): TemplateResult {
  const shown = VALUES.filter(
    (key) =>
      slots.some((slot) => slot[key] !== undefined) && (key !== "dlr" || hasOwnDlr(slots)),
  );
  return html`<ul class="legend" aria-hidden="true">
    ${shown.map((key) =>
      item(
        svg`${key === "current" ? fill("area") : nothing}${stroke(key === "before" ? "expected" : key)}`,
        label(say, key, confidence),
      ),
    )}
    ${slots.some(({ high }) => high !== undefined) ? item(fill("range"), say("expected_band")) : nothing}
    ${hasBand(slots) ? item(fill("band"), label(say, "cautious", confidence)) : nothing}
    ${staticRating === undefined ? nothing : item(stroke("static"), say("static_rating"))}
    ${
      slots.some(({ fallback }) => fallback)
        ? item(svg`${stroke("inForce")}${stroke("fallback")}`, say("fallback"))
        : nothing
    }
    ${
      slots.some(({ atRisk }) => atRisk)
        ? item(svg`<path class="hatch" d="M2,10L8,0M9,10L15,0M16,10L22,0" />`, say("risk"))
        : nothing
    }
  </ul>`;
}
