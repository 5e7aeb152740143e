/** The list of lines: which hour of the next 24 is the tightest, and in which order they come. */

import { HOUR, runsOf, type Timed } from "../chart/plane";
import type { Served } from "../states";

/** An hour ahead: start, cautious rating, and expected current if that is known; A. */
export type Hour = [start: number, rating: number, expected: number | null];

/** What the WebSocket command sends of a line. */
export interface LineAhead extends Served {
  hours: Hour[];
}

export interface Tightest {
  start: number;
  /** Current as a share of the rating, %. */
  loading: number;
  /** A; negative if the line is overloaded. */
  headroom: number;
}

/** The hour with the highest loading; without an expected current, that of now counts. */
export function tightestOf(
  ahead: LineAhead | undefined,
  current: number | undefined,
  now: number,
): Tightest | undefined {
  let found: Tightest | undefined;
  for (const [start, rating, expected] of ahead?.hours ?? []) {
    const load = expected ?? current;
    if (load === undefined || start + HOUR <= now || start >= now + 24 * HOUR) continue;
    const loading = (100 * load) / rating;
    if (!found || loading > found.loading) found = { start, loading, headroom: rating - load };
  }
  return found;
}

/** The highest first; what is not known comes last, otherwise the order stays. */
export function ranked<LineT>(
  lines: readonly LineT[],
  loading: (line: LineT) => number | undefined,
): LineT[] {
  const known = new Map(lines.map((line) => [line, loading(line) ?? -1]));
  return [...lines].sort((a, b) => (known.get(b) ?? -1) - (known.get(a) ?? -1));
}

/** A recorded hour: mean current and headroom, A. */
export interface Past {
  start: number;
  end: number;
  current?: number;
  rating?: number;
}

interface Point extends Timed {
  load?: number | undefined;
  rating?: number | undefined;
}

/** Paths of a small picture of 24 hours behind and ahead, in a box of a width and height. */
export function picture(
  past: readonly Past[],
  hours: readonly Hour[],
  now: number,
  width: number,
  height: number,
): { load: string; expected: string; rating: string } | undefined {
  const behind: Point[] = past.map(({ start, end, current: load, rating }) => ({
    start,
    end,
    at: (start + Math.min(end, now)) / 2,
    load,
    rating,
  }));
  const ahead: Point[] = hours
    .filter(([start]) => start + HOUR > now && start < now + 24 * HOUR)
    .map(([start, rating, expected]) => ({
      start,
      end: start + HOUR,
      at: start + HOUR / 2,
      rating,
      load: expected ?? undefined,
    }));
  const values = [...behind, ...ahead].flatMap(({ load = 0, rating = 0 }) => [load, rating]);
  const max = Math.max(...values, 0);
  if (max <= 0) return undefined;
  const x = (at: number) => ((at - now) / (48 * HOUR) + 0.5) * width;
  const y = (value: number) => height - 1 - (value / max) * (height - 2);
  const path = (points: readonly Point[], value: (point: Point) => number | undefined) =>
    runsOf(points, value)
      .map(
        (run) =>
          `M${run.map((one) => `${x(one.at).toFixed(1)},${y(value(one) ?? 0).toFixed(1)}`).join("L")}`,
      )
      .join("");
  return {
    load: path(behind, ({ load }) => load),
    expected: path(ahead, ({ load }) => load),
    rating: path([...behind, ...ahead], ({ rating }) => rating),
  };
}
