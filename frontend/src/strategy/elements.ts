/** The dashboard strategy, and that of each kind of view, as Home Assistant looks for them. */

import type { Hass } from "../hass";
import { hassOfPage } from "../page";
import { loadTexts } from "../texts";
import { activity, lineView, overview, siteView, viewsOf } from "./views";

interface ViewStrategyConfig {
  device_id?: string;
}

/** The registries whose changes make the strategies run again. */
const DEPENDENCIES = ["entities", "devices"];

/** The frontend object as it is now: the one that was passed has the texts of before. */
const withTexts = (hass: Hass): Hass => ({ ...hass, localize: (hassOfPage() ?? hass).localize });

/** Load the cards of the overview before it is drawn, if it is the view that is opened. */
function preload(): void {
  const view = globalThis.location?.pathname.split("/")[2] ?? "";
  if (["", "0", "overview"].includes(view)) {
    // A card that does not get its code tries again, and says so.
    import("../overview").catch(() => undefined);
  }
}

class DashboardStrategy extends HTMLElement {
  static registryDependencies = DEPENDENCIES;
  static noEditor = true;

  static async generate(_config: unknown, hass: Hass) {
    preload();
    await loadTexts(hass);
    return { views: viewsOf(withTexts(hass)) };
  }

  static getCreateSuggestions() {
    return { title: "GridDuck & Heimdall Power", icon: "mdi:transmission-tower" };
  }
}

/** The element of a view strategy. */
function viewStrategy(make: (hass: Hass, config: ViewStrategyConfig) => unknown) {
  return class extends HTMLElement {
    static registryDependencies = DEPENDENCIES;

    static async generate(config: ViewStrategyConfig, hass: Hass) {
      await loadTexts(hass);
      return make(withTexts(hass), config);
    }
  };
}

const VIEWS = {
  overview: viewStrategy((hass) => overview(hass)),
  line: viewStrategy((hass, config) => lineView(hass, config.device_id)),
  site: viewStrategy((hass, config) => siteView(hass, config.device_id)),
  activity: viewStrategy((hass) => activity(hass)),
};

export const STRATEGY = "gridduck-heimdall";

/** The elements by name. */
export const STRATEGY_ELEMENTS: Record<string, CustomElementConstructor> = {
  [`ll-strategy-dashboard-${STRATEGY}`]: DashboardStrategy,
  ...Object.fromEntries(
    Object.entries(VIEWS).map(([name, element]) => [`ll-strategy-view-${STRATEGY}-${name}`, element]),
  ),
};

