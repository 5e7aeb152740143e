/** A card with a chart over time that is read by pointer, finger and keyboard. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Card, type CardConfig } from "../card";
import { slotAt, type Plane, type Size, type Timed } from "./plane";

export abstract class ChartCard<ConfigT extends CardConfig, SlotT extends Timed>
  extends Card<ConfigT> {
  static override properties = {
    ...Card.properties,
    size: { state: true },
    active: { state: true },
  };

  declare protected size: Size;
  /** The time that is pointed at; undefined while none is. */
  declare protected active: number | undefined;

  protected slots: SlotT[] = [];
  protected plane: Plane | undefined;
  private _body: Element | null = null;
  private readonly _observer = new ResizeObserver(() => this._measure());

  constructor() {
    super();
    this.size = { width: 0, height: 0 };
  }

  /** A slot in words, for the keyboard and screen readers. */
  protected abstract sentence(slot: SlotT): string;

  /** How many slots a day is about. */
  protected abstract get slotsPerDay(): number;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._observe(null);
  }

  protected override updated(): void {
    this._observe(this.isConnected ? this.renderRoot.querySelector(".body") : null);
  }

  /** Whether the pointer alone has moved: what is drawn stays. */
  protected isPointing(changed: PropertyValues): boolean {
    return changed.size === 1 && changed.has("active");
  }

  /** The place of the chart, with the chart once it has a size. */
  protected plot(
    label: string,
    chart: (active: SlotT | undefined) => TemplateResult,
    tip: (active: SlotT) => TemplateResult,
  ): TemplateResult {
    const index = this._index();
    const slot = this.slots[index];
    const active = this.active === undefined ? undefined : slot;
    return html`<div class="body">
      ${
        this.size.width && this.plane
          ? html`<div
                class="plot"
                role="slider"
                tabindex="0"
                aria-label=${label}
                aria-orientation="horizontal"
                aria-valuemin="0"
                aria-valuemax=${Math.max(this.slots.length - 1, 0)}
                aria-valuenow=${Math.max(index, 0)}
                aria-valuetext=${slot ? this.sentence(slot) : ""}
                @pointermove=${this._point}
                @pointerdown=${this._point}
                @pointerleave=${this._leave}
                @focus=${this._focus}
                @blur=${this._leave}
                @keydown=${this._key}
              >
                ${chart(active)}
              </div>
              ${active ? tip(active) : nothing}`
          : nothing
      }
    </div>`;
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
    if (width !== this.size.width || height !== this.size.height) this.size = { width, height };
  }

  /** The slot that is pointed at, else the present. */
  private _index(): number {
    return slotAt(this.slots, this.active ?? Date.now());
  }

  private _point(event: PointerEvent): void {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    this.active = this.plane?.time(event.clientX - box.left);
  }

  private _leave(event: Event): void {
    // A finger leaves with each tap; the values stay until something else is tapped.
    if ((event as PointerEvent).pointerType !== "touch") this.active = undefined;
  }

  private _focus(event: FocusEvent): void {
    // A finger that touches it points at a time of its own.
    if ((event.currentTarget as Element).matches(":focus-visible")) this.active ??= Date.now();
  }

  private _key(event: KeyboardEvent): void {
    const last = this.slots.length - 1;
    const index = this._index();
    const day = Math.max(1, Math.round(this.slotsPerDay));
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
      this.active = undefined;
      return;
    }
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.active = this.slots[Math.min(Math.max(target, 0), last)]?.at;
  }
}
