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
  type Size,
} from "../chart/plane";
import type { Formats } from "../format";
import { runs, riskTimes, type Slot, type Value } from "./model";

export interface Frame {
  from: number;
  to: number;
  now: number;
  staticRating: number | undefined;
}

const VALUES: Value[] = ["current", "inForce", "cautious", "dlr", "aar", "expected"];

/** The plane of a line's values, from zero. */
export function planeOf(size: Size, frame: Frame, slots: readonly Slot[]): Plane {
  const all = slots.flatMap((slot) => VALUES.map((key) => slot[key] ?? 0));
  return new Plane(size, frame.from, frame.to, Math.max(...all, frame.staticRating ?? 0, 1));
}

/** The band between the prediction and the rating at the chosen confidence. */
function band(plane: Plane, slots: readonly Slot[]): SVGTemplateResult[] {
  const both = (slot: Slot) => slot.inForce !== undefined && slot.cautious !== undefined;
  return runs(slots, "cautious", both).map((run) => {
    const upper = points(plane, run, (slot) => slot.inForce);
    const lower = points(plane, run, (slot) => slot.cautious).reverse();
    return svg`<path class="band" d="M${[...upper, ...lower].join("L")}Z" />`;
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
    ${area(plane, slots, (slot) => slot.current)} ${band(plane, slots)}
    ${
      y === ""
        ? nothing
        : svg`<line class="line static" x1=${plane.left} x2=${plane.right} y1=${y} y2=${y} />`
    }
    ${draw("aar")} ${hasOwnDlr(slots) ? draw("dlr") : nothing} ${draw("expected")}
    ${draw("current")} ${draw("cautious")} ${draw("inForce")}
    ${line(plane, slots, (slot) => (slot.fallback ? slot.inForce : undefined), "fallback")}
    <line class="now" x1=${x} x2=${x} y1=${plane.top} y2=${plane.bottom} />
    <text class="tick now-text" x=${Number(x) + 4} y=${plane.top + 10}>${now}</text>
    ${active ? pointer(plane, active.at, marks.map((key) => [key, active[key] ?? 0])) : nothing}
  </svg>`;
}
