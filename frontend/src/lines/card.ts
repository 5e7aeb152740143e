/** The list of lines by their tightest hour, with a small picture of those on the screen. */

import { css, html, nothing, svg, type PropertyValues, type TemplateResult } from "lit";
import { Card, dotted, type CardConfig } from "../card";
import { HOUR } from "../chart/plane";
import { DOMAIN, type Hass } from "../hass";
import { Entities, isHidden, nameOf, sortedDevices } from "../inventory";
import { Subscription } from "../source";
import { isKnown, oldWords, shown, unitOf, valueOf } from "../states";
import { cardStyles, listStyles } from "../styles";
import type { Mean } from "../limit/model";
import { picture, ranked, tightestOf, type LineAhead, type Past, type Tightest } from "./model";

export interface LinesCardConfig extends CardConfig {
  /** The dashboard with a view of each line; without it, a line opens its details. */
  dashboard?: string;
}

interface Line {
  id: string;
  name: string;
  current: string | undefined;
  loading: string | undefined;
  headroom: string | undefined;
  fallback: string | undefined;
}

const WIDTH = 96;
const HEIGHT = 30;
const REFRESH_MS = 5 * 60_000;
/** Rows that are drawn before more are asked for. */
const FEW = 10;
/** Rows that appear at about the same time are fetched at once. */
const TOGETHER_MS = 150;

export class LinesCard extends Card<LinesCardConfig> {
  static override styles = [
    cardStyles,
    listStyles,
    css`
      .rows > li {
        display: grid;
        grid-template-columns: 1fr auto auto;
        align-items: center;
      }
      .rows small {
        grid-column: 1 / -1;
      }
      .plain {
        min-height: 0;
        font-weight: 500;
      }
      .loading {
        unicode-bidi: plaintext;
        min-width: 52px;
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
      svg {
        flex: none;
        direction: ltr;
      }
      path {
        fill: none;
        stroke-width: 1.5;
        stroke-linejoin: round;
      }
      .load {
        stroke: var(--current);
      }
      .expected {
        stroke: var(--current);
        stroke-dasharray: 1 3;
        stroke-linecap: round;
      }
      .rating {
        stroke: var(--rating);
      }
      .now {
        stroke: var(--secondary-text-color);
        stroke-dasharray: 2 2;
      }
      .key {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 12px;
        margin: 4px 0 0;
        font-size: 12px;
        color: var(--secondary-text-color);
      }
      .key svg {
        vertical-align: middle;
        margin: 0 4px;
      }
    `,
  ];
  static override properties = {
    ...Card.properties,
    _ahead: { state: true },
    _past: { state: true },
    _status: { state: true },
    _many: { state: true },
  };

  declare private _ahead: ReadonlyMap<string, LineAhead>;
  declare private _past: ReadonlyMap<string, Past[]>;
  declare private _status: "loading" | "ready" | "unavailable";
  declare private _many: boolean;

  private _lines: Line[] = [];
  /** Rows that are on the screen; each may show another line after the next update. */
  private readonly _visible = new Set<HTMLElement>();
  private readonly _fetched = new Map<string, number>();
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _rows: IntersectionObserver | undefined;

  private readonly _subscription = new Subscription<{ lines: Record<string, LineAhead> }>(
    ({ lines }) => {
      this._ahead = new Map([...this._ahead, ...Object.entries(lines)]);
      this._status = "ready";
    },
    () => {
      this._status = "unavailable";
    },
  );

  constructor() {
    super();
    this._ahead = new Map();
    this._past = new Map();
    this._status = "loading";
    this._many = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._subscription.stop();
    this._rows?.disconnect();
    this._rows = undefined;
    this._visible.clear();
    clearTimeout(this._timer);
  }

  protected override get watched(): Iterable<string | undefined> {
    return this._lines.flatMap(({ current, loading, headroom, fallback }) => [
      current,
      loading,
      headroom,
      fallback,
    ]);
  }

