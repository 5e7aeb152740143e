/** What all cards share: settings, texts and formats of the user, and updates that matter. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Formats } from "./format";
import type { Hass } from "./hass";
import { areTextsLoaded, loadTexts, sayOf, type Say } from "./texts";

export interface CardConfig {
  type: string;
  device_id?: string;
  name?: string;
  /** Whether it is at the top of its view, and so on the screen in any case. */
  first?: boolean;
}

/** Parts of the frontend object on which each card depends. */
const SHARED: (keyof Hass)[] = ["entities", "devices", "locale", "themes", "config", "localize"];

/** Whether the page is dark. Home Assistant follows the system where it got its themes before its configuration. */
const isDark = ({ themes }: Hass) =>
  themes.darkMode ?? matchMedia("(prefers-color-scheme: dark)").matches;

/** Parts of a line with a dot between each two. A line breaks after a dot, never before it. */
export const dotted = (parts: readonly unknown[]): TemplateResult[] =>
  parts.filter(Boolean).map((part, index) => html`${index ? "\u00a0· " : nothing}${part}`);

export abstract class Card<ConfigT extends CardConfig> extends LitElement {
  static override properties = { hass: { attribute: false }, config: { attribute: false } };

  declare hass: Hass | undefined;
  declare config: ConfigT | undefined;
  protected formats: Formats | undefined;

  /** The entities whose states the card shows. */
  protected abstract get watched(): Iterable<string | undefined>;

  /** Take over what has changed, before the card is drawn. */
  protected abstract prepare(hass: Hass, config: ConfigT, changed: PropertyValues): void;

  protected abstract draw(hass: Hass, config: ConfigT): TemplateResult | typeof nothing;

  protected get say(): Say {
    return sayOf(this.hass);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate();
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    const before = changed.get("hass") as Hass | undefined;
    const { hass } = this;
    if (changed.size > 1 || !before || !hass) return true;
    if (SHARED.some((key) => before[key] !== hass[key])) return true;
    for (const id of this.watched) {
      if (id && before.states[id] !== hass.states[id]) return true;
    }
    return false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { hass, config } = this;
    if (!hass || !config) return;
    const before = changed.get("hass") as Hass | undefined;
    if (!areTextsLoaded(hass)) void loadTexts(hass);
    if (!this.formats || (before && before.locale !== hass.locale)) this.formats = new Formats(hass);
    this.toggleAttribute("dark", isDark(hass));
    this.prepare(hass, config, changed);
  }

  /** Open the dialog of an entity. */
  protected showDetails(entityId: string | undefined): void {
    const detail = { entityId };
    this.dispatchEvent(new CustomEvent("hass-more-info", { bubbles: true, composed: true, detail }));
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, config } = this;
    return hass && config && areTextsLoaded(hass) ? this.draw(hass, config) : nothing;
  }
}
