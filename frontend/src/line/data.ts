/** Fetches what the line card shows: statistics, times of fallback, and the forecast. */

import type { Hass } from "../hass";
import { Entities } from "../inventory";
import { valueOf, type Served } from "../states";
import { HOUR, type ExpectedHour, type ForecastHour, type Live, type Mean, type Recorded } from "./model";

export const EMPTY: Recorded = { current: [], headroom: [], dlr: [], aar: [], fallback: [] };

/** The entities of a line, as far as they are enabled. */
export interface LineEntities {
  current?: string | undefined;
  headroom?: string | undefined;
  loading?: string | undefined;
  limitedBy?: string | undefined;
  limitingSpan?: string | undefined;
  dlr?: string | undefined;
  aar?: string | undefined;
  staticRating?: string | undefined;
  fallback?: string | undefined;
}

export function entitiesOf(hass: Hass, deviceId: string): LineEntities {
  const entities = new Entities(hass);
  return {
    current: entities.find(deviceId, "current", "sensor"),
    headroom: entities.find(deviceId, "headroom", "sensor"),
    loading: entities.find(deviceId, "loading", "sensor"),
    limitedBy: entities.find(deviceId, "limited_by", "sensor"),
    limitingSpan: entities.find(deviceId, "limiting_span", "sensor"),
    dlr: entities.find(deviceId, "dlr", "sensor"),
    aar: entities.find(deviceId, "aar", "sensor"),
    staticRating: entities.find(deviceId, "static_rating", "number"),
    fallback: entities.find(deviceId, "dlr_fallback", "binary_sensor"),
  };
}

const known = (state: string | undefined) =>
  state === undefined || state === "unknown" || state === "unavailable" ? undefined : state;

/** What is measured now. */
export function liveOf(hass: Hass, entities: LineEntities): Live {
  const current = valueOf(hass, entities.current);
  const headroom = valueOf(hass, entities.headroom);
  const loading = entities.loading === undefined ? undefined : hass.states[entities.loading];
  const span = entities.limitingSpan && known(hass.states[entities.limitingSpan]?.state);
  return {
    current,
    inForce: current === undefined || headroom === undefined ? undefined : current + headroom,
    dlr: valueOf(hass, entities.dlr),
    aar: valueOf(hass, entities.aar),
    limitedBy: (loading?.attributes["limited_by"] as string | null | undefined) ?? undefined,
    limitingSpan: span || undefined,
    fallback: loading?.attributes["fallback"] === true,
  };
}

type Statistics = Record<string, Mean[] | undefined>;

function statistics(
  hass: Hass,
  ids: string[],
  period: "hour" | "5minute",
  start: number,
): Promise<Statistics> {
  return hass.callWS<Statistics>({
    type: "recorder/statistics_during_period",
    start_time: new Date(start).toISOString(),
    statistic_ids: ids,
    period,
    types: ["mean"],
    units: { electric_current: "A" },
  });
}

type Changes = Record<string, { s: string; lu: number }[] | undefined>;

async function fallbacks(
  hass: Hass,
  entityId: string | undefined,
  start: number,
  now: number,
): Promise<{ start: number; end: number }[]> {
  if (!entityId) return [];
  const found = await hass.callWS<Changes>({
    type: "history/history_during_period",
    start_time: new Date(start).toISOString(),
    end_time: new Date(now).toISOString(),
    entity_ids: [entityId],
    minimal_response: true,
    no_attributes: true,
  });
  const changes = found[entityId] ?? [];
  return changes.flatMap(({ s, lu }, index) => {
    const end = changes[index + 1]?.lu;
    return s === "on" ? [{ start: lu * 1000, end: end === undefined ? now : end * 1000 }] : [];
  });
}

/** The past of a line: hours, and minutes after the last whole hour. */
export async function recordedOf(
  hass: Hass,
  entities: LineEntities,
  hoursBack: number,
  now: number,
): Promise<Recorded> {
  const { current, headroom, dlr, aar } = entities;
  const ids = [current, headroom, dlr, aar].filter((one) => one !== undefined);
  if (!ids.length) return EMPTY;
  const hour = Math.floor(now / HOUR) * HOUR;
  // The load that is expected comes from a day before.
  const start = hour - Math.max(hoursBack, 24) * HOUR;
  const [hours, minutes, fallback] = await Promise.all([
    statistics(hass, ids, "hour", start),
    statistics(hass, ids, "5minute", hour - HOUR),
    fallbacks(hass, entities.fallback, start, now),
  ]);
  const means = (id: string | undefined): Mean[] => {
    if (id === undefined) return [];
    const found = hours[id] ?? [];
    const end = found.at(-1)?.end ?? 0;
    return [...found, ...(minutes[id] ?? []).filter((one) => one.start >= end)];
  };
  return {
    current: means(current),
    headroom: means(headroom),
    dlr: means(dlr),
    aar: means(aar),
    fallback,
  };
}

/** What the WebSocket command sends. */
export interface ForecastMessage extends Served {
  forecast: { updated: number | null; hours: ForecastHour[] } | null;
}

/** What the WebSocket command of expected loads sends. */
export interface ExpectedMessage {
  loaded: boolean;
  load: { hours: ExpectedHour[] } | null;
}
