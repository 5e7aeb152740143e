/** The views of the dashboard: which there are, and what each shows. */

import type { Device, Hass } from "../hass";
import { indicatorsOf } from "../attention/indicators";
import { ASSETS_CARD, ATTENTION_CARD, HEAT_CARD, LIMIT_CARD, LINE_CARD, LINES_CARD } from "../cards";
import {
  devicesOf,
  Entities,
  facilityOf,
  isHidden,
  kindOf,
  nameOf,
  numberOf,
} from "../inventory";
import { sayOf, type Key } from "../texts";

type Card = Record<string, unknown>;
type Section = Record<string, unknown>;

export interface ViewConfig {
  title: string;
  path: string;
  icon: string;
  subview?: boolean;
  strategy: { type: string; device_id?: string };
}

const PREFIX = "gridduck-heimdall";
/** With more lines and sites than these, all views are opened from the overview. */
const MAX_TABS = 6;

const ACTIVITY = "activity";
const ACTIVITY_ICON = "mdi:history";

const areMany = (lines: Device[], sites: Device[]): boolean =>
  lines.length + sites.length > MAX_TABS;

const say = (hass: Hass, key: Key) => sayOf(hass)(key);

const pathOf = (device: Device) => `${kindOf(device)}-${device.id}`;

/** Lines that something is measured or calculated of; a line without sensors has nothing to show. */
function measured(entities: Entities): Device[] {
  return entities.devices("line").filter(({ id }) =>
    ["current", "dlr", "aar", "loading"].some((key) => entities.find(id, key, "sensor")),
  );
}

export function viewsOf(hass: Hass): ViewConfig[] {
  const entities = new Entities(hass);
  const lines = measured(entities);
  const sites = entities.devices("site");
  const overview: ViewConfig = {
    title: say(hass, "overview"),
    path: "overview",
    icon: "mdi:view-dashboard",
    strategy: { type: `custom:${PREFIX}-overview` },
  };
  if (!lines.length && !sites.length) return [overview];
  // If a second view has a tab, Home Assistant makes one of each subview too, and hides it.
  const subview = areMany(lines, sites);
  const own = (device: Device, icon: string): ViewConfig => ({
    title: nameOf(device),
    path: pathOf(device),
    icon,
    subview,
    strategy: { type: `custom:${PREFIX}-${kindOf(device)}`, device_id: device.id },
  });
  return [
    overview,
    ...lines.map((line) => own(line, "mdi:transmission-tower")),
    ...sites.map((site) => own(site, "mdi:office-building")),
    {
      title: say(hass, "activity"),
      path: ACTIVITY,
      icon: ACTIVITY_ICON,
      subview,
      strategy: { type: `custom:${PREFIX}-activity` },
    },
  ];
}

const ENTITY_NAME = [{ type: "entity" }];
const DEVICE_NAME = [{ type: "device" }];

const heading = (title: string, icon: string): Card => ({ type: "heading", heading: title, icon });

const whenAny = (entity: string) => ({ condition: "numeric_state", entity, above: 0 });

/** A section that begins with its heading, unless there is nothing more. */
const section = (cards: Card[], more: Section = {}): Section[] =>
  cards.length > 1 ? [{ type: "grid", cards, ...more }] : [];

/** A section of a card that has its own title, and of what follows it. */
const grid = (cards: Card[], more: Section = {}): Section[] => [{ type: "grid", cards, ...more }];

/** The full width of a section. */
const WIDE = { grid_options: { columns: "full" } };

/** A tile; beside another one there would be no room for names in most languages. */
const tile = (entity: string, more: Card = {}): Card => ({
  type: "tile",
  entity,
  name: ENTITY_NAME,
  ...WIDE,
  ...more,
});

const view = (sections: Section[], columns = 3): Card => ({
  type: "sections",
  max_columns: columns,
  dense_section_placement: true,
  sections,
});

/** The path of the dashboard that is open. */
const dashboardPath = () => globalThis.location?.pathname.split("/")[1] ?? "lovelace";

/** A path of the dashboard that is open. */
const go = (path: string): Card => ({
  action: "navigate",
  navigation_path: `/${dashboardPath()}/${path}`,
});

function siteTiles(entities: Entities): Card[] {
  const power = (site: Device) => entities.ofClass(site.id, "power");
  const value = (site: Device) => numberOf(entities.hass, power(site)) ?? -1;
  return entities
    .devices("site")
    .sort((a, b) => value(b) - value(a))
    .flatMap((site) => {
      const entity = power(site) ?? entities.all(site.id, ["assets_online"])[0];
      if (!entity) return [];
      return [tile(entity, { name: DEVICE_NAME, tap_action: go(pathOf(site)) })];
    });
}

const loadLimitCards = (entities: Entities): Card[] =>
  entities.devices("load_limit").map(({ id }) => ({
    type: `custom:${LIMIT_CARD}`,
    device_id: id,
    ...WIDE,
  }));

/**
 * A card that is there while one of these entities fulfils a condition, and gets those that do.
 * The page finds out by itself; for the visibility of a card it would ask the server.
 */
const whileAny = (entities: string[], condition: Card, card: Card): Card[] =>
  entities.length
    ? [{ type: "entity-filter", entities, conditions: [condition], show_empty: false, card, ...WIDE }]
    : [];

/** What is boosted or snoozed at present. */
const overriddenCard = (hass: Hass, entities: Entities): Card[] =>
  whileAny(
    devicesOf(hass, "asset").flatMap(({ id }) => entities.all(id, ["override"])),
    { condition: "state", state: ["boost", "snooze"] },
    { type: `custom:${ASSETS_CARD}`, name: say(hass, "overridden"), show: "overridden" },
  );

