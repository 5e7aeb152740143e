/** The card of assets: what is boosted or snoozed until when, and the ways to change it. */

// All that cards share is in the file of the first screen.
import "../overview";
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Card, dotted, type CardConfig } from "../card";
import { DOMAIN, type Hass } from "../hass";
import { isHidden, nameOf, sortedDevices } from "../inventory";
import type { Curtailed } from "../limit/model";
import { Subscription } from "../source";
import { attributeText, isKnown, shown } from "../states";
import { cardStyles, listStyles } from "../styles";
import type { Key } from "../texts";
import { dialog, type Command, type DialogState } from "./dialog";
import {
  assetsOf,
  extended,
  inOrder,
  isControllable,
  label,
  overrideOf,
  problemOf,
  whyOld,
  type Asset,
  type CurtailedMessage,
} from "./model";

export interface AssetsCardConfig extends CardConfig {
  show?: "all" | "overridden";
}

const OVERRIDES = {
  boost: ["boost_running", "boost_until"],
  snooze: ["snooze_running", "snooze_until"],
} as const;

/** Rows that are drawn before more are asked for. */
const FEW = 30;

export class AssetsCard extends Card<AssetsCardConfig> {
  static override styles = [
    cardStyles,
    listStyles,
    css`
      .rows > li {
        align-items: center;
      }
      .name {
        flex: 1;
        min-width: 0;
      }
      .name small {
        display: block;
      }
      .power {
        unicode-bidi: plaintext;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      dialog {
        border: none;
        border-radius: 16px;
        padding: 20px;
        width: min(380px, 82vw);
        background: var(--card-background-color, #fff);
        color: var(--primary-text-color);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        margin-top: 10px;
      }
    `,
  ];
  static override properties = {
    ...Card.properties,
    site: { state: true },
    _many: { state: true },
    _open: { state: true },
    _curtailed: { state: true },
    _accounts: { state: true },
  };

  /** The site that is chosen in the card itself. */
  declare private site: string;
  declare private _many: boolean;
  declare private _open: DialogState | undefined;
  declare private _curtailed: ReadonlyMap<string | null, Curtailed>;
  declare private _accounts: CurtailedMessage | undefined;

  private _assets: Asset[] = [];

  private readonly _subscription = new Subscription<CurtailedMessage>(
    (message) => {
      this._accounts = message;
      this._curtailed = new Map(message.curtailed.map((one) => [one.device_id, one]));
    },
    // The states of the assets stay.
    () => undefined,
  );

  constructor() {
    super();
    this.site = "";
    this._many = false;
    this._curtailed = new Map();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._subscription.stop();
  }

  protected override get watched(): Iterable<string | undefined> {
    return this._assets.flatMap(({ entities }) => Object.values(entities) as (string | undefined)[]);
  }

  protected override prepare(hass: Hass, config: AssetsCardConfig, changed: PropertyValues): void {
    const before = changed.has("hass") ? (changed.get("hass") as Hass | undefined) : hass;
    const registries = before?.entities !== hass.entities || before.devices !== hass.devices;
    if (registries || changed.has("config") || changed.has("site")) {
      this._assets = assetsOf(hass, config.device_id ?? this.site);
    }
    this._subscription.follow(
      hass,
      this.isConnected && this._assets.length ? { type: `${DOMAIN}/curtailed` } : undefined,
    );
  }

  protected override updated(): void {
    const open = this.renderRoot.querySelector("dialog");
    if (open && !open.open) open.showModal();
  }

  protected override draw(hass: Hass, config: AssetsCardConfig): TemplateResult {
    const { say } = this;
    const site = hass.devices[config.device_id ?? ""];
    const title = config.name || (site ? nameOf(site) : say("assets"));
    const problem = problemOf(hass, config.device_id);
    if (problem) {
      return html`<ha-card><p class="message center" role="status">${say(problem)}</p></ha-card>`;
    }
    const onlyOverridden = config.show === "overridden";
    const wanted = this._assets.filter(
      (one) => !onlyOverridden || overrideOf(hass, one).kind !== "none",
    );
    const ordered = inOrder(hass, wanted);
    const rows = this._many ? ordered : ordered.slice(0, FEW);
    return html`<ha-card>
      <h2>${title}</h2>
      ${this._filter(hass, config)} ${this._served(hass)}
      ${
        rows.length
          ? html`<ul class="rows">
              ${rows.map((one) => this._row(hass, one, !config.device_id))}
            </ul>`
          : html`<p class="message center" role="status">
              ${say(this._nothing(hass, onlyOverridden))}
            </p>`
      }
      ${
        rows.length < ordered.length
          ? html`<div class="buttons">
              <button @click=${() => (this._many = true)}>
                ${say("more", { count: String(ordered.length - rows.length) })}
              </button>
            </div>`
          : nothing
      }
      ${this._dialog(hass)}
    </ha-card>`;
  }

