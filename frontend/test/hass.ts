/** A small Home Assistant: two sites, three lines and a load limit. */

import type { Device, EntityEntry, Hass, State } from "../src/hass";

import en from "../../custom_components/gridduck_heimdall/translations/en.json";

const DOMAIN = "gridduck_heimdall";

export const LOCALE = {
  language: "en",
  number_format: "language",
  time_format: "24",
  time_zone: "server",
};

export function device(id: string, identifier: string, via: string | null = null): Device {
  return {
    id,
    identifiers: [[DOMAIN, identifier]],
    name: id,
    name_by_user: null,
    via_device_id: via,
  };
}

export class World {
  readonly devices: Record<string, Device> = {};
  readonly entities: Record<string, EntityEntry> = {};
  readonly states: Record<string, State> = {};
  #count = 0;

  add(kind: string, id: string, via: string | null = null): this {
    this.devices[id] = device(id, `${kind}:${id}`, via);
    return this;
  }

  /** An entity whose id says nothing, as on a system in another language. */
  entity(
    deviceId: string,
    domain: string,
    key: string | null,
    state = "0",
    attributes: Record<string, unknown> = {},
  ): string {
    const entity_id = `${domain}.ting_${this.#count++}`;
    this.entities[entity_id] = {
      entity_id,
      device_id: deviceId,
      platform: DOMAIN,
      translation_key: key,
    };
    this.states[entity_id] = { entity_id, state, attributes };
    return entity_id;
  }

  hass(): Hass {
    return {
      // The frontend replaces a registry in which something changes.
      devices: { ...this.devices },
      entities: { ...this.entities },
      states: this.states,
      locale: LOCALE,
      config: { time_zone: "Europe/Oslo" },
      themes: { darkMode: false },
      connection: { subscribeMessage: () => Promise.reject(new Error("not here")) },
      callWS: () => Promise.reject(new Error("not here")),
      callService: () => Promise.reject(new Error("not here")),
      localize: english,
      loadBackendTranslation: () => Promise.resolve(),
      formatEntityState: (state) => state.state,
    };
  }
}

/** The text of a key in English, as Home Assistant finds it. */
export function english(key: string, values: Record<string, string> = {}): string {
  let found: unknown = en;
  for (const part of key.split(".").slice(2)) {
    found = (found as Record<string, unknown> | undefined)?.[part];
  }
  return typeof found === "string"
    ? found.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
    : "";
}
