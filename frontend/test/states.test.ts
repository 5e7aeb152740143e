import { describe, expect, test } from "vitest";
import { assetsOf, whyOld as whyAssetsAreOld, type CurtailedMessage } from "../src/assets/model";
import { Formats } from "../src/format";
import { oldWords, whyOld } from "../src/states";
import { sayOf } from "../src/texts";
import { World } from "./hass";

const AT = Date.parse("2026-11-18T12:00:00Z");

describe("values of a line", () => {
  test.each([
    ["100", {}, undefined],
    ["100", { loaded: true, last_measured: AT }, "last_measured"],
    ["unknown", { loaded: true }, "not_measured"],
    ["unavailable", { loaded: true, last_measured: AT }, "not_responding"],
    ["unavailable", { loaded: false }, "not_loaded"],
    ["unavailable", { loaded: false, sign_in: true }, "sign_in"],
  ])("%s, %j: %s", (state, served, why) => {
    const world = new World().add("line", "North");
    const current = world.entity("North", "sensor", "current", state);
    expect(whyOld(world.hass(), current, served)).toBe(why);
  });

  test("that are late name their time", () => {
    const hass = new World().hass();
    const served = { loaded: true, last_measured: AT };
    const words = oldWords(hass, undefined, served, new Formats(hass), sayOf(hass));
    expect(words).toMatch(/^Values are late: last measured at .*00/);
    expect(oldWords(hass, undefined, { loaded: true }, new Formats(hass), sayOf(hass))).toBe("");
  });
});

describe("states of assets", () => {
  const NONE: CurtailedMessage = { curtailed: [], not_loaded: [], sign_in: [] };

  function why(connection: string, accounts: Partial<CurtailedMessage> = {}) {
    const world = new World().add("site", "Depot").add("asset", "Lamp", "Depot");
    world.devices["Lamp"]!.primary_config_entry = "own";
    world.entity("Lamp", "switch", "asset", "unavailable");
    world.entity("Lamp", "binary_sensor", "connection", connection);
    const hass = world.hass();
    return whyAssetsAreOld(hass, assetsOf(hass, "Depot"), { ...NONE, ...accounts });
  }

  test("are not known where the service does not respond", () => {
    expect(why("unavailable")).toBe("not_responding");
    // It is the asset that is not connected.
    expect(why("off")).toBeUndefined();
  });

  test("are not known where their account is not there", () => {
    expect(why("unavailable", { not_loaded: ["own"] })).toBe("assets_not_loaded");
    expect(why("on", { sign_in: ["own"], not_loaded: ["own"] })).toBe("sign_in");
    expect(why("on", { sign_in: ["other"], not_loaded: ["other"] })).toBeUndefined();
  });
});
