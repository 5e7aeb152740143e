import { describe, expect, test } from "vitest";
import * as views from "../src/strategy/views";
import { World } from "./hass";

const all = (value: unknown): string => JSON.stringify(value);

function world(): World {
  const world = new World()
    .add("site", "Depot")
    .add("site", "Office")
    .add("gateway", "Hub", "Depot")
    .add("asset", "Meter", "Hub")
    .add("asset", "Charger", "Meter")
    .add("line", "North")
    .add("line", "South")
    .add("line", "Bare")
    .add("load_limit", "Evening");
  for (const [line, loading] of [["North", "40"], ["South", "90"]] as const) {
    world.entity(line, "sensor", "loading", loading);
    world.entity(line, "sensor", "current", "400");
  }
  world.entity("Depot", "sensor", null, "12", { device_class: "power" });
  world.entity("Office", "sensor", null, "30", { device_class: "power" });
  world.entity("Meter", "switch", "asset", "on");
  world.entity("Charger", "switch", "asset", "on");
  return world;
}

describe("views", () => {
  test("one for each line that is measured, and for each site", () => {
    const titles = views.viewsOf(world().hass()).map(({ title }) => title);
    expect(titles).toEqual(["Overview", "North", "South", "Depot", "Office", "Activity"]);
  });

  test("many lines are reached from the overview", () => {
    const many = world();
    for (let index = 0; index < 20; index++) {
      many.add("line", `L${index}`).entity(`L${index}`, "sensor", "current");
    }
    const found = views.viewsOf(many.hass());
    expect(found.filter(({ subview }) => !subview).map(({ title }) => title)).toEqual(["Overview"]);
    expect(all(views.overview(many.hass()))).toContain('"navigation_path":"/lovelace/activity"');
  });

  test("nothing yet is a page that says so", () => {
    const hass = new World().hass();
    expect(views.viewsOf(hass).map(({ title }) => title)).toEqual(["Overview"]);
    expect(all(views.overview(hass))).toContain("Add an account");
  });

  test("paths follow the device, not its name", () => {
    const renamed = world();
    renamed.devices["North"]!.name_by_user = "Nordlinje";
    const view = views.viewsOf(renamed.hass())[1]!;
    expect(view).toMatchObject({ title: "Nordlinje", path: "line-North" });
  });
});

describe("overview", () => {
  test("lists the lines, if any is measured", () => {
    expect(all(views.overview(world().hass()))).toContain("custom:gridduck-heimdall-lines");
    const buildings = new World().add("site", "Depot");
    buildings.entity("Depot", "sensor", null, "12", { device_class: "power" });
    expect(all(views.overview(buildings.hass()))).not.toContain("custom:gridduck-heimdall-lines");
  });

  test("the card at the top, and no other, is there before it is seen on the screen", () => {
    const found = views.overview(world().hass())["sections"] as { cards: { first?: boolean }[] }[];
    const first = found.flatMap(({ cards }) => cards).map((card) => Boolean(card.first));
    expect(first.indexOf(true)).toBe(0);
    expect(first.lastIndexOf(true)).toBe(0);
  });

  test("sites are in order of their power", () => {
    const found = all(views.overview(world().hass()));
    expect(found.indexOf("site-Office")).toBeLessThan(found.indexOf("site-Depot"));
  });

  test("what is wrong shows while it is so", () => {
    const troubled = world();
    const fallback = troubled.entity("North", "binary_sensor", "dlr_fallback", "off");
    const found = all(views.overview(troubled.hass()));
    expect(found).toContain(all({ type: "entity-filter", entities: [fallback] }).slice(0, -1));
    expect(found).toContain("custom:gridduck-heimdall-attention");
  });

  test("each load limit has its card", () => {
    expect(all(views.overview(world().hass()))).toContain(
      all({ type: "custom:gridduck-heimdall-load-limit", device_id: "Evening" }).slice(1, -1),
    );
  });

  test("what is boosted or snoozed shows while something is", () => {
    const overridden = world();
    const entity = overridden.entity("Charger", "sensor", "override", "snooze");
    const found = all(views.overview(overridden.hass()));
    expect(found).toContain(all({ type: "entity-filter", entities: [entity] }).slice(0, -1));
    expect(found).toContain(all({ condition: "state", state: ["boost", "snooze"] }));
    expect(found).toContain("custom:gridduck-heimdall-assets");
  });
});

describe("site", () => {
  test("shows its assets", () => {
    expect(all(views.siteView(world().hass(), "Depot"))).toContain(
      all({ type: "custom:gridduck-heimdall-assets", device_id: "Depot" }).slice(1, -1),
    );
  });

  test("one that is gone says so", () => {
    expect(all(views.siteView(world().hass(), "nowhere"))).toContain("markdown");
    expect(all(views.lineView(world().hass(), undefined))).toContain("markdown");
  });
});

describe("line", () => {
  test("has a map of its headroom, if that is known", () => {
    const one = world();
    expect(all(views.lineView(one.hass(), "North"))).not.toContain("gridduck-heimdall-headroom");
    one.entity("North", "sensor", "headroom", "40");
    expect(all(views.lineView(one.hass(), "North"))).toContain("gridduck-heimdall-headroom");
  });
});
