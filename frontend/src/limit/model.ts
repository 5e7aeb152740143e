/** What the card of a load limit shows, as a function of statistics and states. */

import { HOUR, type Timed } from "../chart/plane";
import type { Served } from "../states";

export interface Mean {
  start: number;
  end: number;
  mean?: number | null;
}

/** Load and limit of a time, in the unit of the limit; what is unknown is left out. */
export interface LimitSlot extends Timed {
  load?: number;
  limit?: number;
  /** Power that was curtailed, kW. */
  curtailed?: number;
}

export type Measured = "load" | "limit" | "curtailed";

export const MEASURED: readonly Measured[] = ["load", "limit", "curtailed"];

export type LimitHistory = Record<Measured, Mean[]>;

export const NO_HISTORY: LimitHistory = { load: [], limit: [], curtailed: [] };

/** The load by the hour until the load limit has a record of its own, and then that. */
export const continued = (before: readonly Mean[], own: readonly Mean[]): Mean[] => [
  ...before.filter(({ end }) => end <= (own[0]?.start ?? Infinity)),
  ...own,
];

/** Slots of the past, then the present. */
export function limitSlots(
  history: LimitHistory,
  live: Partial<Record<Measured, number>>,
  now: number,
  hoursBack: number,
): LimitSlot[] {
  const from = now - hoursBack * HOUR;
  const slots = new Map<number, LimitSlot>();
  for (const key of MEASURED) {
    for (const { start, end, mean } of history[key]) {
      if (end <= from || start >= now || typeof mean !== "number") continue;
      const at = (start + Math.min(end, now)) / 2;
      const slot: LimitSlot = slots.get(start) ?? { start, end, at };
      slot[key] = mean;
      slots.set(start, slot);
    }
  }
  const past = [...slots.values()].sort((a, b) => a.start - b.start);
  return [...past, { start: now, end: now, at: now, ...live }];
}

/** An asset that is curtailed, as the WebSocket command sends it. */
export interface Curtailed {
  device_id: string | null;
  name: string;
  why: string;
  by_action: boolean;
  reason: string | null;
  since: number;
  until: number;
  power: number;
  returning: boolean;
}

export interface Decision {
  at: number;
  action: string;
  reason: string;
  asset: string;
  sent: boolean;
  until: number | null;
  power: number;
  load: number | null;
  limit: number | null;
  load_after: number | null;
  unit: string;
  error: string | null;
}

/** What the WebSocket command sends. */
export interface LimitMessage extends Served {
  curtailed: Curtailed[];
  decisions: Decision[];
  /** The sensor that is measured. */
  measured: string | null;
}

/** What became of a decision, as the event entity calls it. */
export function outcomeOf({ action, sent, error }: Decision): string {
  return sent ? action : error === null ? "advice" : "failure";
}