  protected override prepare(hass: Hass, _config: LinesCardConfig, changed: PropertyValues): void {
    const before = changed.has("hass") ? (changed.get("hass") as Hass | undefined) : hass;
    if (before?.entities !== hass.entities || before.devices !== hass.devices) {
      const entities = new Entities(hass);
      this._lines = sortedDevices(hass, "line").flatMap((device) => {
        const find = (key: string, domain = "sensor") => entities.find(device.id, key, domain);
        const line = {
          id: device.id,
          name: nameOf(device),
          current: find("current"),
          loading: find("loading"),
          headroom: find("headroom"),
          fallback: find("dlr_fallback", "binary_sensor"),
        };
        return line.current || line.loading ? [line] : [];
      });
    }
    const device_ids = this._lines.map(({ id }) => id);
    const wanted = this.isConnected && device_ids.length > 0;
    this._subscription.follow(hass, wanted ? { type: `${DOMAIN}/lines`, device_ids } : undefined);
  }

  protected override updated(): void {
    if (!this.isConnected) return;
    this._rows ??= new IntersectionObserver((entries) => this._seen(entries), {
      rootMargin: "100px",
    });
    // What is observed already stays so.
    for (const row of this.renderRoot.querySelectorAll("li[data-id]")) this._rows.observe(row);
    this._fetchSoon();
  }

