/** What the line card shows, as a function of statistics, states and forecast. */

import { HOUR, runsOf, timesOf, type Timed } from "../chart/plane";

export { HOUR, slotAt } from "../chart/plane";

/** How certain a rating of the forecast may be asked to be. */
export const CONFIDENCES = ["p80", "p90", "p95", "p99"];

/** A mean over a time. */
export interface Mean {
  start: number;
  end: number;
  mean?: number | null;
}

export type Levels = Partial<Record<string, number>>;

/** One hour of the forecast, as the WebSocket command sends it. */
export interface ForecastHour {
  start: number;
  in_force: Levels;
  limited_by: string | null;
  limiting_span: string | null;
  dlr?: Levels;
  aar?: Levels;
}

/** What is recorded of one line: means of its values. */
export interface Recorded {
  current: Mean[];
  headroom: Mean[];
  dlr: Mean[];
  aar: Mean[];
  /** Times in which the rating was a fallback. */
  fallback: { start: number; end: number }[];
}

/** What is measured now. */
export interface Live {
  current?: number | undefined;
  inForce?: number | undefined;
  dlr?: number | undefined;
  aar?: number | undefined;
  limitedBy?: string | undefined;
  limitingSpan?: string | undefined;
  fallback?: boolean | undefined;
}

/** Values of a time, A; what is unknown is left out. */
export interface Slot extends Timed {
  ahead: boolean;
  current?: number;
  inForce?: number;
  /** The rating in force that is exceeded with the chosen confidence. */
  cautious?: number;
  dlr?: number;
  aar?: number;
  /** The expected load, with the range in which it is likely to be. */
  expected?: number;
  low?: number;
  high?: number;
  /** Where no load is expected: that of the same hour of the last day that is known. */
  before?: number;
  limitedBy?: string;
  limitingSpan?: string;
  fallback: boolean;
  atRisk: boolean;
}

export type Value = "current" | "inForce" | "cautious" | "dlr" | "aar" | "expected" | "before";

/** The expected load of an hour, A, as the WebSocket command sends it. */
export interface ExpectedHour {
  start: number;
  expected: number;
  low: number;
  high: number;
}

export interface Request {
  now: number;
  back: number;
  ahead: number;
  confidence: string;
}

type Field = Value | "low" | "high";
type Fields = Partial<Record<Field, number>>;

function put(fields: Fields, key: Field, value: number | null | undefined): void {
  if (value !== null && value !== undefined && Number.isFinite(value)) fields[key] = value;
}

/** The slots of the past, in order of time. */
function past(recorded: Recorded, from: number, now: number): Slot[] {
  const slots = new Map<number, { start: number; end: number; fields: Fields }>();
  const headroom = new Map(recorded.headroom.map((one) => [one.start, one.mean]));
  for (const key of ["current", "dlr", "aar"] as const) {
    for (const { start, end, mean } of recorded[key]) {
      if (end <= from || start >= now) continue;
      const slot = slots.get(start) ?? { start, end, fields: {} };
      slots.set(start, slot);
      put(slot.fields, key, mean);
      const room = headroom.get(start);
      if (key === "current" && typeof mean === "number" && typeof room === "number") {
        put(slot.fields, "inForce", mean + room);
      }
    }
  }
  return [...slots.values()]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, fields }) => ({
      start,
      end,
      at: (start + Math.min(end, now)) / 2,
      ahead: false,
      fallback: recorded.fallback.some((one) => one.start < end && one.end > start),
      atRisk: isAbove(fields.current, fields.inForce),
      ...fields,
    }));
}

function isAbove(load: number | undefined, rating: number | undefined): boolean {
  return load !== undefined && rating !== undefined && load > rating;
}

/** The present, between what is recorded and what is forecast. */
function present(live: Live, now: number): Slot {
  const fields: Fields = {};
  for (const key of ["current", "inForce", "dlr", "aar"] as const) put(fields, key, live[key]);
  return {
    start: now,
    end: now,
    at: now,
    ahead: false,
    fallback: live.fallback ?? false,
    atRisk: isAbove(fields.current, fields.inForce),
    ...(live.limitedBy === undefined ? {} : { limitedBy: live.limitedBy }),
    ...(live.limitingSpan === undefined ? {} : { limitingSpan: live.limitingSpan }),
    ...fields,
  };
}

/** The load of the same hour of the last day that is known. */
function loadBefore(current: Map<number, number>, start: number, now: number): number | undefined {
  for (let at = start - 24 * HOUR; at > now - 48 * HOUR; at -= 24 * HOUR) {
    const found = at < now ? current.get(at) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function ahead(
  recorded: Recorded,
  hours: readonly ForecastHour[],
  loads: readonly ExpectedHour[],
  request: Request,
): Slot[] {
  const { now, confidence } = request;
  const expected = new Map(loads.map((one) => [one.start, one]));
  const current = new Map<number, number>();
  for (const { start, end, mean } of recorded.current) {
    if (typeof mean === "number" && end - start === HOUR) current.set(start, mean);
  }
  return hours
    .filter(({ start }) => start + HOUR > now && start < now + request.ahead * HOUR)
    .map((hour) => {
      const fields: Fields = {};
      put(fields, "inForce", hour.in_force["prediction"]);
      put(fields, "cautious", hour.in_force[confidence]);
      put(fields, "dlr", hour.dlr?.["prediction"]);
      put(fields, "aar", hour.aar?.["prediction"]);
      const load = expected.get(hour.start);
      put(fields, "expected", load?.expected);
      put(fields, "low", load?.low);
      put(fields, "high", load?.high);
      if (!expected.size) put(fields, "before", loadBefore(current, hour.start, now));
      // Of the current hour, what is left.
      const start = Math.max(hour.start, now);
      const end = hour.start + HOUR;
      return {
        start,
        end,
        at: (start + end) / 2,
        ahead: true,
        fallback: false,
        atRisk: isAbove(fields.expected ?? fields.before, fields.cautious ?? fields.inForce),
        ...(hour.limited_by === null ? {} : { limitedBy: hour.limited_by }),
        ...(hour.limiting_span === null ? {} : { limitingSpan: hour.limiting_span }),
        ...fields,
      };
    });
}

/** All slots, in order of time. */
export function slotsOf(
  recorded: Recorded,
  live: Live,
  hours: readonly ForecastHour[],
  request: Request,
  loads: readonly ExpectedHour[] = [],
): Slot[] {
  const from = request.now - request.back * HOUR;
  return [
    ...past(recorded, from, request.now),
    present(live, request.now),
    ...ahead(recorded, hours, loads, request),
  ];
}

/** Runs of adjacent slots in which a value is known; between two runs it is unknown. */
export function runs(slots: readonly Slot[], key: Value, keep?: (slot: Slot) => boolean): Slot[][] {
  return runsOf(slots, (slot) => (!keep || keep(slot) ? slot[key] : undefined));
}

/** Adjacent slots at risk, as one time each. */
export const riskTimes = (slots: readonly Slot[]) => timesOf(slots, ({ atRisk }) => atRisk);
