/** The headroom heat map of a line: hours by days, four weeks and tomorrow. */

// All that cards share is in the file of the first screen.
import "../overview";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Card, dotted, type CardConfig } from "../card";
import { HOUR } from "../chart/plane";
import type { Unit } from "../format";
import { DOMAIN, type Hass } from "../hass";
import { Entities, kindOf, nameOf } from "../inventory";
import type { Mean } from "../limit/model";
import { Fetched, Subscription } from "../source";
import { oldWords, unitCalled, unitOf } from "../states";
import type { Key } from "../texts";
import {
  beginsWeek,
  cellsOf,
  DAYS_BACK,
  daysOf,
  levelOf,
  tightest,
  type Cell,
  type Day,
  type ExpectedMessage,
} from "./model";
import { styles } from "./styles";

interface Recorded {
  current: Mean[];
  headroom: Mean[];
}

const NOTHING: Recorded = { current: [], headroom: [] };
/** An hour is recorded some minutes after its end. */
const LATE = 2.5 * HOUR;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

export class HeatCard extends Card<CardConfig> {
  static override styles = styles;
  static override properties = {
    ...Card.properties,
    _recorded: { state: true },
    _expected: { state: true },
    _status: { state: true },
    active: { state: true },
  };

  declare private _recorded: Recorded | undefined;
  declare private _expected: ExpectedMessage | undefined;
  /** What there is to say in place of the map. */
  declare private _status: Key | undefined;
  /** Day and hour that are pointed at, as one number. */
  declare private active: number | undefined;

  private _entities: (string | undefined)[] = [];
  private _cells: Cell[] = [];
  private _days: Day[] = [];

  private readonly _subscription = new Subscription<ExpectedMessage>(
    (message) => {
      this._expected = message;
    },
    (refusal) => {
      if (refusal === "unauthorized") this._status = "not_permitted";
      else if (refusal === "not_found") this._status = "gone";
    },
  );

