/** Places times and values in a chart, with its grid and lines. */

import { svg, type SVGTemplateResult } from "lit";
import type { Formats, Unit } from "../format";
import { timeTicks, valueTicks } from "./scale";

export const HOUR = 3_600_000;

export interface Size {
  width: number;
  height: number;
}

/** Something of a time. */
export interface Timed {
  start: number;
  end: number;
  /** Where it is drawn. */
  at: number;
}

type ValueOf<SlotT> = (slot: SlotT) => number | undefined;

const MARGIN = { top: 8, right: 10, bottom: 22, left: 46 };

export class Plane {
  readonly left: number;
  readonly right: number;
  readonly top = MARGIN.top;
  readonly bottom: number;
  /** Those that are labelled. */
  readonly values: number[];
  /** Decimals of the labels. */
  readonly digits: number;

  constructor(
    readonly size: Size,
    readonly from: number,
    readonly to: number,
    max: number,
    readonly unit: Unit,
  ) {
    this.bottom = Math.max(size.height - MARGIN.bottom, MARGIN.top + 1);
    const count = Math.max(2, Math.round((this.bottom - this.top) / 45));
    const ticks = valueTicks((max * 1.02) / unit.factor, count);
    const [, step = 1] = ticks;
    this.digits = Math.max(0, -Math.floor(Math.log10(step)));
    this.values = ticks.map((value) => value * unit.factor);
    // Wide enough for the longest label.
    const { length } = String(Math.round(ticks.at(-1) ?? 0));
    this.left = Math.max(MARGIN.left, 8 * length + 14);
    this.right = Math.max(size.width - MARGIN.right, this.left + 1);
  }

  x(time: number): number {
    const share = (time - this.from) / (this.to - this.from);
    return this.left + Math.min(Math.max(share, 0), 1) * (this.right - this.left);
  }

  y(value: number): number {
    const max = this.values.at(-1) ?? 1;
    return this.bottom - (value / max) * (this.bottom - this.top);
  }

  /** The time below a place, from the left edge of the chart. */
  time(x: number): number {
    return this.from + ((x - this.left) / (this.right - this.left)) * (this.to - this.from);
  }
}

export const fixed = (value: number) => value.toFixed(1);

/** Runs of adjacent slots in which a value is known; between two runs it is unknown. */
export function runsOf<SlotT extends Timed>(
  slots: readonly SlotT[],
  value: ValueOf<SlotT>,
): SlotT[][] {
  const found: SlotT[][] = [];
  let run: SlotT[] = [];
  let end = -Infinity;
  for (const slot of slots) {
    if (value(slot) === undefined) continue;
    // The statistics of the last minutes are not compiled yet.
    if (slot.start - end > HOUR / 2 && run.length) {
      found.push(run);
      run = [];
    }
    run.push(slot);
    end = slot.end;
  }
  if (run.length) found.push(run);
  return found;
}

export function points<SlotT extends Timed>(
  plane: Plane,
  run: readonly SlotT[],
  value: ValueOf<SlotT>,
): string[] {
  return run.map((slot) => `${fixed(plane.x(slot.at))},${fixed(plane.y(value(slot) ?? 0))}`);
}

/** A line with a gap where its value is unknown; a value alone is a dot. */
export function line<SlotT extends Timed>(
  plane: Plane,
  slots: readonly SlotT[],
  value: ValueOf<SlotT>,
  name: string,
): SVGTemplateResult[] {
  return runsOf(slots, value).map((run) => {
    const [only] = run;
    return run.length === 1 && only
      ? svg`<circle class="dot ${name}" r="2"
          cx=${fixed(plane.x(only.at))} cy=${fixed(plane.y(value(only) ?? 0))} />`
      : svg`<path class="line ${name}" d="M${points(plane, run, value).join("L")}" />`;
  });
}

export function area<SlotT extends Timed>(
  plane: Plane,
  slots: readonly SlotT[],
  value: ValueOf<SlotT>,
): SVGTemplateResult[] {
  return runsOf(slots, value).map((run) => {
    const first = fixed(plane.x(run[0]?.at ?? 0));
    const last = fixed(plane.x(run.at(-1)?.at ?? 0));
    const bottom = fixed(plane.bottom);
    return svg`<path class="area"
      d="M${first},${bottom}L${points(plane, run, value).join("L")}L${last},${bottom}Z" />`;
  });
}

export function grid(plane: Plane, formats: Formats): SVGTemplateResult {
  const count = Math.max(2, Math.floor((plane.right - plane.left) / 62));
  const ticks = timeTicks(plane.from, plane.to, count, formats);
  return svg`
    ${plane.values.map(
      (value) => svg`
        <line class="grid" x1=${plane.left} x2=${plane.right}
          y1=${fixed(plane.y(value))} y2=${fixed(plane.y(value))} />
        <text class="tick" text-anchor="end" x=${plane.left - 6}
          y=${fixed(plane.y(value) + 4)}>${formats.number(value / plane.unit.factor, plane.digits)}</text>`,
    )}
    ${ticks.map(({ at, day }) => {
      const x = plane.x(at);
      // At the edges a label would be cut off.
      const anchor = x < plane.left + 20 ? "start" : x > plane.right - 20 ? "end" : "middle";
      return svg`
        <line class="grid ${day ? "day" : ""}" x1=${fixed(x)} x2=${fixed(x)}
          y1=${plane.top} y2=${plane.bottom} />
        <text class="tick ${day ? "day" : ""}" text-anchor=${anchor} x=${fixed(x)}
          y=${plane.bottom + 16}>${day ? formats.day(at) : formats.time(at)}</text>`;
    })}`;
}

/** What marks hours by hatching. */
export const hatching = svg`<defs>
  <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"
    patternTransform="rotate(45)">
    <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
  </pattern>
</defs>`;

export function hatched(
  plane: Plane,
  times: readonly { start: number; end: number }[],
): SVGTemplateResult[] {
  return times.map(
    ({ start, end }) => svg`<rect fill="url(#hatch)" y=${plane.top} x=${fixed(plane.x(start))}
      height=${plane.bottom - plane.top}
      width=${fixed(Math.max(plane.x(end) - plane.x(start), 2))} />`,
  );
}

/** The values of the time that is pointed at; each mark has the class of its line. */
export function pointer(
  plane: Plane,
  at: number,
  marks: readonly (readonly [string, number])[],
): SVGTemplateResult {
  const x = fixed(plane.x(at));
  return svg`
    <line class="pointer" x1=${x} x2=${x} y1=${plane.top} y2=${plane.bottom} />
    ${marks.map(
      ([name, value]) =>
        svg`<circle class="mark ${name}" r="3.5" cx=${x} cy=${fixed(plane.y(value))} />`,
    )}`;
}

/** The index of the slot at a time, or of the nearest one; -1 without any. */
export function slotAt(slots: readonly Timed[], time: number): number {
  let best = -1;
  let distance = Infinity;
  slots.forEach((slot, index) => {
    const away = Math.abs(slot.at - time);
    if (away < distance) [best, distance] = [index, away];
  });
  return best;
}

/** Adjacent slots of which something is so, as one time each. */
export function timesOf<SlotT extends Timed>(
  slots: readonly SlotT[],
  isSo: (slot: SlotT) => boolean,
): { start: number; end: number }[] {
  const times: { start: number; end: number }[] = [];
  for (const slot of slots) {
    const { start, end } = slot;
    if (!isSo(slot) || start === end) continue;
    const last = times.at(-1);
    if (last && start - last.end < HOUR / 12) last.end = end;
    else times.push({ start, end });
  }
  return times;
}
