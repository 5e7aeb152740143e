/** The card of a load limit: load against limit, what is off, why and until when. */

import { html, nothing, svg, type PropertyValues, type TemplateResult } from "lit";
import { ChartCard } from "../chart/card";
import {
  area,
  grid,
  hatched,
  hatching,
  HOUR,
  line,
  Plane,
  pointer,
  timesOf,
} from "../chart/plane";
import { dotted, type CardConfig } from "../card";
import type { Unit } from "../format";
import { DOMAIN, type Hass } from "../hass";
import { kindOf, nameOf } from "../inventory";
import { Fetched, Subscription } from "../source";
import { isKnown, oldWords, shown, unitOf, valueOf } from "../states";
import { tipAt } from "../chart/tip";
import { limitEntities, limitHistory, type LimitEntities } from "./data";
import {
  limitSlots,
  NO_HISTORY,
  type LimitHistory,
  type LimitMessage,
  type LimitSlot,
} from "./model";
import { decisions, offNow } from "./lists";
import { styles } from "./styles";
import type { Key } from "../texts";

export interface LimitCardConfig extends CardConfig {
  hours_back?: number;
}

export class LimitCard extends ChartCard<LimitCardConfig, LimitSlot> {
  static override styles = styles;
  static override properties = {
    ...ChartCard.properties,
    _history: { state: true },
    _message: { state: true },
    _status: { state: true },
    _busy: { state: true },
  };

  declare private _history: LimitHistory;
  declare private _message: LimitMessage | undefined;
  /** What there is to say in place of the card. */
  declare private _status: Key | undefined;
  declare private _busy: boolean;

  private _entities: LimitEntities = {};

  private readonly _subscription = new Subscription<LimitMessage>(
    (message) => {
      this._message = message;
      this._status = undefined;
    },
    (refusal) => {
      this._status =
        refusal === "unauthorized"
          ? "not_permitted"
          : refusal === "not_found"
            ? "limit_gone"
            : "unavailable";
    },
  );

  private readonly _past = new Fetched<LimitHistory>(
    () =>
      this.hass
        ? limitHistory(this.hass, this._entities, this._message?.measured, this._back)
        : Promise.resolve(NO_HISTORY),
    (history) => {
      this._history = history;
    },
    // The live values stay.
    () => undefined,
  );

  constructor() {
    super();
    this._history = NO_HISTORY;
    this._busy = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._subscription.stop();
    this._past.stop();
  }

  protected override get watched(): Iterable<string | undefined> {
    return Object.values(this._entities);
  }

  protected override get slotsPerDay(): number {
    return 288;
  }

  private get _back(): number {
    const hours = this.config?.hours_back;
    return typeof hours === "number" && hours > 0 ? Math.min(Math.max(hours, 6), 72) : 24;
  }

  /** The unit of the power that is curtailed. */
  private _power(hass: Hass): Unit {
    return unitOf(hass, this._entities.curtailed, "kW");
  }

  protected override prepare(hass: Hass, config: LimitCardConfig, changed: PropertyValues): void {
    if (this.isPointing(changed)) return;
    const before = changed.has("hass") ? (changed.get("hass") as Hass | undefined) : hass;
    const deviceId = config.device_id ?? "";
    if (before?.entities !== hass.entities || changed.has("config")) {
      this._entities = limitEntities(hass, deviceId);
    }
    const wanted = kindOf(hass.devices[deviceId]) === "load_limit" && this.isConnected;
    const message = wanted ? { type: `${DOMAIN}/load_limit`, device_id: deviceId } : undefined;
    if (this._subscription.follow(hass, message)) {
      this._message = undefined;
      this._history = NO_HISTORY;
      this._status = "loading";
    }
    const { load, limit, curtailed } = this._entities;
    // What is measured is known with the first message.
    const known = wanted && this._message;
    this._past.follow(
      known ? [deviceId, this._back, load, limit, curtailed, known.measured].join() : "",
    );
    this._place(hass);
  }

