/** The values of one time, in words. */

import type { Formats, Unit } from "../format";
import type { Key, Say } from "../texts";
import type { Slot, Value } from "./model";

/** The name of what a value shows. */
export function label(say: Say, key: Value, confidence: string): string {
  switch (key) {
    case "inForce":
      return say("in_force");
    case "cautious":
      return say("certain", { percent: confidence.replace(/^p/, "") });
    default:
      return say(key);
  }
}

const ORDER: Value[] = ["current", "expected", "before", "inForce", "cautious", "dlr", "aar"];

const RATINGS: Record<string, Key> = {
  circuit_rating: "circuit_rating",
  dlr: "dlr",
  aar: "aar",
  static_rating: "static_rating",
};

export function ratingName(say: Say, limitedBy: string): string {
  const key = RATINGS[limitedBy];
  return key ? say(key) : limitedBy;
}

export interface Row {
  key: Value | "static" | "other";
  name: string;
  value: string;
}

/** What the words for values depend on, besides the values. */
export interface Wording {
  staticRating: number | undefined;
  confidence: string;
  unit: Unit;
  formats: Formats;
  say: Say;
}

/** What is known of a time, with names and units. */
export function rowsOf(
  slot: Slot,
  { staticRating, confidence, unit, formats, say }: Wording,
): Row[] {
  const worded = (value: number) => formats.quantity(value, unit);
  const rows: Row[] = ORDER.flatMap((key) => {
    const value = slot[key];
    return value === undefined
      ? []
      : [{ key, name: label(say, key, confidence), value: worded(value) }];
  });
  if (slot.low !== undefined && slot.high !== undefined) {
    const range = `${worded(slot.low)} – ${worded(slot.high)}`;
    rows.push({ key: "other", name: say("expected_band"), value: range });
  }
  if (staticRating !== undefined) {
    rows.push({ key: "static", name: say("static_rating"), value: worded(staticRating) });
  }
  if (slot.limitingSpan !== undefined) {
    rows.push({ key: "other", name: say("limiting_span"), value: slot.limitingSpan });
  }
  return rows;
}

/** When a slot is, in words. */
export function timeOf(slot: Slot, formats: Formats, say: Say): string {
  return slot.start === slot.end ? say("now") : formats.moment(slot.start);
}

/** All of a slot as one sentence, for the keyboard and screen readers. */
export function sentence(slot: Slot, wording: Wording): string {
  const { formats, say } = wording;
  const rows = rowsOf(slot, wording);
  const words = rows.map(({ name, value }) => say("named_value", { name, value }));
  if (slot.fallback) words.push(say("fallback"));
  if (slot.atRisk) words.push(say("risk"));
  const values = words.length ? formats.list(words) : say("unknown");
  return say("values_at", { time: timeOf(slot, formats, say), values });
}
