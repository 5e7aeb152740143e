/** The line card: current and ratings of an overhead line, past and ahead. */

// All that cards share is in the file of the first screen.
import "../overview";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { dotted, type CardConfig } from "../card";
import { ChartCard } from "../chart/card";
import { DOMAIN, type Hass } from "../hass";
import { kindOf, nameOf } from "../inventory";
import { Fetched, Subscription } from "../source";
import { isKnown, oldWords, shown, unitOf, valueOf, whyOld } from "../states";
import { chart, planeOf, type Frame } from "./chart";
import {
  EMPTY,
  entitiesOf,
  liveOf,
  recordedOf,
  type ExpectedMessage,
  type ForecastMessage,
  type LineEntities,
} from "./data";
import { legend } from "./legend";
import { CONFIDENCES, HOUR, slotsOf, type ExpectedHour, type Recorded, type Slot, type Value } from "./model";
import { ratingName, sentence, type Wording } from "./readout";
import { styles } from "./styles";
import { table } from "./table";
import { tip } from "./tip";

export interface LineCardConfig extends CardConfig {
  hours_back?: number;
  hours_ahead?: number;
  confidence?: string;
}

const clamp = (value: unknown, low: number, high: number, usual: number) =>
  typeof value === "number" && Number.isFinite(value)
    ? Math.min(Math.max(value, low), high)
    : usual;

/** How far the data are. */
type Status = "loading" | "ready" | "failed" | "not_permitted" | "gone";

export class LineCard extends ChartCard<LineCardConfig, Slot> {
  static override styles = styles;
  static override properties = {
    ...ChartCard.properties,
    _recorded: { state: true },
    _forecast: { state: true },
    _status: { state: true },
    _expected: { state: true },
  };

  declare private _recorded: Recorded;
  declare private _forecast: ForecastMessage | undefined;
  declare private _status: Status;
  declare private _expected: ExpectedHour[];

  private _entities: LineEntities = {};
  private _frame: Frame | undefined;

  private readonly _subscription = new Subscription<ForecastMessage>(
    (message) => {
      this._forecast = message;
    },
    (refusal) => {
      if (refusal === "unauthorized") this._status = "not_permitted";
      else if (refusal === "not_found") this._status = "gone";
      else this._forecast = { loaded: false, forecast: null };
    },
  );

  /** The expected load, in the hours ahead; without it, the load of the day before counts. */
  private readonly _loads = new Subscription<ExpectedMessage>(
    (message) => {
      this._expected = message.load?.hours ?? [];
    },
    // What else the card shows says why.
    () => undefined,
  );

  private readonly _history = new Fetched<Recorded>(
    () =>
      this.hass
        ? recordedOf(this.hass, this._entities, this._back, Date.now())
        : Promise.resolve(EMPTY),
    (recorded) => {
      this._recorded = recorded;
      if (this._status === "loading" || this._status === "failed") this._status = "ready";
    },
    () => {
      if (this._status === "loading") this._status = "failed";
    },
  );

  constructor() {
    super();
    this._recorded = EMPTY;
    this._status = "loading";
    this._expected = [];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._subscription.stop();
    this._loads.stop();
    this._history.stop();
  }

  protected override get watched(): Iterable<string | undefined> {
    return Object.values(this._entities);
  }

  protected override prepare(hass: Hass, config: LineCardConfig, changed: PropertyValues): void {
    if (this.isPointing(changed)) return;
    const before = changed.has("hass") ? (changed.get("hass") as Hass | undefined) : hass;
    const deviceId = config.device_id ?? "";
    if (before?.entities !== hass.entities || changed.has("config")) {
      this._entities = entitiesOf(hass, deviceId);
    }
    this._follow(hass, deviceId);
    const request = {
      now: Date.now(),
      back: this._back,
      ahead: this._ahead,
      confidence: this._confidence,
    };
    const hours = this._forecast?.forecast?.hours ?? [];
    this.slots = slotsOf(this._recorded, liveOf(hass, this._entities), hours, request, this._expected);
    this._frame = {
      now: request.now,
      from: request.now - this._back * HOUR,
      to: request.now + this._ahead * HOUR,
      staticRating: this._staticRating,
    };
    this.plane = planeOf(this.size, this._frame, this.slots, unitOf(hass, this._entities.current));
  }

  private get _back(): number {
    return clamp(this.config?.hours_back, 6, 168, 24);
  }

  private get _ahead(): number {
    return clamp(this.config?.hours_ahead, 0, 72, 48);
  }

  private get _confidence(): string {
    const chosen = this.config?.confidence ?? "";
    return CONFIDENCES.includes(chosen) ? chosen : "p95";
  }

  private get _staticRating(): number | undefined {
    const found = this.hass && valueOf(this.hass, this._entities.staticRating);
    return found ? found : undefined;
  }