  /** Place load and limit in the chart. */
  private _place(hass: Hass): void {
    const now = Date.now();
    const { load, limit, curtailed } = this._entities;
    const live = Object.fromEntries(
      Object.entries({
        load: valueOf(hass, load),
        limit: valueOf(hass, limit),
        curtailed: valueOf(hass, curtailed),
      }).filter(([, value]) => value !== undefined),
    );
    this.slots = limitSlots(this._history, live, now, this._back);
    const values = this.slots.flatMap((slot) => [slot.load ?? 0, slot.limit ?? 0]);
    this.plane = new Plane(
      this.size,
      now - this._back * HOUR,
      now,
      Math.max(...values, 1),
      unitOf(hass, load),
    );
  }

  protected override draw(hass: Hass, config: LimitCardConfig): TemplateResult {
    const { formats, say } = this;
    const device = hass.devices[config.device_id ?? ""];
    const problem = !config.device_id
      ? "limit_choose"
      : !device
        ? "limit_gone"
        : kindOf(device) !== "load_limit"
          ? "limit_choose"
          : this._status;
    if (!device || problem) {
      return html`<ha-card>
        ${device ? html`<h2>${config.name || nameOf(device)}</h2>` : nothing}
        <p class="message center" role="status">${say(problem ?? "limit_gone")}</p>
      </ha-card>`;
    }
    const name = config.name || nameOf(device);
    return html`<ha-card>
      <h2>${name}</h2>
      ${this._summary(hass)} ${this._window(hass)} ${this._chart(name)} ${this._legend()}
      ${formats ? offNow(hass, this._message?.curtailed ?? [], this._power(hass), formats, say) : nothing}
      ${this._controls(hass)}
      ${formats ? decisions(hass, this._message?.decisions ?? [], unitOf(hass, this._entities.load), formats, say) : nothing}
      ${this._table(name)}
    </ha-card>`;
  }

  private _summary(hass: Hass): TemplateResult {
    const { say } = this;
    const { state, load, limit, headroom, unmet } = this._entities;
    const is = (...states: string[]) =>
      state !== undefined && states.includes(hass.states[state]?.state ?? "");
    const alarm = is("not_enough", "no_response", "no_data", "unavailable");
    const parts = [
      html`<b class=${alarm ? "alert" : ""}>${shown(hass, state) ?? say("unknown")}</b>`,
      isKnown(hass, load) ? say("load_of", { value: shown(hass, load) ?? "" }) : say("load_unknown"),
      isKnown(hass, limit) ? say("limit_of", { value: shown(hass, limit) ?? "" }) : "",
      isKnown(hass, headroom) ? say("headroom", { value: shown(hass, headroom) ?? "" }) : "",
      is("not_enough") && isKnown(hass, unmet)
        ? html`<span class="alert">${say("unmet", { value: shown(hass, unmet) ?? "" })}</span>`
        : "",
    ];
    const served = this._message;
    const old =
      served?.loaded === false && !served.sign_in
        ? say("limit_not_loaded")
        : oldWords(hass, undefined, served, this.formats, say);
    return html`
      <p class="summary" role="status">${dotted(parts)}</p>
      ${old ? html`<p class="message alert" role="status">${old}</p>` : nothing}
    `;
  }

  /** Of a mean of a window: what it will be, and the power that is still available in it. */
  private _window(hass: Hass): TemplateResult | typeof nothing {
    const { available, mean, risk } = this._entities;
    if (!isKnown(hass, available)) return nothing;
    const { say } = this;
    const exceeded = (valueOf(hass, available) ?? 0) < 0;
    const atRisk = risk !== undefined && hass.states[risk]?.state === "on";
    const parts = [
      html`<span class=${exceeded ? "alert" : ""}>${say("available", { value: shown(hass, available) ?? "" })}</span>`,
      isKnown(hass, mean) ? say("mean", { value: shown(hass, mean) ?? "" }) : "",
      atRisk ? html`<span class="alert">${say("peak_risk")}</span>` : "",
    ];
    return html`<p class="summary">${dotted(parts)}</p>`;
  }

  private _chart(name: string): TemplateResult | typeof nothing {
    const { formats, plane, slots } = this;
    if (!formats || !plane) return nothing;
    const { width, height } = plane.size;
    const off = timesOf(slots, ({ curtailed = 0 }) => curtailed > 0);
    return this.plot(
      this.say("limit_chart", { name }),
      (active) => html`<svg viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">
        ${hatching} ${hatched(plane, off)} ${grid(plane, formats)}
        ${area(plane, slots, ({ load }) => load)}
        ${line(plane, slots, ({ load }) => load, "current")}
        ${line(plane, slots, ({ limit }) => limit, "limit")}
        ${
          active
            ? pointer(plane, active.at, [
                ...(active.load === undefined ? [] : [["current", active.load] as const]),
                ...(active.limit === undefined ? [] : [["limit", active.limit] as const]),
              ])
            : nothing
        }
      </svg>`,
      (active) => tipAt(plane, active.at, this._time(active), this._values(active)),
    );
  }

