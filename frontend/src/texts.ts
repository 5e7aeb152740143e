/** Texts of the cards and views, by language. */

const EN = {
  activity: "Activity",
  aar: "Ambient-adjusted rating",
  ahead: "Hours ahead",
  assets: "Assets",
  back: "Hours back",
  card_description: "Current and ratings of an overhead line, past and ahead.",
  card_name: "Line: current and ratings",
  certain: "{percent} % certain",
  circuit_rating: "Circuit rating",
  confidence: "Confidence",
  current: "Current",
  dashboard_description: "Overhead lines, load limits, sites and what happened, made from what you have.",
  device: "Line",
  dlr: "Dynamic line rating",
  empty: "Nothing here yet",
  empty_text:
    "Add an account of GridDuck or Heimdall Power, and its sites and lines appear here by themselves.\n\n[Add an account](/config/integrations/integration/gridduck_heimdall)",
  expected: "Load a day earlier",
  fallback: "Fallback",
  forecast_missing: "No forecast at present.",
  gone: "This line no longer exists. Choose another one in the settings of the card, or remove the card.",
  headroom: "Headroom {value}",
  in_force: "Rating in force",
  limited_by: "Limit: {rating}",
  limiting_span: "Limiting span",
  line_chart: "{name}: values over time. Arrow keys move through time.",
  lines: "Lines",
  load_limits: "Load limits",
  loading: "Loading…",
  loading_of: "Loading {value}",
  no_data: "There are no measurements and no forecast of this line yet.",
  not_loaded: "The account of this line is not loaded: shown is what was recorded.",
  not_permitted: "You are not permitted to see this line.",
  now: "Now",
  overridden: "Boosted or snoozed now",
  overview: "Overview",
  past: "Last seven days",
  risk: "Hours at risk",
  risk_from: "At risk from {time}",
  sites: "Sites",
  static_rating: "Static rating",
  time: "Time",
  tightest: "Highest loading",
  trouble: "Needs attention",
  unknown: "unknown",
  unavailable: "Home Assistant did not answer. The card tries again by itself.",
  what_to_choose: "Choose a line in the settings of this card.",
};

export type Key = keyof typeof EN;

const TEXTS: Record<string, Partial<Record<Key, string>>> = { en: EN };

/** The text of a key in a language, or in English. */
export function text(language: string, key: Key, values: Record<string, string> = {}): string {
  const base = language.split("-")[0] ?? "en";
  const found = TEXTS[language]?.[key] ?? TEXTS[base]?.[key] ?? EN[key];
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
