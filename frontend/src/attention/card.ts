/** What is offline or on a fallback: a row for each kind of trouble, with the devices that have it. */

// All that cards share is in the file of the first screen.
import "../overview";
import { css, html, nothing, type TemplateResult } from "lit";
import { Card, type CardConfig } from "../card";
import type { Hass } from "../hass";
import { Entities, isHidden } from "../inventory";
import { cardStyles, listStyles } from "../styles";
import { indicatorsOf, type Indicator } from "./indicators";
import { isSilent, troublesOf, type Trouble } from "./model";

/** Devices of a row that are named before more are asked for. */
const FEW = 8;

export class AttentionCard extends Card<CardConfig> {
  static override styles = [
    cardStyles,
    listStyles,
    css`
      .devices {
        display: flex;
        flex-basis: 100%;
        flex-wrap: wrap;
        gap: 0 16px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .devices button {
        min-height: 28px;
      }
      .more {
        color: var(--current);
      }
    `,
  ];
  static override properties = { ...Card.properties, _open: { state: true } };

  /** The kinds of trouble of which all devices are named. */
  declare private _open: ReadonlySet<string>;

  private _indicators: Indicator[] = [];

  constructor() {
    super();
    this._open = new Set();
  }

  protected override get watched(): Iterable<string> {
    return this._indicators.map(({ entity }) => entity);
  }

  protected override prepare(hass: Hass): void {
    this._indicators = indicatorsOf(new Entities(hass));
  }

  protected override draw(hass: Hass, config: CardConfig): TemplateResult {
    const { say } = this;
    const troubles = troublesOf(hass, this._indicators);
    const mayRead = this._indicators.length || !(isHidden(hass, "line") || isHidden(hass, "site"));
    const silent = isSilent(hass, this._indicators);
    return html`<ha-card>
      <h2>${config.name || say("trouble")}</h2>
      ${
        troubles.length
          ? html`<ul class="rows">
              ${troubles.map((one) => this._row(one))}
            </ul>`
          : nothing
      }
      ${
        silent || !troubles.length
          ? html`<p class="message center" role="status">
              ${say(silent ? "not_responding" : mayRead ? "no_trouble" : "not_permitted")}
            </p>`
          : nothing
      }
    </ha-card>`;
  }

  private _row({ key, name, count, devices }: Trouble): TemplateResult {
    const { say } = this;
    const shown = this._open.has(key) ? devices : devices.slice(0, FEW);
    const more = devices.length - shown.length;
    return html`<li>
      <span class="alert">${name}</span><span>${this.formats?.number(count)}</span>
      <ul class="devices">
        ${shown.map(
          ({ name: device, parts, entity }) =>
            html`<li>
              <button class="plain" @click=${() => this.showDetails(entity)}>
                ${device}
                ${parts === undefined ? nothing : html`<small>${this.formats?.number(parts)}</small>`}
              </button>
            </li>`,
        )}
        ${
          more
            ? html`<li>
                <button
                  class="plain more"
                  @click=${() => (this._open = new Set([...this._open, key]))}
                >
                  ${say("more", { count: String(more) })}
                </button>
              </li>`
            : nothing
        }
      </ul>
    </li>`;
  }
}
