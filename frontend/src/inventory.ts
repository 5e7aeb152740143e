/** Finds devices and entities of the integration: by platform and translation key, never by id. */

import { DOMAIN, type Device, type EntityEntry, type Hass } from "./hass";

export type Kind = "line" | "facility" | "site" | "gateway" | "asset" | "load_limit";

/** The kind of a device, or "" if it belongs to another integration. */
export function kindOf(device: Device | undefined): string {
  const identifier = device?.identifiers.find(([domain]) => domain === DOMAIN)?.[1] ?? "";
  return identifier.slice(0, identifier.indexOf(":"));
}

/** Whether a user who is shown no device of a kind lacks the permission to read them. */
export function isHidden(hass: Hass, kind: Kind): boolean {
  return !isAdmin(hass) && devicesOf(hass, kind).length > 0;
}

const isAdmin = (hass: Hass): boolean => hass.user?.is_admin !== false;

export function nameOf(device: Device): string {
  return device.name_by_user ?? device.name ?? device.id;
}

/** Groups a registry, and does so again only for another one: the frontend replaces what changes. */
function grouping<T>(keyOf: (one: T) => string) {
  const known = new WeakMap<object, Map<string, T[]>>();
  return (registry: Record<string, T>): Map<string, T[]> => {
    let groups = known.get(registry);
    if (!groups) {
      known.set(registry, (groups = new Map<string, T[]>()));
      for (const one of Object.values(registry)) {
        const key = keyOf(one);
        const group = groups.get(key);
        if (group) group.push(one);
        else groups.set(key, [one]);
      }
    }
    return groups;
  };
}

const byKind = grouping<Device>(kindOf);

/** Our entities; those without a device, hidden ones and those of others are under "". */
const byDevice = grouping<EntityEntry>(({ platform, device_id, hidden }) =>
  platform === DOMAIN && !hidden && device_id ? device_id : "",
);

/** All devices of a kind, in no order. */
export const devicesOf = (hass: Hass, kind: Kind): readonly Device[] =>
  byKind(hass.devices).get(kind) ?? [];

/** Compares devices by name, as the language of the user does. */
export function byName(hass: Hass): (a: Device, b: Device) => number {
  const { compare } = new Intl.Collator(hass.locale.language, { numeric: true });
  return (a, b) => compare(nameOf(a), nameOf(b));
}

/** All devices of a kind, by name. */
export const sortedDevices = (hass: Hass, kind: Kind): Device[] =>
  [...devicesOf(hass, kind)].sort(byName(hass));

/** The entities of devices that the user may read. */
export class Entities {
  constructor(readonly hass: Hass) {}

  /** The devices of a kind of which the user may read something, by name. */
  devices(kind: Kind): Device[] {
    return sortedDevices(this.hass, kind).filter(
      ({ id }) => isAdmin(this.hass) || this.#of(id).length,
    );
  }

  #of(deviceId: string): EntityEntry[] {
    const { hass } = this;
    const all = byDevice(hass.entities).get(deviceId) ?? [];
    // Home Assistant sends each user the whole registry, but only the states that they may read.
    return isAdmin(hass) ? all : all.filter(({ entity_id }) => entity_id in hass.states);
  }

  /** The entity of a device with a translation key, in one of the domains if any are named. */
  find(deviceId: string, key: string, ...domains: string[]): string | undefined {
    return this.#of(deviceId).find(
      ({ entity_id, translation_key }) =>
        translation_key === key && (!domains.length || domains.includes(domainOf(entity_id))),
    )?.entity_id;
  }

  /** The entities of a device with these translation keys, in this order. */
  all(deviceId: string, keys: readonly string[]): string[] {
    return keys.flatMap((key) => this.find(deviceId, key) ?? []);
  }

  /** The sensor of a device with a device class, which has no translation key. */
  ofClass(deviceId: string, deviceClass: string): string | undefined {
    return this.#of(deviceId).find(
      ({ entity_id }) =>
        domainOf(entity_id) === "sensor" &&
        this.hass.states[entity_id]?.attributes["device_class"] === deviceClass,
    )?.entity_id;
  }
}

export function numberOf(hass: Hass, entityId: string | undefined): number | undefined {
  const text = entityId === undefined ? undefined : hass.states[entityId]?.state;
  const value = text === undefined || text === "" ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

export function domainOf(entityId: string): string {
  return entityId.slice(0, entityId.indexOf("."));
}

/** The site that an asset belongs to: through its parents and its gateway. */
export function siteOf(hass: Hass, device: Device): Device | undefined {
  const seen = new Set<string>();
  let one: Device | undefined = device;
  while (one && kindOf(one) !== "site" && !seen.has(one.id)) {
    seen.add(one.id);
    one = one.via_device_id ? hass.devices[one.via_device_id] : undefined;
  }
  return one && kindOf(one) === "site" ? one : undefined;
}

/** The facility that a line belongs to. */
export function facilityOf(hass: Hass, line: Device): Device | undefined {
  const via = line.via_device_id ? hass.devices[line.via_device_id] : undefined;
  return kindOf(via) === "facility" ? via : undefined;
}
