/** The module that dashboards load: registers the strategy and the cards, once. */

import { ASSETS, suggestAssets } from "./assets/form";
import { HEAT, suggestHeat } from "./heat/form";
import { lazyCard, type CardType } from "./lazy";
import { LIMIT, suggestLimit } from "./limit/form";
import { LINE, suggestion } from "./line/form";
import { LINES, suggestLines } from "./lines/form";
import { sayOfPage } from "./page";
import { STRATEGY, STRATEGY_ELEMENTS } from "./strategy/elements";
import type { Key } from "./texts";

const DOCUMENTATION = "https://github.com/gridduck-heimdall/home-assistant";

interface Registered {
  type: string;
}

declare global {
  interface Window {
    customCards?: Registered[];
    customStrategies?: Registered[];
  }
}

interface Listed {
  card: CardType;
  name: Key;
  description: Key;
  suggestion: unknown;
}

const CARDS: Listed[] = [
  { card: LINE, name: "line_card", description: "line_card_description", suggestion },
  {
    card: LINES,
    name: "lines_card",
    description: "lines_card_description",
    suggestion: suggestLines,
  },
  {
    card: LIMIT,
    name: "limit_card",
    description: "limit_card_description",
    suggestion: suggestLimit,
  },
  {
    card: ASSETS,
    name: "assets_card",
    description: "assets_card_description",
    suggestion: suggestAssets,
  },
  {
    card: HEAT,
    name: "heat_card",
    description: "heat_card_description",
    suggestion: suggestHeat,
  },
];

/** Register what is not registered yet: the module may be loaded as a resource and as an extra. */
function register(list: Registered[], one: Registered): void {
  if (!list.some(({ type }) => type === one.type)) list.push(one);
}

function define(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}

for (const [tag, element] of Object.entries(STRATEGY_ELEMENTS)) define(tag, element);
for (const { card, name, description, suggestion: getEntitySuggestion } of CARDS) {
  define(card.tag, lazyCard(card));
  // Names are read when they are shown: there is no language yet.
  register((window.customCards ??= []), {
    type: card.tag,
    get name() {
      return sayOfPage(name);
    },
    get description() {
      return sayOfPage(description);
    },
    preview: true,
    documentationURL: DOCUMENTATION,
    getEntitySuggestion,
  } as Registered);
}

register((window.customStrategies ??= []), {
  type: STRATEGY,
  strategyType: "dashboard",
  name: "GridDuck & Heimdall Power",
  get description() {
    return sayOfPage("dashboard_description");
  },
  documentationURL: DOCUMENTATION,
} as Registered);

// So that the names above are there when they are read.
sayOfPage("now");
