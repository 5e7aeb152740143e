/** Axes: nice values, and times that are round in the zone of the user. */

import type { Formats } from "../format";

const HOUR = 3_600_000;

/** Values from zero to at least `max`, at most `count` steps apart by 1, 2 or 5 times a power of ten. */
export function valueTicks(max: number, count: number): number[] {
  const most = max > 0 ? max : 1;
  const rough = most / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? 10 * power;
  const last = Math.ceil(most / step);
  return Array.from({ length: last + 1 }, (_, index) => index * step);
}

const STEPS = [1, 2, 3, 6, 12, 24];

/** Whole hours between two times, round in the zone of the user; midnights have `day`. */
export function timeTicks(
  from: number,
  to: number,
  count: number,
  formats: Pick<Formats, "minuteOfDay">,
): { at: number; day: boolean }[] {
  const hours = (to - from) / HOUR;
  const step = STEPS.find((one) => hours / one <= count) ?? 24;
  const found: { at: number; day: boolean }[] = [];
  // Some zones are half an hour or a quarter apart from others.
  const quarter = HOUR / 4;
  for (let at = Math.ceil(from / quarter) * quarter; at <= to; at += quarter) {
    // Only a quarter in which an hour may begin.
    const minutes = formats.minuteOfDay(at);
    if (minutes % (60 * step) === 0) found.push({ at, day: minutes === 0 });
    if (minutes % 60 === 0) at += 3 * quarter;
  }
  const skip = Math.ceil(found.length / Math.max(count, 1));
  return skip > 1 ? found.filter((_, index) => index % skip === 0) : found;
}
