/** The chart of the line card: SVG from slots. */

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Formats } from "../format";
import { runs, riskTimes, type Slot, type Value } from "./model";
import { timeTicks, valueTicks } from "./scale";

export interface Size {
  width: number;
  height: number;
}

export interface Frame {
  from: number;
  to: number;
  now: number;
  staticRating: number | undefined;
}

const MARGIN = { top: 8, right: 10, bottom: 22, left: 46 };

/** Places times and values in a chart. */
export class Plane {
  readonly left = MARGIN.left;
  readonly right: number;
  readonly top = MARGIN.top;
  readonly bottom: number;
  readonly values: number[];

  constructor(
    readonly size: Size,
    readonly frame: Frame,
    slots: readonly Slot[],
  ) {
    this.right = Math.max(size.width - MARGIN.right, MARGIN.left + 1);
    this.bottom = Math.max(size.height - MARGIN.bottom, MARGIN.top + 1);
    const keys: Value[] = ["current", "inForce", "cautious", "dlr", "aar", "expected"];
    const all = slots.flatMap((slot) => keys.map((key) => slot[key] ?? 0));
    this.values = valueTicks(
      Math.max(...all, frame.staticRating ?? 0, 1) * 1.02,
      Math.max(2, Math.round((this.bottom - this.top) / 45)),
    );
  }

  x(time: number): number {
    const { from, to } = this.frame;
    const share = (time - from) / (to - from);
    return this.left + Math.min(Math.max(share, 0), 1) * (this.right - this.left);
  }

  y(value: number): number {
    const max = this.values.at(-1) ?? 1;
    return this.bottom - (value / max) * (this.bottom - this.top);
  }

  /** The time below a place, from the left edge of the chart. */
  time(x: number): number {
    const { from, to } = this.frame;
    return from + ((x - this.left) / (this.right - this.left)) * (to - from);
  }
}

const fixed = (value: number) => value.toFixed(1);

function points(plane: Plane, run: readonly Slot[], key: Value): string[] {
  return run.map((slot) => `${fixed(plane.x(slot.at))},${fixed(plane.y(slot[key] ?? 0))}`);
}

/** A line with a gap where its value is unknown; a value alone is a dot. */
function line(
  plane: Plane,
  slots: readonly Slot[],
  key: Value,
  name: string,
  keep?: (slot: Slot) => boolean,
): SVGTemplateResult[] {
  return runs(slots, key, keep).map((run) => {
    const [only] = run;
    return run.length === 1 && only
      ? svg`<circle class="dot ${name}" r="2"
          cx=${fixed(plane.x(only.at))} cy=${fixed(plane.y(only[key] ?? 0))} />`
      : svg`<path class="line ${name}" d="M${points(plane, run, key).join("L")}" />`;
  });
}

function area(plane: Plane, slots: readonly Slot[]): SVGTemplateResult[] {
  return runs(slots, "current").map((run) => {
    const first = fixed(plane.x(run[0]?.at ?? 0));
    const last = fixed(plane.x(run.at(-1)?.at ?? 0));
    return svg`<path class="area" d="M${first},${fixed(plane.bottom)}L${points(
      plane,
      run,
      "current",
    ).join("L")}L${last},${fixed(plane.bottom)}Z" />`;
  });
}

/** The band between the prediction and the rating at the chosen confidence. */
function band(plane: Plane, slots: readonly Slot[]): SVGTemplateResult[] {
  const both = (slot: Slot) => slot.inForce !== undefined && slot.cautious !== undefined;
  return runs(slots, "cautious", both).map((run) => {
    const upper = points(plane, run, "inForce");
    const lower = points(plane, run, "cautious").reverse();
    return svg`<path class="band" d="M${[...upper, ...lower].join("L")}Z" />`;
  });
}

function grid(plane: Plane, formats: Formats): SVGTemplateResult {
  const count = Math.max(2, Math.floor((plane.right - plane.left) / 62));
  const ticks = timeTicks(plane.frame.from, plane.frame.to, count, formats);
  return svg`
    ${plane.values.map(
      (value) => svg`
        <line class="grid" x1=${plane.left} x2=${plane.right}
          y1=${fixed(plane.y(value))} y2=${fixed(plane.y(value))} />
        <text class="tick" text-anchor="end" x=${plane.left - 6}
          y=${fixed(plane.y(value) + 4)}>${formats.number(value)}</text>`,
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

function pointer(plane: Plane, slot: Slot): SVGTemplateResult {
  const x = fixed(plane.x(slot.at));
  const marks = (["current", "inForce", "cautious", "dlr", "aar", "expected"] as const).filter(
    (key) => slot[key] !== undefined,
  );
  return svg`
    <line class="pointer" x1=${x} x2=${x} y1=${plane.top} y2=${plane.bottom} />
    ${marks.map(
      (key) => svg`<circle class="mark ${key}" r="3.5" cx=${x}
        cy=${fixed(plane.y(slot[key] ?? 0))} />`,
    )}`;
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
  formats: Formats,
  active: Slot | undefined,
  now: string,
): TemplateResult {
  const { width, height } = plane.size;
  const { frame } = plane;
  const x = fixed(plane.x(frame.now));
  const y = frame.staticRating === undefined ? "" : fixed(plane.y(frame.staticRating));
  return html`<svg viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)">
        <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
      </pattern>
    </defs>
    ${riskTimes(slots).map(
      ({ start, end }) => svg`<rect class="risk" fill="url(#hatch)" y=${plane.top}
        x=${fixed(plane.x(start))} height=${plane.bottom - plane.top}
        width=${fixed(Math.max(plane.x(end) - plane.x(start), 2))} />`,
    )}
    ${grid(plane, formats)} ${area(plane, slots)} ${band(plane, slots)}
    ${
      y === ""
        ? nothing
        : svg`<line class="line static" x1=${plane.left} x2=${plane.right} y1=${y} y2=${y} />`
    }
    ${line(plane, slots, "aar", "aar")}
    ${hasOwnDlr(slots) ? line(plane, slots, "dlr", "dlr") : nothing}
    ${line(plane, slots, "expected", "expected")} ${line(plane, slots, "current", "current")}
    ${line(plane, slots, "cautious", "cautious")} ${line(plane, slots, "inForce", "inForce")}
    ${line(plane, slots, "inForce", "fallback", (slot) => slot.fallback)}
    <line class="now" x1=${x} x2=${x} y1=${plane.top} y2=${plane.bottom} />
    <text class="tick now-text" x=${Number(x) + 4} y=${plane.top + 10}>${now}</text>
    ${active ? pointer(plane, active) : nothing}
  </svg>`;
}
