/** What a load limit has switched off, and what it has decided. */

import { html, nothing, type TemplateResult } from "lit";
import { dotted } from "../card";
import type { Formats, Unit } from "../format";
import type { Hass } from "../hass";
import { nameOf } from "../inventory";
import { attributeText, unitCalled } from "../states";
import type { Say } from "../texts";
import { outcomeOf, type Curtailed, type Decision } from "./model";

const EVENT = "event.load_limit_decision";

const reasonText = (hass: Hass, reason: string) => attributeText(hass, EVENT, "reason", reason);

/** What is off now, why and until when. */
export function offNow(
  hass: Hass,
  curtailed: readonly Curtailed[],
  unit: Unit,
  formats: Formats,
  say: Say,
): TemplateResult {
  const now = Date.now();
  return html`<h3>${say("off_now")}</h3>
    ${
      curtailed.length
        ? html`<ul class="rows">
            ${curtailed.map((one) => {
              const device = hass.devices[one.device_id ?? ""];
              const why = one.by_action ? one.why : one.reason ? reasonText(hass, one.reason) : "";
              return html`<li>
                <span>${device ? nameOf(device) : one.name}</span>
                <span>
                  ${
                    one.returning
                      ? say("returning")
                      : say("until", { time: formats.timeNear(one.until, now) })
                  }
                </span>
                <small>
                  ${dotted([why, formats.quantity(one.power / 1000, unit)])}
                </small>
              </li>`;
            })}
          </ul>`
        : html`<p class="message">${say("nothing_off")}</p>`
    }`;
}

/** The last decisions, with their reasons and what was measured afterwards. */
export function decisions(
  hass: Hass,
  made: readonly Decision[],
  unit: Unit,
  formats: Formats,
  say: Say,
): TemplateResult | typeof nothing {
  if (!made.length) return nothing;
  return html`<details>
    <summary>${say("decisions")}</summary>
    <ul class="rows">
      ${made.map((one) => {
        const outcome = attributeText(hass, EVENT, "event_type", outcomeOf(one));
        const { name, factor } = unitCalled(one.unit);
        // The load limit may have measured something else then.
        const shown = name.at(-1) === unit.name.at(-1) ? unit : { name, factor };
        const value = (of: number) => formats.quantity(of * factor, shown);
        const figures =
          one.load === null || one.limit === null
            ? ""
            : say("load_against", { load: value(one.load), limit: value(one.limit) });
        const after =
          one.load_after === null ? "" : say("load_after", { load: value(one.load_after) });
        const reason = one.error ?? reasonText(hass, one.reason);
        return html`<li>
          <span>${say("outcome_of", { outcome, name: one.asset })}</span>
          <span>${formats.moment(one.at)}</span>
          <small>${dotted([reason, figures, after])}</small>
        </li>`;
      })}
    </ul>
  </details>`;
}