  private readonly _past = new Fetched<Recorded>(
    () => this._fetch(),
    (recorded) => {
      this._recorded = recorded;
      if (this._status === "unavailable") this._status = undefined;
    },
    () => {
      if (!this._recorded) this._status ??= "unavailable";
    },
  );

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._subscription.stop();
    this._past.stop();
  }

  /** Its values are of whole hours, in the unit that the headroom has now. */
  protected override get watched(): Iterable<string | undefined> {
    return [this._entities[1]];
  }

  private get _unit(): Unit {
    return this.hass ? unitOf(this.hass, this._entities[1]) : unitCalled("A");
  }

  private async _fetch(): Promise<Recorded> {
    const [current, headroom] = this._entities;
    if (!this.hass || !current || !headroom) return NOTHING;
    const found = await this.hass.callWS<Record<string, Mean[] | undefined>>({
      type: "recorder/statistics_during_period",
      start_time: new Date(Date.now() - (DAYS_BACK + 1) * 24 * HOUR).toISOString(),
      statistic_ids: [current, headroom],
      period: "hour",
      types: ["mean"],
      units: { electric_current: "A" },
    });
    return { current: found[current] ?? [], headroom: found[headroom] ?? [] };
  }

  protected override prepare(hass: Hass, config: CardConfig, changed: PropertyValues): void {
    if (changed.size === 1 && changed.has("active")) return;
    const deviceId = config.device_id ?? "";
    const before = changed.has("hass") ? (changed.get("hass") as Hass | undefined) : hass;
    if (before?.entities !== hass.entities || changed.has("config")) {
      const entities = new Entities(hass);
      this._entities = ["current", "headroom"].map((key) => entities.find(deviceId, key, "sensor"));
    }
    const wanted = kindOf(hass.devices[deviceId]) === "line" && this.isConnected;
    const message = wanted ? { type: `${DOMAIN}/expected_load`, device_id: deviceId } : undefined;
    if (this._subscription.follow(hass, message)) {
      this._recorded = undefined;
      this._expected = undefined;
      this._status = undefined;
    }
    this._past.follow(wanted ? [deviceId, ...this._entities].join() : "");
    const now = Date.now();
    const { current, headroom } = this._recorded ?? NOTHING;
    this._cells = cellsOf(current, headroom, this._expected?.load?.hours ?? [], now);
    this._days = this.formats ? daysOf(this._cells, now, this.formats) : [];
  }

  protected override draw(hass: Hass, config: CardConfig): TemplateResult {
    const { say } = this;
    const device = hass.devices[config.device_id ?? ""];
    const problem = this._problem(device !== undefined, kindOf(device) === "line");
    const name = device ? config.name || nameOf(device) : "";
    if (problem) {
      return html`<ha-card>
        ${name ? html`<h2>${name}</h2>` : nothing}
        <p class="message center" role="status">${say(problem)}</p>
      </ha-card>`;
    }
    return html`<ha-card>
      <h2>${name}</h2>
      ${this._summary(hass)} ${this._map(name)} ${this._legend()} ${this._table(name)}
    </ha-card>`;
  }

  private _problem(exists: boolean, isLine: boolean): Key | undefined {
    if (!this.config?.device_id || (exists && !isLine)) return "what_to_choose";
    if (!exists) return "gone";
    if (this._status) return this._status;
    if (!this._recorded) return "loading";
    return this._cells.length ? undefined : "no_headroom";
  }

  private _summary(hass: Hass): TemplateResult {
    const { say, formats } = this;
    const words = [false, true].flatMap((ahead) => {
      const one = tightest(this._cells, ahead);
      return one && formats
        ? [
            say(ahead ? "tightest_ahead" : "tightest_past", {
              time: `${formats.day(one.start)} ${formats.time(one.start)}`,
              loading: formats.percent(one.loading),
            }),
          ]
        : [];
    });
    const old = oldWords(hass, undefined, this._expected, formats, say) || this._late();
    return html`<p class="summary">${dotted(words)}</p>
      ${old ? html`<p class="message alert" role="status">${old}</p>` : nothing}`;
  }

  /** Until when the past is recorded, where an hour that has to be there is missing. */
  private _late(): string {
    const last = this._cells.findLast(({ ahead }) => !ahead);
    const now = Date.now();
    if (!last || !this.formats || now - last.start < LATE) return "";
    return this.say("recorded_until", { time: this.formats.moment(last.start + HOUR) });
  }

  /** A cell in words, for pointer, keyboard and screen readers. */
  private _words(index: number): string {
    const { formats, say } = this;
    const day = this._days[Math.floor(index / 24)];
    const cell = day?.cells[index % 24];
    if (!day || !formats) return "";
    if (!cell) {
      const time = formats.list([formats.day(day.at), this._hour(index % 24)]);
      return say("values_at", { time, values: say("unknown") });
    }
    const values = say("headroom_at", {
      headroom: formats.quantity(cell.headroom, this._unit),
      loading: formats.percent(cell.loading),
    });
    const time = formats.list([formats.day(cell.start), formats.time(cell.start)]);
    return say(cell.ahead ? "values_expected_at" : "values_at", { time, values });
  }

  /** An hour of a day, as the clock of the user shows it. */
  private _hour(hour: number): string {
    const { formats } = this;
    const times = this._days.map(({ at }) => at + (hour - 12) * HOUR);
    // On the day of a change of the clock it is another time.
    const at = times.find((one) => formats?.minuteOfDay(one) === hour * 60);
    return at === undefined ? "" : (formats?.time(at) ?? "");
  }

  private _map(name: string): TemplateResult {
    const { say, formats } = this;
    const last = this._days.length * 24 - 1;
    const active = this.active ?? this._present();
    const isFirst = this.hass && beginsWeek(this.hass.locale, formats?.timeZone);
    return html`<p class="readout" aria-hidden="true">
        ${this.active === undefined ? say("point") : this._words(this.active)}
      </p>
      <div
        class="map"
        role="slider"
        tabindex="0"
        aria-label=${say("heat_map", { name })}
        aria-valuemin="0"
        aria-valuemax=${last}
        aria-valuenow=${active}
        aria-valuetext=${this._words(active)}
        @pointermove=${this._point}
        @pointerdown=${this._point}
        @pointerleave=${(event: PointerEvent) => {
          // A finger leaves with each tap; the values stay until something else is tapped.
          if (event.pointerType !== "touch") this.active = undefined;
        }}
        @focus=${(event: FocusEvent) => {
          if ((event.currentTarget as Element).matches(":focus-visible")) this.active ??= active;
        }}
        @blur=${() => (this.active = undefined)}
        @keydown=${this._key}
      >
        ${this._days.map((day, row) => {
          // Each week, and what is now: more labels would not be read.
          const labelled = row >= DAYS_BACK || isFirst?.(day.at);
          return html`<b>${labelled && formats ? formats.day(day.at) : ""}</b>
            ${day.cells.map((cell, hour) => this._cell(cell, row * 24 + hour))}`;
        })}
        <b></b>
        ${HOURS.map((hour) => html`<em>${hour % 6 === 0 ? this._hour(hour) : ""}</em>`)}
      </div>`;
  }

  private _cell(cell: Cell | undefined, index: number): TemplateResult {
    const mark = index === this.active ? " active" : "";
    if (!cell) return html`<i class=${`none${mark}`} data-i=${index}></i>`;
    const height = Math.min(Math.max(cell.loading, 4), 100).toFixed(0);
    const kind = `l${levelOf(cell)}${cell.ahead ? " ahead" : ""}${mark}`;
    return html`<i class=${kind} data-i=${index} style=${`--h:${height}%`}>
      <s>${this._short(cell.headroom)}</s>
    </i>`;
  }

  /** A headroom without its unit, where it fits into a cell. */
  private _short(headroom: number): string {
    const { factor } = this._unit;
    return factor < 1 ? "" : (this.formats?.number(headroom / factor, factor > 1 ? 1 : 0) ?? "");
  }

  /** The place of the present hour. */
  private _present(): number {
    const minutes = this.formats?.minuteOfDay(Date.now()) ?? 0;
    return DAYS_BACK * 24 + Math.floor(minutes / 60);
  }

  private _point(event: PointerEvent): void {
    const cell = (event.target as Element).closest<HTMLElement>("[data-i]");
    if (cell) this.active = Number(cell.dataset["i"]);
  }

  private _key(event: KeyboardEvent): void {
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -24,
      ArrowDown: 24,
      PageUp: -7 * 24,
      PageDown: 7 * 24,
    };
    const last = this._days.length * 24 - 1;
    const index = this.active ?? this._present();
    const step = steps[event.key];
    const target =
      event.key === "Home" ? 0 : event.key === "End" ? last : step && index + step;
    if (target === undefined) return;
    event.preventDefault();
    if (target >= 0 && target <= last) this.active = target;
  }

  private _legend(): TemplateResult {
    const { say } = this;
    const sample = (kind: string, height: number, text: string) =>
      html`<li><i class=${kind} style=${`--h:${height}%`}></i><span>${text}</span></li>`;
    const percent = (value: number) => this.formats?.percent(value) ?? "";
    return html`<ul class="legend" aria-hidden="true">
      ${sample("l1", 25, percent(25))} ${sample("l2", 60, percent(60))}
      ${sample("l4", 95, percent(95))} ${sample("l5", 100, say("overloaded"))}
      ${sample("l1 ahead", 40, say("expected"))} ${sample("none", 0, say("unknown"))}
    </ul>`;
  }

  private _table(name: string): TemplateResult {
    const { formats, say } = this;
    return html`<table class="hidden">
      <caption>${say("heat_table", { name })}</caption>
      <tr>
        <th scope="col">${say("time")}</th>
        ${HOURS.map((hour) => html`<th scope="col">${this._hour(hour)}</th>`)}
      </tr>
      ${this._days.map(
        (day) => html`<tr>
          <th scope="row">${formats?.day(day.at)}</th>
          ${day.cells.map(
            (cell) => html`<td>${cell ? formats?.quantity(cell.headroom, this._unit) : say("unknown")}</td>`,
          )}
        </tr>`,
      )}
    </table>`;
  }
}
