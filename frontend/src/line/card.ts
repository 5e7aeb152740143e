/** The line card: current and ratings of an overhead line, past and ahead. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Card, type CardConfig } from "../card";
import type { Hass } from "../hass";
import { kindOf, nameOf } from "../inventory";
import { chart, Plane, type Size } from "./chart";
import {
  amperesOf,
  EMPTY,
  entitiesOf,
  liveOf,
  recordedOf,
  subscribeForecast,
  type ForecastMessage,
  type LineEntities,
} from "./data";
import { HOUR, slotAt, slotsOf, type Recorded, type Slot, type Value } from "./model";
import { CONFIDENCES } from "./form";
import { legend } from "./legend";
import { ratingName, sentence } from "./readout";
import { styles } from "./styles";
import { table } from "./table";
import { tip } from "./tip";

export interface LineCardConfig extends CardConfig {
  hours_back?: number;
  hours_ahead?: number;
  confidence?: string;
}

const REFRESH_MS = 5 * 60_000;
const RETRY_MS = 30_000;

const clamp = (value: unknown, low: number, high: number, usual: number) =>
  typeof value === "number" && Number.isFinite(value)
    ? Math.min(Math.max(value, low), high)
    : usual;

/** Where the data come from, and how far they are. */
type Status = "loading" | "ready" | "failed" | "not_permitted" | "gone";

export class LineCard extends Card<LineCardConfig> {
  static override styles = styles;
  static override properties = {
    ...Card.properties,
    _recorded: { state: true },
    _forecast: { state: true },
    _status: { state: true },
    _size: { state: true },
    _active: { state: true },
  };

  declare private _recorded: Recorded;
  declare private _forecast: ForecastMessage | undefined;
  declare private _status: Status;
  declare private _size: Size;
  /** The time that is pointed at; undefined while none is. */
  declare private _active: number | undefined;

  private _entities: LineEntities = {};
  /** The device whose data are followed, and how far back. */
  private _following = "";
  private _unsubscribe: (() => void) | undefined;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _plane: Plane | undefined;
  private _slots: Slot[] = [];
  private _body: Element | null = null;
  private readonly _observer = new ResizeObserver(() => this._measure());

  constructor() {
    super();
    this._recorded = EMPTY;
    this._status = "loading";
    this._size = { width: 0, height: 0 };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._observe(null);
    this._stop();
  }

  protected override get watched(): Iterable<string | undefined> {
    return Object.values(this._entities);
  }

  protected override prepare(hass: Hass, config: LineCardConfig, changed: PropertyValues): void {
    // The pointer alone has moved: what is drawn stays.
    if (changed.size === 1 && changed.has("_active")) return;
    const before = changed.has("hass") ? (changed.get("hass") as Hass | undefined) : hass;
    const deviceId = config.device_id ?? "";
    if (before?.entities !== hass.entities || changed.has("config")) {
      this._entities = entitiesOf(hass, deviceId);
    }
    this._follow(deviceId);
    const request = {
      now: Date.now(),
      back: this._back,
      ahead: this._ahead,
      confidence: this._confidence,
    };
    const hours = this._forecast?.forecast?.hours ?? [];
    this._slots = slotsOf(this._recorded, liveOf(hass, this._entities), hours, request);
    const frame = {
      now: request.now,
      from: request.now - this._back * HOUR,
      to: request.now + this._ahead * HOUR,
      staticRating: this._staticRating,
    };
    this._plane = new Plane(this._size, frame, this._slots);
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
    const found = this.hass && amperesOf(this.hass, this._entities.staticRating);
    return found ? found : undefined;
  }

  /** Begin to follow a device, once it is one and the card is on the page. */
  private _follow(deviceId: string): void {
    const device = this.hass?.devices[deviceId];
    const wanted = device && kindOf(device) === "line" && this.isConnected ? deviceId : "";
    const key = wanted && [wanted, this._back, ...Object.values(this._entities)].join();
    if (key === this._following) return;
    this._stop();
    this._following = key;
    if (!wanted) return;
    this._recorded = EMPTY;
    this._forecast = undefined;
    this._status = "loading";
    void this._subscribe(wanted, key);
    void this._fetch(key);
  }

  private _stop(): void {
    this._unsubscribe?.();
    this._unsubscribe = undefined;
    clearTimeout(this._timer);
    this._following = "";
  }

  private async _subscribe(deviceId: string, key: string): Promise<void> {
    if (!this.hass) return;
    try {
      const unsubscribe = await subscribeForecast(this.hass, deviceId, (message) => {
        if (this._following === key) this._forecast = message;
      });
      if (this._following === key) this._unsubscribe = () => void unsubscribe();
      else void unsubscribe();
    } catch (error) {
      const { code } = error as { code?: string };
      if (this._following !== key) return;
      if (code === "unauthorized") this._status = "not_permitted";
      else if (code === "not_found") this._status = "gone";
      else this._forecast = { loaded: false, forecast: null };
    }
  }

  private async _fetch(key: string): Promise<void> {
    if (!this.hass || this._following !== key) return;
    let next = REFRESH_MS;
    try {
      const recorded = await recordedOf(this.hass, this._entities, this._back, Date.now());
      if (this._following !== key) return;
      this._recorded = recorded;
      if (this._status === "loading" || this._status === "failed") this._status = "ready";
    } catch {
      if (this._following !== key) return;
      // Shown in words, unless something is drawn already.
      if (this._status === "loading") this._status = "failed";
      next = RETRY_MS;
    }
    this._timer = setTimeout(() => void this._fetch(key), next);
  }