  private _seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this._visible.add(target as HTMLElement);
      else this._visible.delete(target as HTMLElement);
    }
    this._fetchSoon();
  }

  /** The lines on the screen whose past is not known, or no longer up to date. */
  private _due(now: number): Line[] {
    const shown = new Set([...this._visible].map(({ dataset }) => dataset["id"]));
    return this._lines.filter(
      ({ id }) => shown.has(id) && now - (this._fetched.get(id) ?? 0) > REFRESH_MS - 1,
    );
  }

  private _fetchSoon(): void {
    if (!this._due(Date.now()).length) return;
    clearTimeout(this._timer);
    this._timer = setTimeout(() => void this._fetch(), TOGETHER_MS);
  }

  /** Fetch the past of the lines on the screen. */
  private async _fetch(): Promise<void> {
    const now = Date.now();
    const lines = this._due(now);
    const ids = lines.flatMap(({ current, headroom }) => [current ?? [], headroom ?? []].flat());
    if (this.hass && ids.length) {
      for (const { id } of lines) this._fetched.set(id, now);
      try {
        const found = await this.hass.callWS<Record<string, Mean[] | undefined>>({
          type: "recorder/statistics_during_period",
          start_time: new Date(now - 24 * HOUR).toISOString(),
          statistic_ids: ids,
          period: "hour",
          types: ["mean"],
          units: { electric_current: "A" },
        });
        this._past = new Map([
          ...this._past,
          ...lines.map((line) => [line.id, pastOf(line, found)] as const),
        ]);
      } catch {
        // The values stay; the pictures are fetched with the next round.
      }
    }
    clearTimeout(this._timer);
    if (this.isConnected) this._timer = setTimeout(() => void this._fetch(), REFRESH_MS);
  }

  protected override draw(hass: Hass, config: LinesCardConfig): TemplateResult {
    const { say } = this;
    const title = config.name || say("lines");
    const now = Date.now();
    const rows = this._lines.map((line) => ({
      line,
      tightest: tightestOf(this._ahead.get(line.id), valueOf(hass, line.current), now),
    }));
    const ordered = ranked(
      rows,
      ({ line, tightest }) => tightest?.loading ?? valueOf(hass, line.loading),
    );
    const drawn = this._many ? ordered : ordered.slice(0, FEW);
    return html`<ha-card>
      <h2>${title}</h2>
      ${
        ordered.length
          ? html`${this._key()}
              ${
                this._status === "unavailable"
                  ? html`<p class="message" role="status">${say("unavailable")}</p>`
                  : nothing
              }
              <ul class="rows">
                ${drawn.map(({ line, tightest }) => this._row(hass, line, tightest, now))}
              </ul>
              ${
                drawn.length < ordered.length
                  ? html`<div class="buttons">
                      <button @click=${() => (this._many = true)}>
                        ${say("more", { count: String(ordered.length - drawn.length) })}
                      </button>
                    </div>`
                  : nothing
              }`
          : html`<p class="message center" role="status">
              ${say(isHidden(hass, "line") ? "not_permitted" : "no_lines")}
            </p>`
      }
    </ha-card>`;
  }

  private _key(): TemplateResult {
    const item = (name: "load" | "expected" | "rating", text: string) =>
      html`<span
        ><svg viewBox="0 0 18 6" width="18" height="6"><path class=${name} d="M0,3L18,3" /></svg
        >${text}</span
      >`;
    const { say } = this;
    return html`<p class="key" aria-hidden="true">
      ${item("load", say("current"))} ${item("expected", say("expected"))}
      ${item("rating", say("in_force"))}
    </p>`;
  }

  private _row(
    hass: Hass,
    line: Line,
    tightest: Tightest | undefined,
    now: number,
  ): TemplateResult {
    const { formats, say } = this;
    const isTightestNow = tightest !== undefined && tightest.start <= now;
    const headroom =
      isKnown(hass, line.headroom) && !isTightestNow
        ? say("headroom", { value: shown(hass, line.headroom) ?? "" })
        : "";
    const ahead = this._ahead.get(line.id);
    const over = tightest && tightest.headroom < 0;
    const old = oldWords(hass, line.current ?? line.loading, ahead, formats, say);
    const tight =
      tightest && formats
        ? say(isTightestNow ? "tightest_now" : "tightest_at", {
            time: formats.timeNear(tightest.start, now),
            loading: formats.percent(tightest.loading),
            headroom: formats.quantity(tightest.headroom, unitOf(hass, line.headroom ?? line.current)),
          })
        : ahead?.loaded
          ? say("forecast_missing")
          : this._status === "loading"
            ? say("loading")
            : "";
    const onFallback =
      line.fallback !== undefined && hass.states[line.fallback]?.state === "on";
    const alert = (word: string) => html`<span class="alert">${word}</span>`;
    const words = [
      headroom,
      onFallback ? alert(say("fallback")) : "",
      over ? alert(tight) : tight,
      old ? alert(old) : "",
    ].filter(Boolean);
    return html`<li data-id=${line.id}>
      <button class="plain" @click=${() => this._openLine(line)}>${line.name}</button>
      ${this._picture(line, now)}
      <span class="loading">
        ${
          isKnown(hass, line.loading)
            ? html`<span class="hidden">${say("loading_of", { value: "" })}</span>${shown(
                  hass,
                  line.loading,
                )}`
            : say("unknown")
        }
      </span>
      <small>
        ${dotted(words)}
      </small>
    </li>`;
  }

  private _picture(line: Line, now: number): TemplateResult {
    const past = this._past.get(line.id);
    const paths =
      past && picture(past, this._ahead.get(line.id)?.hours ?? [], now, WIDTH, HEIGHT);
    return html`<svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      width=${WIDTH}
      height=${HEIGHT}
      aria-hidden="true"
    >
      ${
        paths
          ? svg`<path class="now" d="M${WIDTH / 2},0L${WIDTH / 2},${HEIGHT}" />
              <path class="rating" d=${paths.rating} />
              <path class="load" d=${paths.load} />
              <path class="expected" d=${paths.expected} />`
          : nothing
      }
    </svg>`;
  }

  /** Open the view of a line, or the details of its loading. */
  private _openLine({ id, loading, current }: Line): void {
    const dashboard = this.config?.dashboard;
    if (dashboard) {
      history.pushState(null, "", `/${dashboard}/line-${id}`);
      window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
    } else {
      this.showDetails(loading ?? current);
    }
  }
}

/** The recorded hours of a line. */
function pastOf(line: Line, found: Record<string, Mean[] | undefined>): Past[] {
  const headroom = new Map(
    (line.headroom ? (found[line.headroom] ?? []) : []).map(({ start, mean }) => [start, mean]),
  );
  return (line.current ? (found[line.current] ?? []) : []).flatMap(({ start, end, mean }) => {
    if (typeof mean !== "number") return [];
    const room = headroom.get(start);
    return [
      { start, end, current: mean, ...(typeof room === "number" ? { rating: mean + room } : {}) },
    ];
  });
}
