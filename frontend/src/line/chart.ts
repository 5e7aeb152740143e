/** The chart of the line card: SVG from slots. */

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import {
  area,
  fixed,
  grid,
  hatched,
  hatching,
  line,
  Plane,
  pointer,
  points,
  runsOf,
  type Size,
} from "../chart/plane";
import type { Formats, Unit } from "../format";
import { riskTimes, type Slot, type Value } from "./model";

export interface Frame {
  from: number;
  to: number;
  now: number;
  staticRating: number | undefined;
}

const VALUES: Value[] = ["current", "inForce", "cautious", "dlr", "aar", "expected", "before"];

/** The plane of a line's values, from zero. */
export function planeOf(size: Size, frame: Frame, slots: readonly Slot[], unit: Unit): Plane {
  const all = slots.flatMap((slot) => [slot.high ?? 0, ...VALUES.map((key) => slot[key] ?? 0)]);
  return new Plane(size, frame.from, frame.to, Math.max(...all, frame.staticRating ?? 0, 1), unit);
}

type ValueOf = (slot: Slot) => number | undefined;

/** An area between two values, where both are known. */
function between(
  plane: Plane,
  slots: readonly Slot[],
  upper: ValueOf,
  lower: ValueOf,
  name: string,
): SVGTemplateResult[] {
  const both = (slot: Slot) => (upper(slot) === undefined ? undefined : lower(slot));
  return runsOf(slots, both).map((run) => {
    const edge = [...points(plane, run, upper), ...points(plane, run, lower).reverse()];
    return svg`<path class=${name} d="M${edge.join("L")}Z" />`;
  });
}

/** Whether the forecast is uncertain anywhere. */
export function hasBand(slots: readonly Slot[]): boolean {
  return slots.some(
    ({ cautious, inForce = cautious }) => cautious !== undefined && cautious !== inForce,
  );
}

/** Whether the dynamic rating differs anywhere from the rating in force. */
export function hasOwnDlr(slots: readonly Slot[]): boolean {
  return slots.some(
    ({ dlr, inForce }) => dlr !== undefined && (inForce === undefined || Math.abs(dlr - inForce) > 1),
  );
}

export function chart(
  plane: Plane,
  slots: readonly Slot[],
  frame: Frame,
  formats: Formats,
  active: Slot | undefined,
  now: string,
): TemplateResult {
  const { width, height } = plane.size;
  const x = fixed(plane.x(frame.now));
  const y = frame.staticRating === undefined ? "" : fixed(plane.y(frame.staticRating));
  const draw = (key: Value, name: string = key) => line(plane, slots, (slot) => slot[key], name);
  const marks = active ? VALUES.filter((key) => active[key] !== undefined) : [];
  return html`<svg viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">
    ${hatching} ${hatched(plane, riskTimes(slots))} ${grid(plane, formats)}
    ${area(plane, slots, (slot) => slot.current)} ${between(plane, slots, (slot) => slot.high, (slot) => slot.low, "range")}
    ${between(plane, slots, (slot) => slot.inForce, (slot) => slot.cautious, "band")}
    ${
      y === ""
        ? nothing
        : svg`<line class="line static" x1=${plane.left} x2=${plane.right} y1=${y} y2=${y} />`
    }
    ${draw("aar")} ${hasOwnDlr(slots) ? draw("dlr") : nothing} ${draw("expected")} ${draw("before", "expected")}
    ${draw("current")} ${draw("cautious")} ${draw("inForce")}
    ${line(plane, slots, (slot) => (slot.fallback ? slot.inForce : undefined), "fallback")}
    <line class="now" x1=${x} x2=${x} y1=${plane.top} y2=${plane.bottom} />
    <text class="tick now-text" x=${Number(x) + 4} y=${plane.top + 10}>${now}</text>
    ${active ? pointer(plane, active.at, marks.map((key) => [key, active[key] ?? 0])) : nothing}
  </svg>`;
}