/** What is offline or on a fallback. */
const troubleCard = (entities: Entities): Card[] =>
  whileAny(
    indicatorsOf(entities).map(({ entity }) => entity),
    {
      condition: "or",
      conditions: [
        { condition: "state", state: "on" },
        { condition: "numeric_state", above: 0 },
      ],
    },
    { type: `custom:${ATTENTION_CARD}` },
  );

export function overview(hass: Hass): Card {
  const entities = new Entities(hass);
  const sites = siteTiles(entities);
  const lines = measured(entities);
  if (!lines.length && !sites.length) return empty(hass);
  const limits = loadLimitCards(entities);
  const link = areMany(lines, entities.devices("site"))
    ? [{ ...heading(say(hass, "activity"), ACTIVITY_ICON), tap_action: go(ACTIVITY) }]
    : [];
  const beside = [
    ...troubleCard(entities),
    ...(sites.length ? [heading(say(hass, "sites"), "mdi:office-building"), ...sites] : []),
    ...overriddenCard(hass, entities),
    ...(lines.length ? [] : link),
  ];
  return view([
    ...(lines.length
      ? grid([
          { type: `custom:${LINES_CARD}`, dashboard: dashboardPath(), first: true, ...WIDE },
          ...link,
        ])
      : []),
    ...section([heading(say(hass, "load_limits"), "mdi:speedometer"), ...limits]),
    // Sections of one row are as high as the highest: what is short shares a column.
    ...(beside.length ? grid(beside) : []),
  ]);
}

const lineCard = (line: Device): Card => ({
  type: `custom:${LINE_CARD}`,
  device_id: line.id,
  first: true,
  grid_options: { columns: "full", rows: 8 },
});

/** A page that says why there is nothing: nothing at all, or nothing that the user may read. */
function empty(hass: Hass): Card {
  const content =
    isHidden(hass, "line") || isHidden(hass, "site")
      ? say(hass, "not_permitted")
      : `## ${say(hass, "empty")}\n\n${say(hass, "empty_text")}`;
  return view([{ type: "grid", cards: [{ type: "markdown", content, ...WIDE }] }], 1);
}

/** What the card of the line does not say in words already. */
const NOW_KEYS = [
  "current",
  "dlr",
  "aar",
  "dlr_forecast_lowest",
  "dlr_forecast_lowest_time",
  "conductor_temperature_max",
  "clearance_min",
  "ice_load",
  "ice_load_forecast_peak",
] as const;

export function lineView(hass: Hass, deviceId: string | undefined): Card {
  const line = hass.devices[deviceId ?? ""];
  if (!line) return gone(hass);
  const entities = new Entities(hass);
  const facility = facilityOf(hass, line);
  const values = [
    ...entities.all(line.id, NOW_KEYS),
    ...(facility ? entities.all(facility.id, ["circuit_rating", "limiting_component"]) : []),
  ];
  const week = entities.all(line.id, ["current", "dlr", "aar"]);
  return view([
    ...grid([lineCard(line)], { column_span: 2 }),
    ...section([heading(say(hass, "now"), "mdi:gauge"), ...values.map((entity) => tile(entity))], {
      row_span: 2,
    }),
    ...section(
      [
        heading(say(hass, "past"), "mdi:chart-line"),
        ...(week.length
          ? [
              {
                type: "statistics-graph",
                entities: week.map((entity) => ({ entity, name: ENTITY_NAME })),
                period: "hour",
                days_to_show: 7,
                stat_types: ["mean"],
                ...WIDE,
              },
            ]
          : []),
      ],
      { column_span: 2 },
    ),
    ...(entities.find(line.id, "headroom", "sensor")
      ? section(
          [
            heading(say(hass, "headroom_map"), "mdi:grid"),
            { type: `custom:${HEAT_CARD}`, device_id: line.id, ...WIDE },
          ],
          { column_span: 2 },
        )
      : []),
  ]);
}

const gone = (hass: Hass): Card =>
  view([{ type: "grid", cards: [{ type: "markdown", content: say(hass, "gone"), ...WIDE }] }], 1);

export function siteView(hass: Hass, deviceId: string | undefined): Card {
  const site = hass.devices[deviceId ?? ""];
  if (!site) return gone(hass);
  const entities = new Entities(hass);
  const power = entities.ofClass(site.id, "power");
  return view([
    ...section([
      heading(nameOf(site), "mdi:office-building"),
      ...(power
        ? [
            {
              type: "history-graph",
              entities: [{ entity: power, name: ENTITY_NAME }],
              hours_to_show: 24,
              ...WIDE,
            },
          ]
        : []),
      ...entities.all(site.id, ["price", "assets_online"]).map((entity) => tile(entity)),
      ...entities
        .all(site.id, ["assets_disconnected", "assets_snoozed"])
        .map((entity) => tile(entity, { visibility: [whenAny(entity)] })),
    ]),
    ...grid(
      [{ type: `custom:${ASSETS_CARD}`, device_id: site.id, name: say(hass, "assets"), ...WIDE }],
      { column_span: 2 },
    ),
  ]);
}

/** What happened: our entities whose changes, and events, say something. */
export function activity(hass: Hass): Card {
  const entities = new Entities(hass);
  const of = (kind: "line" | "asset" | "load_limit", keys: readonly string[]) =>
    devicesOf(hass, kind).flatMap(({ id }) => entities.all(id, keys));
  const all = [
    ...of("line", ["loading", "dlr_fallback"]),
    ...of("load_limit", ["load_limit_state", "load_limit_mode", "load_limit_decision"]),
    ...of("asset", ["asset", "state"]),
  ];
  if (!all.length) return empty(hass);
  const logbook = { type: "logbook", target: { entity_id: all }, hours_to_show: 24 };
  return { type: "panel", cards: [logbook] };
}
