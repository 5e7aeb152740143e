/** The values of the time that is pointed at. */

import { html, type TemplateResult } from "lit";
import type { Plane } from "./plane";

/** Names and values at a time, on the side where they do not cover what is pointed at. */
export function tipAt(
  plane: Plane,
  at: number,
  title: string,
  rows: readonly (readonly [string, string])[],
  alerts: readonly string[] = [],
): TemplateResult {
  const x = plane.x(at);
  const left = x < (plane.left + plane.right) / 2;
  const place = left ? `left:${x + 12}px` : `right:${plane.size.width - x + 12}px`;
  return html`<div class="tip" style=${place} aria-hidden="true">
    <b>${title}</b>
    <table>
      ${rows.map(([name, value]) => html`<tr><td>${name}</td><td>${value}</td></tr>`)}
    </table>
    ${alerts.map((alert) => html`<div class="alert">${alert}</div>`)}
  </div>`;
}
