/** The module that dashboards load: registers the strategy and the cards, once. */

import { CARDS } from "./cards";
import type { Hass } from "./hass";
import { lazyCard } from "./lazy";
import { sayOfPage } from "./page";
import { STRATEGY, STRATEGY_ELEMENTS } from "./strategy/elements";
import { suggestionOf } from "./suggestion";

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

/** Register what is not registered yet: the module may be loaded as a resource and as an extra. */
function register(list: Registered[], one: Registered): void {
  if (!list.some(({ type }) => type === one.type)) list.push(one);
}

function define(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}

for (const [tag, element] of Object.entries(STRATEGY_ELEMENTS)) define(tag, element);
for (const card of CARDS) {
  define(card.tag, lazyCard(card));
  // Names are read when they are shown: there is no language yet.
  register((window.customCards ??= []), {
    type: card.tag,
    get name() {
      return sayOfPage(card.name);
    },
    get description() {
      return sayOfPage(`${card.name}_description`);
    },
    preview: true,
    documentationURL: DOCUMENTATION,
    getEntitySuggestion: (hass: Hass, entityId: string) => suggestionOf(card, hass, entityId),
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
