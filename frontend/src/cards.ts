/** The cards: how each appears in a dashboard and in the dialogs that choose one. */

import type { Kind } from "./inventory";

export const LINE_CARD = "gridduck-heimdall-line";
export const LINES_CARD = "gridduck-heimdall-lines";
export const LIMIT_CARD = "gridduck-heimdall-load-limit";
export const ASSETS_CARD = "gridduck-heimdall-assets";
export const HEAT_CARD = "gridduck-heimdall-headroom";
export const ATTENTION_CARD = "gridduck-heimdall-attention";

export interface CardType {
  tag: string;
  /** The key of its name; that of its description ends with "description". */
  name:
    | "line_card"
    | "lines_card"
    | "limit_card"
    | "assets_card"
    | "heat_card"
    | "attention_card";
  load(): Promise<CustomElementConstructor>;
  /** Rows of a dashboard that is no grid. */
  size: number;
  grid?: Record<string, number>;
  /** The kind of device for whose entities the card is suggested, and their translation keys. */
  kind: Kind;
  keys: readonly string[];
  /** Whether it shows all devices of the kind, not one. */
  showsAll?: boolean;
}

export const CARDS: readonly CardType[] = [
  {
    tag: LINE_CARD,
    name: "line_card",
    load: async () => (await import("./line/card")).LineCard,
    size: 6,
    grid: { rows: 6, min_rows: 5 },
    kind: "line",
    keys: ["current", "loading", "headroom", "dlr", "aar", "dlr_forecast_lowest"],
  },
  {
    tag: LINES_CARD,
    name: "lines_card",
    load: async () => (await import("./overview")).LinesCard,
    size: 6,
    kind: "line",
    keys: ["loading", "headroom"],
    showsAll: true,
  },
  {
    tag: LIMIT_CARD,
    name: "limit_card",
    load: async () => (await import("./overview")).LimitCard,
    size: 7,
    kind: "load_limit",
    keys: [
      "state",
      "load",
      "limit",
      "headroom",
      "power_curtailed",
      "assets_curtailed",
      "mode",
      "available",
    ].map((key) => `load_limit_${key}`),
  },
  {
    tag: ASSETS_CARD,
    name: "assets_card",
    load: async () => (await import("./assets/card")).AssetsCard,
    size: 6,
    kind: "site",
    keys: ["assets_online", "assets_disconnected", "assets_snoozed"],
  },
  {
    tag: HEAT_CARD,
    name: "heat_card",
    load: async () => (await import("./heat/card")).HeatCard,
    size: 10,
    kind: "line",
    keys: ["headroom", "loading"],
  },
  {
    tag: ATTENTION_CARD,
    name: "attention_card",
    load: async () => (await import("./attention/card")).AttentionCard,
    size: 3,
    kind: "line",
    keys: ["dlr_fallback"],
    showsAll: true,
  },
];