  /** Why the states are not those of now. */
  private _served(hass: Hass): TemplateResult | typeof nothing {
    const why = whyOld(hass, this._assets, this._accounts);
    return why ? html`<p class="message alert" role="status">${this.say(why)}</p>` : nothing;
  }

  /** Why no asset is shown. */
  private _nothing(hass: Hass, onlyOverridden: boolean): Key {
    if (this._assets.length) return onlyOverridden ? "nothing_overridden" : "no_assets";
    return isHidden(hass, "asset") ? "not_permitted" : "no_assets";
  }

  /** The choice of a site, where there are several and none is configured. */
  private _filter(hass: Hass, config: AssetsCardConfig): TemplateResult | typeof nothing {
    const sites = config.device_id ? [] : sortedDevices(hass, "site");
    if (sites.length < 2) return nothing;
    const { say } = this;
    return html`<label>
      ${say("site")}
      <select
        @change=${(event: Event) => {
          this.site = (event.target as HTMLSelectElement).value;
          this._many = false;
        }}
      >
        <option value="">${say("all_sites")}</option>
        ${sites.map(
          (one) => html`<option value=${one.id} ?selected=${one.id === this.site}>
            ${nameOf(one)}
          </option>`,
        )}
      </select>
    </label>`;
  }

  /** What an asset does, with the end of an override and its reason. */
  private _status(hass: Hass, asset: Asset): string {
    const { formats, say } = this;
    const { entities } = asset;
    const { kind, until } = overrideOf(hass, asset);
    if (entities.connection && hass.states[entities.connection]?.state === "off") {
      return shown(hass, entities.connection) ?? "";
    }
    if (kind !== "none" && formats) {
      const time = until === undefined ? "" : formats.timeNear(until, Date.now());
      const [running, ends] = OVERRIDES[kind];
      return time ? say(ends, { time }) : say(running);
    }
    return shown(hass, entities.switch ?? entities.state ?? entities.connection) ?? say("unknown");
  }

  private _reason(hass: Hass, asset: Asset): string {
    const one = this._curtailed.get(asset.device.id);
    if (!one) return "";
    const reason =
      one.reason && attributeText(hass, "event.load_limit_decision", "reason", one.reason);
    if (!one.why || !reason) return one.why || reason || "";
    return this.say("reason_of", { cause: one.why, reason });
  }

  private _row(hass: Hass, asset: Asset, withSite: boolean): TemplateResult {
    const { power } = asset.entities;
    const details = [
      this._status(hass, asset),
      withSite && asset.site ? nameOf(asset.site) : "",
    ];
    const reason = this._reason(hass, asset);
    return html`<li>
      <span class="name">${label(asset)}<small>${dotted(details)}</small></span>
      <span class="power">${isKnown(hass, power) ? shown(hass, power) : nothing}</span>
      ${
        isControllable(asset)
          ? html`<button
              aria-haspopup="dialog"
              aria-label=${this.say("control_of", { name: label(asset) })}
              @click=${() =>
                (this._open = { asset, minutes: 60, confirm: undefined, busy: false })}
            >
              ${this.say("control")}
            </button>`
          : nothing
      }
      ${reason ? html`<small>${reason}</small>` : nothing}
    </li>`;
  }

  private _dialog(hass: Hass): TemplateResult | typeof nothing {
    const open = this._open;
    if (!open) return nothing;
    const { kind } = overrideOf(hass, open.asset);
    return dialog(open, kind, this._status(hass, open.asset), this.say, {
      choose: (minutes) => (this._open = { ...open, minutes }),
      command: (command) => void this._command(hass, open, command),
      close: () => (this._open = undefined),
    });
  }

  /** Carry a command out; one to an asset that others hang below only once it is confirmed. */
  private async _command(hass: Hass, open: DialogState, command: Command): Promise<void> {
    const { asset, minutes } = open;
    const { kind, until } = overrideOf(hass, asset);
    if (asset.below && command !== "resume" && open.confirm !== command) {
      this._open = { ...open, confirm: command };
      return;
    }
    this._open = { ...open, busy: true };
    const action = command === "extend" ? kind : command;
    const length = command === "extend" ? extended(until, minutes, Date.now()) : minutes;
    const data = command === "resume" ? {} : { duration: { minutes: length } };
    try {
      await hass.callService(DOMAIN, action, data, { device_id: asset.device.id });
      this._open = undefined;
    } catch {
      // Said by the frontend, in words; the dialog stays for another try.
      this._open = { ...open, confirm: undefined, busy: false };
    }
  }
}
