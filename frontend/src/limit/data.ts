/** Fetches what the card of a load limit shows. */

import type { Hass } from "../hass";
import { Entities } from "../inventory";
import { HOUR } from "../chart/plane";
import { continued, MEASURED, type LimitHistory, type Mean } from "./model";

/** Keys of the entities of a load limit, with their domains. */
const ENTITIES = {
  state: ["sensor", "state"],
  load: ["sensor", "load"],
  limit: ["sensor", "limit"],
  headroom: ["sensor", "headroom"],
  curtailed: ["sensor", "power_curtailed"],
  count: ["sensor", "assets_curtailed"],
  unmet: ["sensor", "unmet_power"],
  next: ["sensor", "next_return"],
  available: ["sensor", "available"],
  mean: ["sensor", "expected_mean"],
  mode: ["select", "mode"],
  restore: ["button", "restore"],
  risk: ["binary_sensor", "peak_at_risk"],
} as const;

export type LimitEntities = Partial<Record<keyof typeof ENTITIES, string | undefined>>;

export function limitEntities(hass: Hass, deviceId: string): LimitEntities {
  const entities = new Entities(hass);
  return Object.fromEntries(
    Object.entries(ENTITIES).map(([name, [domain, key]]) => [
      name,
      entities.find(deviceId, `load_limit_${key}`, domain),
    ]),
  );
}

type Statistics = Record<string, Mean[] | undefined>;

/** Means of five minutes, which Home Assistant records for ten days; before them, of hours. */
export async function limitHistory(
  hass: Hass,
  entities: LimitEntities,
  measured: string | null | undefined,
  hoursBack: number,
): Promise<LimitHistory> {
  const ids = MEASURED.flatMap((key) => entities[key] ?? []);
  const means = async (period: string, statistic_ids: string[]): Promise<Statistics> =>
    // Without any, the request would be refused: entities may be removed before their device.
    statistic_ids.length
      ? hass.callWS<Statistics>({
          type: "recorder/statistics_during_period",
          start_time: new Date(Date.now() - hoursBack * HOUR).toISOString(),
          statistic_ids,
          period,
          types: ["mean"],
          units: { electric_current: "A", power: "kW" },
        })
      : {};
  const [own, before] = await Promise.all([
    means("5minute", ids),
    means("hour", measured ? [measured] : []),
  ]);
  const of = (id: string | undefined) => (id && own[id]) || [];
  return {
    load: continued((measured && before[measured]) || [], of(entities.load)),
    limit: of(entities.limit),
    curtailed: of(entities.curtailed),
  };
}