  private _time(slot: LimitSlot): string {
    return slot.start === slot.end ? this.say("now") : (this.formats?.moment(slot.start) ?? "");
  }

  /** Names and values of a time. */
  private _values({ load, limit, curtailed }: LimitSlot): [string, string][] {
    const { formats, hass, plane, say } = this;
    if (!formats || !hass || !plane) return [];
    const { unit } = plane;
    const rows: [string, string][] = [];
    if (load !== undefined) rows.push([say("load"), formats.quantity(load, unit)]);
    if (limit !== undefined) rows.push([say("limit"), formats.quantity(limit, unit)]);
    if (curtailed) rows.push([say("curtailed"), formats.quantity(curtailed, this._power(hass))]);
    return rows;
  }

  protected override sentence(slot: LimitSlot): string {
    return this.say("values_at", { time: this._time(slot), values: this._words(slot) });
  }

  /** What is known of a time, in words. */
  private _words(slot: LimitSlot): string {
    const words = this._values(slot).map(([name, value]) =>
      this.say("named_value", { name, value }),
    );
    return words.length && this.formats ? this.formats.list(words) : this.say("unknown");
  }

  private _legend(): TemplateResult {
    const { say } = this;
    const item = (sample: unknown, name: string) =>
      html`<li><svg class="sample" viewBox="0 0 22 10">${sample}</svg>${name}</li>`;
    const stroke = (name: string) =>
      svg`<line class="line ${name}" x1="1" x2="21" y1="5" y2="5" />`;
    return html`<ul class="legend" aria-hidden="true">
      ${item(svg`<rect class="area" width="22" height="10" />${stroke("current")}`, say("load"))}
      ${item(stroke("limit"), say("limit"))}
      ${item(svg`<path class="hatch" d="M2,10L8,0M9,10L15,0M16,10L22,0" />`, say("was_curtailed"))}
    </ul>`;
  }

  private _controls(hass: Hass): TemplateResult {
    const { say } = this;
    const { mode, restore } = this._entities;
    const state = mode === undefined ? undefined : hass.states[mode];
    const options = (state?.attributes["options"] as string[] | undefined) ?? [];
    return html`<div class="buttons">
      ${
        state && state.state !== "unavailable"
          ? html`<div class="choice" role="group" aria-label=${say("mode")}>
              ${options.map(
                (option) => html`<button
                  aria-pressed=${option === state.state}
                  ?disabled=${this._busy}
                  @click=${() => this._call(hass, "select", "select_option", mode, { option })}
                >
                  ${hass.formatEntityState(state, option)}
                </button>`,
              )}
            </div>`
          : nothing
      }
      ${
        restore
          ? html`<button
              ?disabled=${this._busy || !this._message?.curtailed.length}
              @click=${() => this._call(hass, "button", "press", restore)}
            >
              ${say("restore")}
            </button>`
          : nothing
      }
    </div>`;
  }

  /** Call an action; the frontend shows why one fails. */
  private async _call(
    hass: Hass,
    domain: string,
    action: string,
    entityId: string | undefined,
    data: Record<string, unknown> = {},
  ): Promise<void> {
    if (!entityId) return;
    this._busy = true;
    try {
      await hass.callService(domain, action, data, { entity_id: entityId });
    } catch {
      // Said by the frontend, in words.
    } finally {
      this._busy = false;
    }
  }

  /** The values of the chart by the hour, for screen readers. */
  private _table(name: string): TemplateResult {
    const hours = this.slots.filter(
      ({ start, end }) => start === end || Math.floor(start / HOUR) * HOUR === start,
    );
    return html`<table class="hidden">
      <caption>${name}</caption>
      ${hours.map(
        (slot) => html`<tr>
          <th scope="row">${this._time(slot)}</th>
          <td>${this._words(slot)}</td>
        </tr>`,
      )}
    </table>`;
  }
}
