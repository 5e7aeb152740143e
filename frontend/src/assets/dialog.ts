/** The dialog that boosts, snoozes, extends and ends. */

import { html, nothing, type TemplateResult } from "lit";
import type { Say } from "../texts";
import { label, type Asset, type Override } from "./model";

export const DURATIONS = [15, 30, 60, 120, 240, 480];

export type Command = "boost" | "snooze" | "extend" | "resume";

export interface DialogState {
  asset: Asset;
  minutes: number;
  /** A command that waits for being confirmed. */
  confirm: Command | undefined;
  busy: boolean;
}

interface Handlers {
  choose(minutes: number): void;
  command(command: Command): void;
  close(): void;
}

const NAMES = { boost: "boost", snooze: "snooze", extend: "extend", resume: "end" } as const;

export function dialog(
  state: DialogState,
  override: Override,
  status: string,
  say: Say,
  { choose, command, close }: Handlers,
): TemplateResult {
  const { asset, minutes, confirm, busy } = state;
  const commands: Command[] =
    override === "none"
      ? ["boost", "snooze"]
      : ["extend", override === "boost" ? "snooze" : "boost", "resume"];
  const duration = (one: number) =>
    one < 60
      ? say("minutes", { count: String(one) })
      : one === 60
        ? say("hour")
        : say("hours", { count: String(one / 60) });
  return html`<dialog aria-labelledby="title" @close=${close}>
    <h2 id="title">${label(asset)}</h2>
    <p class="summary" role="status">${status}</p>
    ${
      asset.below
        ? html`<p class="message">${say("below", { count: String(asset.below) })}</p>`
        : nothing
    }
    <label>
      ${say("duration")}
      <select @change=${(event: Event) => choose(Number((event.target as HTMLSelectElement).value))}>
        ${DURATIONS.map(
          (one) => html`<option value=${one} ?selected=${one === minutes}>${duration(one)}</option>`,
        )}
      </select>
    </label>
    <div class="buttons">
      ${
        confirm
          ? html`<button ?disabled=${busy} class="alert" @click=${() => command(confirm)}>
              ${say("confirm", { command: say(NAMES[confirm]) })}
            </button>`
          : commands.map(
              (one) => html`<button ?disabled=${busy} @click=${() => command(one)}>
                ${say(NAMES[one])}
              </button>`,
            )
      }
      <button
        @click=${(event: Event) =>
          (event.currentTarget as Element).closest("dialog")?.close()}
      >
        ${say("close")}
      </button>
    </div>
  </dialog>`;
}
