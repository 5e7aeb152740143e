/** The values of the chart as a table, for screen readers. */

import { html, type TemplateResult } from "lit";
import { HOUR, type Slot, type Value } from "./model";
import { label, timeOf, type Wording } from "./readout";

const VALUES: Value[] = ["current", "expected", "before", "inForce", "cautious", "dlr", "aar"];

export function table(
  slots: readonly Slot[],
  name: string,
  { confidence, unit, formats, say }: Wording,
): TemplateResult {
  const keys = VALUES.filter((key) => slots.some((slot) => slot[key] !== undefined));
  // The minutes of the current hour are one row: the present.
  const rows = slots.filter(({ start, end }) => start === end || end - start > HOUR / 2);
  return html`<table class="hidden">
    <caption>${name}</caption>
    <thead>
      <tr>
        <th scope="col">${say("time")}</th>
        ${keys.map((key) => html`<th scope="col">${label(say, key, confidence)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (slot) => html`<tr>
          <th scope="row">
            ${formats.list([
              timeOf(slot, formats, say),
              ...(slot.fallback ? [say("fallback")] : []),
              ...(slot.atRisk ? [say("risk")] : []),
            ])}
          </th>
          ${keys.map((key) => {
            const value = slot[key];
            return html`<td>${value === undefined ? say("unknown") : formats.quantity(value, unit)}</td>`;
          })}
        </tr>`,
      )}
    </tbody>
  </table>`;
}
