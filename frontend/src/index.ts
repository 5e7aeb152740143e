/** The module that dashboards load: registers the strategy and the cards, once. */

import { LineCard } from "./line/card";
import { LINE_CARD, suggestion } from "./line/form";
import { sayOfPage } from "./page";
import { STRATEGY, STRATEGY_ELEMENTS } from "./strategy/elements";

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

for (const [tag, element] of Object.entries({ ...STRATEGY_ELEMENTS, [LINE_CARD]: LineCard })) {
  if (!customElements.get(tag)) customElements.define(tag, element);
}

// The descriptions are read when they are shown: there is no language yet.
register((window.customCards ??= []), {
  type: LINE_CARD,
  get name() {
    return sayOfPage()("card_name");
  },
  get description() {
    return sayOfPage()("card_description");
  },
  preview: true,
  documentationURL: DOCUMENTATION,
  getEntitySuggestion: suggestion,
} as Registered);

register((window.customStrategies ??= []), {
  type: STRATEGY,
  strategyType: "dashboard",
  name: "GridDuck & Heimdall Power",
  get description() {
    return sayOfPage()("dashboard_description");
  },
  documentationURL: DOCUMENTATION,
} as Registered);