  /** Follow the size of the chart's place, which has none before the card around it is drawn. */
  private _observe(body: Element | null): void {
    if (body === this._body) return;
    this._observer.disconnect();
    this._body = body;
    if (body) this._observer.observe(body);
  }

  private _measure(): void {
    const { clientWidth: width = 0, clientHeight: height = 0 } = this._body ?? {};
    if (width !== this._size.width || height !== this._size.height) this._size = { width, height };
  }

  protected override updated(): void {
    this._observe(this.isConnected ? this.renderRoot.querySelector(".body") : null);
  }

  protected override draw(hass: Hass, config: LineCardConfig): TemplateResult {
    const device = hass.devices[config.device_id ?? ""];
    const message = this._message(device !== undefined, kindOf(device) === "line");
    if (!device || message) {
      return html`<ha-card>
        ${device ? html`<h2>${config.name ?? nameOf(device)}</h2>` : nothing}
        <p class="message center" role="status">${message}</p>
      </ha-card>`;
    }
    const name = config.name ?? nameOf(device);
    const formats = this.formats;
    return html`<ha-card>
      <h2>${name}</h2>
      ${this._summary(hass)}
      <div class="body">${this._size.width ? this._plot(name) : nothing}</div>
      ${legend(this._slots, this._staticRating, this._confidence, this.say)}
      ${formats ? table(this._slots, name, this._confidence, formats, this.say) : nothing}
    </ha-card>`;
  }

  /** What there is to say in place of the chart. */
  private _message(exists: boolean, isLine: boolean): string | undefined {
    const say = this.say;
    if (!this.config?.device_id || (exists && !isLine)) return say("what_to_choose");
    if (!exists || this._status === "gone") return say("gone");
    if (this._status === "not_permitted") return say("not_permitted");
    if (this._status === "failed") return say("unavailable");
    if (this._status === "loading") return say("loading");
    const keys: Value[] = ["current", "inForce", "dlr", "aar"];
    const known = this._slots.some((slot) => keys.some((key) => slot[key] !== undefined));
    return known ? undefined : say("no_data");
  }

  private _summary(hass: Hass): TemplateResult {
    const say = this.say;
    const formats = this.formats;
    const loading = this._entities.loading && hass.states[this._entities.loading];
    const headroom = this._entities.headroom && hass.states[this._entities.headroom];
    const live = liveOf(hass, this._entities);
    const words: (string | TemplateResult)[] = [];
    if (loading) words.push(say("loading_of", { value: hass.formatEntityState(loading) }));
    if (headroom) words.push(say("headroom", { value: hass.formatEntityState(headroom) }));
    if (live.limitedBy) words.push(say("limited_by", { rating: ratingName(say, live.limitedBy) }));
    if (live.fallback) words.push(html`<span class="alert">${say("fallback")}</span>`);
    const risk = this._slots.find((slot) => slot.atRisk && slot.ahead);
    if (risk && formats) {
      words.push(html`<span class="alert">${say("risk_from", { time: formats.moment(risk.start) })}</span>`);
    }
    const missing = this._forecast && !this._forecast.forecast?.hours.length && this._ahead > 0;
    return html`
      <p class="summary">
        ${words.map((word, index) => html`${index ? " · " : nothing}${word}`)}
      </p>
      ${
        this._forecast?.loaded === false
          ? html`<p class="message" role="status">${say("not_loaded")}</p>`
          : missing
            ? html`<p class="message" role="status">${say("forecast_missing")}</p>`
            : nothing
      }
    `;
  }

  private _plot(name: string): TemplateResult | typeof nothing {
    const formats = this.formats;
    const plane = this._plane;
    if (!formats || !plane) return nothing;
    const say = this.say;
    const index = this._index();
    const slot = this._slots[index];
    const active = this._active === undefined ? undefined : slot;
    return html`<div
        class="plot"
        role="slider"
        tabindex="0"
        aria-label=${say("line_chart", { name })}
        aria-orientation="horizontal"
        aria-valuemin="0"
        aria-valuemax=${this._slots.length - 1}
        aria-valuenow=${index}
        aria-valuetext=${
          slot ? sentence(slot, this._staticRating, this._confidence, formats, say) : ""
        }
        @pointermove=${this._point}
        @pointerdown=${this._point}
        @pointerleave=${this._leave}
        @focus=${this._focus}
        @blur=${this._leave}
        @keydown=${this._key}
      >
        ${chart(plane, this._slots, formats, active, say("now"))}
      </div>
      ${active ? tip(plane, active, this._staticRating, this._confidence, formats, say) : nothing}`;
  }

  /** The slot that is pointed at, else the present. */
  private _index(): number {
    return slotAt(this._slots, this._active ?? this._plane?.frame.now ?? Date.now());
  }

  private _point(event: PointerEvent): void {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    this._active = this._plane?.time(event.clientX - box.left);
  }

  private _leave(): void {
    this._active = undefined;
  }

  private _focus(event: FocusEvent): void {
    // A finger that touches it points at a time of its own.
    if ((event.currentTarget as Element).matches(":focus-visible")) {
      this._active ??= this._plane?.frame.now;
    }
  }

  private _key(event: KeyboardEvent): void {
    const last = this._slots.length - 1;
    const index = this._index();
    const day = Math.max(1, Math.round((24 * last) / (this._back + this._ahead)));
    const targets: Record<string, number> = {
      ArrowLeft: index - 1,
      ArrowDown: index - 1,
      ArrowRight: index + 1,
      ArrowUp: index + 1,
      PageDown: index - day,
      PageUp: index + day,
      Home: 0,
      End: last,
    };
    if (event.key === "Escape") {
      this._active = undefined;
      return;
    }
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this._active = this._slots[Math.min(Math.max(target, 0), last)]?.at;
  }
}
