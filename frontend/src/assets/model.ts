/** What the card of assets shows, as a function of states. */

import type { Device, Hass } from "../hass";
import { Entities, kindOf, nameOf, siteOf } from "../inventory";
import type { Curtailed } from "../limit/model";
import type { Key } from "../texts";

export type Override = "none" | "boost" | "snooze";

/** The entities of an asset, as far as they are enabled. */
interface AssetEntities {
  switch: string | undefined;
  state: string | undefined;
  power: string | undefined;
  override: string | undefined;
  ends: string | undefined;
  end: string | undefined;
  connection: string | undefined;
}

export interface Asset {
  device: Device;
  site: Device | undefined;
  entities: AssetEntities;
  /** How many others hang directly below it. */
  below: number;
}

/** The assets of a site, or all; in order of their names. */
export function assetsOf(hass: Hass, siteId: string | undefined): Asset[] {
  const entities = new Entities(hass);
  const devices = entities.devices("asset");
  const below = new Map<string, number>();
  for (const { via_device_id: via } of devices) {
    if (via) below.set(via, (below.get(via) ?? 0) + 1);
  }
  return devices.flatMap((device) => {
    const site = siteOf(hass, device);
    if (siteId && site?.id !== siteId) return [];
    const { id } = device;
    return [
      {
        device,
        site,
        below: below.get(id) ?? 0,
        entities: {
          switch: entities.find(id, "asset", "switch"),
          state: entities.find(id, "state", "binary_sensor"),
          power: entities.ofClass(id, "power"),
          override: entities.find(id, "override", "sensor"),
          ends: entities.find(id, "override_ends", "sensor"),
          end: entities.find(id, "end_override", "button"),
          connection: entities.find(id, "connection", "binary_sensor"),
        },
      },
    ];
  });
}

/** Whether an asset may be boosted and snoozed: others have neither a switch nor a button. */
export const isControllable = ({ entities }: Asset): boolean =>
  (entities.switch ?? entities.end) !== undefined;

/** The running override, with its end if that is known. */
export function overrideOf(hass: Hass, { entities }: Asset): { kind: Override; until?: number } {
  const attributes = entities.switch ? hass.states[entities.switch]?.attributes : undefined;
  const sensor = entities.override ? hass.states[entities.override]?.state : undefined;
  const kind = attributes?.["override"] ?? sensor;
  if (kind !== "boost" && kind !== "snooze") return { kind: "none" };
  const end = attributes?.["until"] ?? (entities.ends && hass.states[entities.ends]?.state);
  const until = typeof end === "string" ? Date.parse(end) : NaN;
  return Number.isNaN(until) ? { kind } : { kind, until };
}

/** Overridden ones first, otherwise as they were. */
export function inOrder(hass: Hass, assets: readonly Asset[]): Asset[] {
  const rank = new Map(assets.map((one) => [one, overrideOf(hass, one).kind === "none" ? 1 : 0]));
  return [...assets].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
}

/** Minutes of an override that is extended by some minutes, at most a day. */
export function extended(until: number | undefined, minutes: number, now: number): number {
  const left = until === undefined ? 0 : Math.max(0, (until - now) / 60_000);
  return Math.min(Math.ceil(left + minutes), 24 * 60);
}

/** What the WebSocket command sends. */
export interface CurtailedMessage {
  curtailed: Curtailed[];
  /** Ids of accounts that are not loaded, and of those that wait for new credentials. */
  not_loaded: string[];
  sign_in: string[];
}

/** Why the states of assets are not those of now; undefined where they are. */
export function whyOld(
  hass: Hass,
  assets: readonly Asset[],
  accounts: CurtailedMessage | undefined,
): Key | undefined {
  const own = new Set(assets.map(({ device }) => device.primary_config_entry));
  if (accounts?.sign_in.some((id) => own.has(id))) return "sign_in";
  if (accounts?.not_loaded.some((id) => own.has(id))) return "assets_not_loaded";
  // Of an asset that is not connected, its connection is known.
  const isUnavailable = ({ entities: { connection, switch: control, state } }: Asset) =>
    hass.states[connection ?? control ?? state ?? ""]?.state === "unavailable";
  return assets.length && assets.every(isUnavailable) ? "not_responding" : undefined;
}

/** What there is to say in place of the assets of a site that was chosen. */
export function problemOf(hass: Hass, siteId: string | undefined) {
  if (!siteId) return undefined;
  const device = hass.devices[siteId];
  if (!device) return "site_gone";
  return kindOf(device) === "site" ? undefined : "site_choose";
}

export const label = ({ device }: Asset) => nameOf(device);
