/** The part of Home Assistant's frontend object that the cards and strategies use. */

export const DOMAIN = "gridduck_heimdall";

export interface EntityEntry {
  entity_id: string;
  device_id?: string | null;
  platform?: string;
  translation_key?: string | null;
  hidden?: boolean;
}

export interface Device {
  id: string;
  identifiers: [string, string][];
  name: string | null;
  name_by_user: string | null;
  via_device_id: string | null;
  primary_config_entry?: string | null;
}

export interface State {
  entity_id: string;
  state: string;
  attributes: Record<string, unknown>;
  last_updated?: string;
}

export interface Locale {
  language: string;
  number_format: string;
  time_format: string;
  time_zone: string;
  first_weekday?: string;
}

export interface Connection {
  subscribeMessage<T>(
    callback: (message: T) => void,
    message: Record<string, unknown>,
  ): Promise<() => Promise<void>>;
}

export interface Hass {
  states: Record<string, State>;
  entities: Record<string, EntityEntry>;
  devices: Record<string, Device>;
  locale: Locale;
  config: { time_zone: string };
  themes: { darkMode?: boolean };
  user?: { is_admin: boolean };
  connection: Connection;
  callWS<T>(message: Record<string, unknown>): Promise<T>;
  callService(
    domain: string,
    service: string,
    data: Record<string, unknown>,
    target?: { device_id?: string; entity_id?: string },
  ): Promise<unknown>;
  localize(key: string, values?: Record<string, string>): string;
  loadBackendTranslation(category: string, integration: string): Promise<unknown>;
  formatEntityState(state: State, value?: string): string;
}
