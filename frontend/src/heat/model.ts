/** Hours by days: headroom and loading of four weeks, and of what is expected. */

import { HOUR } from "../chart/plane";
import type { Locale } from "../hass";
import type { Mean } from "../limit/model";
import type { Served } from "../states";

export const DAYS_BACK = 28;

/** An hour ahead, as the WebSocket command sends it. */
export interface ExpectedHour {
  start: number;
  expected: number;
  in_force?: Partial<Record<string, number>>;
}

export interface ExpectedMessage extends Served {
  load: { hours: ExpectedHour[] } | null;
}

export interface Cell {
  start: number;
  /** A; negative if the line was, or is expected to be, overloaded. */
  headroom: number;
  /** Current as a share of the rating, %. */
  loading: number;
  ahead: boolean;
}

export interface Day {
  /** A time of the day. */
  at: number;
  /** 24 hours of the day in the zone of the user; undefined where nothing is known. */
  cells: (Cell | undefined)[];
}

const cell = (start: number, current: number, headroom: number, ahead: boolean): Cell => {
  const rating = current + headroom;
  return { start, headroom, loading: rating > 0 ? (100 * current) / rating : Infinity, ahead };
};

/** What was recorded, then what is expected at a confidence of 95 %. */
export function cellsOf(
  current: readonly Mean[],
  headroom: readonly Mean[],
  expected: readonly ExpectedHour[],
  now: number,
): Cell[] {
  const room = new Map(headroom.map(({ start, mean }) => [start, mean]));
  const past = current.flatMap(({ start, mean }) => {
    const left = room.get(start);
    return typeof mean === "number" && typeof left === "number"
      ? [cell(start, mean, left, false)]
      : [];
  });
  const ahead = expected.flatMap(({ start, expected: load, in_force: levels }) => {
    const rating = levels?.["p95"] ?? levels?.["prediction"];
    return rating === undefined || start + HOUR <= now
      ? []
      : [cell(start, load, rating - load, true)];
  });
  return [...past, ...ahead];
}

interface Clock {
  minuteOfDay(at: number): number;
}

/** Days from four weeks ago to tomorrow, by the clock of the user. */
export function daysOf(cells: readonly Cell[], now: number, clock: Clock): Day[] {
  const noon = now + (12 * 60 - clock.minuteOfDay(now)) * 60_000;
  const days = Array.from({ length: DAYS_BACK + 2 }, (_, index): Day => {
    return { at: noon + (index - DAYS_BACK) * 24 * HOUR, cells: Array<undefined>(24).fill(undefined) };
  });
  for (const one of cells) {
    const minutes = clock.minuteOfDay(one.start);
    const ofNoon = one.start + (12 * 60 - minutes) * 60_000;
    // A change of the clock moves noon by an hour.
    const day = days[Math.round((ofNoon - noon) / (24 * HOUR)) + DAYS_BACK];
    const hour = Math.floor(minutes / 60);
    if (!day) continue;
    const before = day.cells[hour];
    // The hour that a change of the clock repeats shows the tighter of the two.
    if (!before || one.headroom < before.headroom) day.cells[hour] = one;
  }
  return days;
}

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** What a language knows of weeks; by its standard a function, in some browsers a property. */
interface Weeks {
  getWeekInfo?(): { firstDay: number };
  weekInfo?: { firstDay: number };
}

/** Tells whether a time is on the day with which a week of the user begins. */
export function beginsWeek(locale: Locale, timeZone: string | undefined): (at: number) => boolean {
  const weeks = new Intl.Locale(locale.language) as Weeks;
  const chosen = locale.first_weekday ?? "";
  const usual = (weeks.getWeekInfo?.() ?? weeks.weekInfo)?.firstDay ?? 1;
  const first = WEEKDAYS.includes(chosen) ? chosen : WEEKDAYS[usual % 7];
  const zone = timeZone === undefined ? {} : { timeZone };
  const weekday = new Intl.DateTimeFormat("en", { weekday: "long", ...zone });
  return (at) => weekday.format(at).toLowerCase() === first;
}

/** The cell with the least headroom of those ahead, or of those behind. */
export function tightest(cells: readonly Cell[], ahead: boolean): Cell | undefined {
  let found: Cell | undefined;
  for (const one of cells) {
    if (one.ahead === ahead && (!found || one.loading > found.loading)) found = one;
  }
  return found;
}

/** How tight an hour is, in five steps; 5 is overloaded. */
export const levelOf = ({ loading }: Cell): number =>
  loading > 100 ? 5 : loading > 90 ? 4 : loading > 75 ? 3 : loading > 50 ? 2 : 1;