  private get _wording(): Wording | undefined {
    const { formats, plane, say, _confidence: confidence, _staticRating: staticRating } = this;
    return formats && plane && { staticRating, confidence, unit: plane.unit, formats, say };
  }

  protected override get slotsPerDay(): number {
    return (24 * this.slots.length) / (this._back + this._ahead);
  }

  /** Follow a device, once it is one and the card is on the page. */
  private _follow(hass: Hass, deviceId: string): void {
    const device = hass.devices[deviceId];
    const wanted = device && kindOf(device) === "line" && this.isConnected;
    const message = wanted ? { type: `${DOMAIN}/forecast`, device_id: deviceId } : undefined;
    if (this._subscription.follow(hass, message)) {
      this._recorded = EMPTY;
      this._forecast = undefined;
      this._status = "loading";
    }
    const load = wanted ? { type: `${DOMAIN}/expected_load`, device_id: deviceId } : undefined;
    if (this._loads.follow(hass, load)) this._expected = [];
    this._history.follow(
      wanted ? [deviceId, this._back, ...Object.values(this._entities)].join() : "",
    );
  }

  protected override draw(hass: Hass, config: LineCardConfig): TemplateResult {
    const device = hass.devices[config.device_id ?? ""];
    const message = this._message(hass, device !== undefined, kindOf(device) === "line");
    if (!device || message) {
      return html`<ha-card>
        ${device ? html`<h2>${config.name ?? nameOf(device)}</h2>` : nothing}
        <p class="message center" role="status">${message}</p>
      </ha-card>`;
    }
    const name = config.name ?? nameOf(device);
    const wording = this._wording;
    return html`<ha-card>
      <h2>${name}</h2>
      ${this._summary(hass)}
      ${this._plot(name)}
      ${legend(this.slots, this._staticRating, this._confidence, this.say)}
      ${wording ? table(this.slots, name, wording) : nothing}
    </ha-card>`;
  }

  /** What there is to say in place of the chart. */
  private _message(hass: Hass, exists: boolean, isLine: boolean): string | undefined {
    const say = this.say;
    if (!this.config?.device_id || (exists && !isLine)) return say("what_to_choose");
    if (!exists || this._status === "gone") return say("gone");
    if (this._status === "not_permitted") return say("not_permitted");
    if (this._status === "failed") return say("unavailable");
    if (this._status === "loading") return say("loading");
    const keys: Value[] = ["current", "inForce", "dlr", "aar"];
    const known = this.slots.some((slot) => keys.some((key) => slot[key] !== undefined));
    if (known) return undefined;
    const why = whyOld(hass, this._entities.current, this._forecast);
    // Nothing is shown that was measured or recorded before.
    if (why === "not_loaded") return say("line_not_loaded");
    return say(why === "sign_in" || why === "not_responding" ? why : "no_data");
  }

  private _summary(hass: Hass): TemplateResult {
    const say = this.say;
    const formats = this.formats;
    const { loading, headroom } = this._entities;
    const value = (id: string | undefined) => ({ value: shown(hass, id) ?? "" });
    const live = liveOf(hass, this._entities);
    const words: (string | TemplateResult)[] = [];
    if (isKnown(hass, loading)) words.push(say("loading_of", value(loading)));
    if (isKnown(hass, headroom)) words.push(say("headroom", value(headroom)));
    if (live.limitedBy) words.push(say("limited_by", { rating: ratingName(say, live.limitedBy) }));
    if (live.fallback) words.push(html`<span class="alert">${say("fallback")}</span>`);
    const risk = this.slots.find((slot) => slot.atRisk && slot.ahead);
    if (risk && formats) {
      words.push(html`<span class="alert">${say("risk_from", { time: formats.moment(risk.start) })}</span>`);
    }
    const old = oldWords(hass, this._entities.current, this._forecast, formats, say);
    const missing = this._forecast && !this._forecast.forecast?.hours.length && this._ahead > 0;
    return html`
      <p class="summary">
        ${dotted(words)}
      </p>
      ${
        old
          ? html`<p class="message alert" role="status">${old}</p>`
          : missing
            ? html`<p class="message" role="status">${say("forecast_missing")}</p>`
            : nothing
      }
    `;
  }

  private _plot(name: string): TemplateResult | typeof nothing {
    const { plane, _frame: frame, _wording: wording, say } = this;
    if (!wording || !plane || !frame) return nothing;
    return this.plot(
      say("line_chart", { name }),
      (active) => chart(plane, this.slots, frame, wording.formats, active, say("now")),
      (active) => tip(plane, active, wording),
    );
  }

  protected override sentence(slot: Slot): string {
    return this._wording ? sentence(slot, this._wording) : "";
  }
}
