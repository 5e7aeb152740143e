"""What can be chosen as a target: of our triggers, conditions, actions and blueprints."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from homeassistant.components.websocket_api.automation import (
    async_get_conditions_for_target,
    async_get_services_for_target,
    async_get_triggers_for_target,
)
from homeassistant.const import ATTR_DEVICE_CLASS, ATTR_UNIT_OF_MEASUREMENT, CONF_SELECTOR
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.selector import TargetSelector, validate_selector
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.options import Options
from tests.blueprints.house import BLUEPRINTS
from tests.conftest import first_device, setup

FILES: Final = ("triggers.yaml", "conditions.yaml", "services.yaml")
FOLDER: Final = Path(__file__).parents[1] / "custom_components" / DOMAIN

ASSET_TRIGGERS: Final = {
    "asset_disconnected",
    "asset_reconnected",
    "boost_ended",
    "boost_started",
    "snooze_ended",
    "snooze_started",
}
LINE_TRIGGERS: Final = {
    "capacity_forecast_fell_below",
    "congestion_expected",
    "headroom_crossed_threshold",
    "line_became_congested",
    "line_recovered",
    "rating_fell_back",
}
ICE_TRIGGERS: Final = {"ice_cleared", "ice_load_crossed_threshold"}
ASSET_ACTIONS: Final = {
    "boost",
    "download_data",
    "import_history",
    "restore_load",
    "resume",
    "shed_load",
    "snooze",
}

# As Home Assistant's validator of integrations has it.
_FIELD: Final = vol.Schema(
    {
        vol.Optional("example"): object,
        vol.Optional("default"): object,
        vol.Optional("required"): bool,
        vol.Optional(CONF_SELECTOR): validate_selector,
    }
)
_DESCRIBED: Final = vol.Schema(
    {
        vol.Optional("target"): vol.All(
            # The validator refuses custom integrations that filter a target by device.
            vol.Schema(
                {vol.Optional("entity"): object, vol.Optional("primary_entities_only"): bool}
            ),
            TargetSelector.CONFIG_SCHEMA,
        ),
        vol.Optional("fields"): vol.Schema({str: _FIELD}),
    }
)


@pytest.mark.parametrize("name", FILES)
def test_files_pass_the_validator(name: str) -> None:
    described = {
        key: one for key, one in load_yaml_dict(FOLDER / name).items() if not key.startswith(".")
    }
    for key, one in described.items():
        assert cv.slug(key) == key
        _DESCRIBED(one)
    # What is only there to be repeated begins with a dot, which the validator does not take in
    # services.yaml of a custom integration.
    assert name != "services.yaml" or described == load_yaml_dict(FOLDER / name)


def test_blueprints_filter_by_entity() -> None:
    for path in BLUEPRINTS.iterdir():
        for one in targets_in(load_blueprint(path)["blueprint"]["input"]):
            assert set(one) == {"entity"}, path


def load_blueprint(path: Path) -> dict[str, Any]:
    return dict(load_yaml_dict(path))


def targets_in(inputs: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the target selectors of a blueprint's inputs, also of those in sections."""
    found = []
    for one in inputs.values():
        if "input" in one:
            found += targets_in(one["input"])
        elif "target" in one[CONF_SELECTOR]:
            found.append(one[CONF_SELECTOR]["target"])
    return found


@pytest.fixture
def simulator_options() -> Options:
    return Options(sites=1)


@pytest.fixture
async def devices(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, heimdall_entry: MockConfigEntry
) -> Mapping[str, str]:
    """Set up both accounts beside other integrations; return a device of each kind, by name."""
    other = MockConfigEntry(domain="demo")
    other.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("demo", "meter")}, name="Other"
    )
    for domain, device_class in (
        ("sensor", "current"),
        ("sensor", "power"),
        ("sensor", "distance"),
        ("sensor", "enum"),
        ("binary_sensor", "connectivity"),
        ("binary_sensor", "problem"),
        ("switch", "outlet"),
    ):
        entry = er.async_get(hass).async_get_or_create(
            domain, "demo", device_class, config_entry=other, device_id=device.id
        )
        hass.states.async_set(entry.entity_id, "1", {ATTR_DEVICE_CLASS: device_class})
    assert await async_setup_component(hass, "automation", {})
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    found = {
        "other": device.id,
        "asset": first_device(hass, gridduck_entry, "asset"),
        "site": first_device(hass, gridduck_entry, "site"),
        "gateway": first_device(hass, gridduck_entry, "gateway"),
        "facility": first_device(hass, heimdall_entry, "facility"),
    }
    for one in dr.async_entries_for_config_entry(dr.async_get(hass), heimdall_entry.entry_id):
        if one.model == "Line":
            iced = "ice_load" in {entry.translation_key for entry in entities_of(hass, one.id)}
            found["iced line" if iced else "line"] = one.id
    return found


def entities_of(hass: HomeAssistant, device_id: str) -> Collection[er.RegistryEntry]:
    return er.async_entries_for_device(er.async_get(hass), device_id)


async def offered(hass: HomeAssistant, device_id: str) -> tuple[set[str], set[str], set[str]]:
    """Return our triggers, conditions and actions that are offered for a device."""
    target = {"device_id": [device_id]}
    triggers, conditions, actions = (
        {key.removeprefix(f"{DOMAIN}.") for key in keys if key.startswith(f"{DOMAIN}.")}
        for keys in (
            await async_get_triggers_for_target(hass, target, expand_group=True),
            await async_get_conditions_for_target(hass, target, expand_group=True),
            await async_get_services_for_target(hass, target, expand_group=True),
        )
    )
    return triggers, conditions, actions


async def test_what_fits_is_offered(hass: HomeAssistant, devices: Mapping[str, str]) -> None:
    asset_conditions = {"asset_is_boosted", "asset_is_connected", "asset_is_snoozed"}
    line_conditions = {
        "capacity_forecast_stays_above",
        "line_has_headroom",
        "line_has_recovered",
        "congestion_is_expected",
        "line_is_congested",
    }
    assert await offered(hass, devices["other"]) == (set(), set(), set())
    for kind in ("asset", "site", "gateway"):
        triggers, conditions, actions = await offered(hass, devices[kind])
        assert (kind, triggers) == (kind, ASSET_TRIGGERS)
        assert conditions == asset_conditions
        assert actions | {"import_history"} == ASSET_ACTIONS
    for kind in ("line", "iced line", "facility"):
        triggers, conditions, actions = await offered(hass, devices[kind])
        assert (kind, triggers) == (
            kind,
            LINE_TRIGGERS
            | (ICE_TRIGGERS if kind == "iced line" else set())
            | (set() if kind == "facility" else {"clearance_fell_below"}),
        )
        assert conditions == line_conditions
        assert actions == {"import_history"}


async def test_the_user_interface_counts_one(
    hass: HomeAssistant, devices: Mapping[str, str]
) -> None:
    """Once a target is chosen, the user interface says how many of its entities are meant.

    A sensor that is disabled or not there yet takes no line away.
    """
    for kind in ("line", "iced line"):
        for one in entities_of(hass, devices[kind]):
            if one.translation_key == "clearance_min":
                hass.states.async_remove(one.entity_id)
    kinds = {
        **dict.fromkeys(ASSET_TRIGGERS, ("asset", "gateway", "site")),
        **dict.fromkeys(LINE_TRIGGERS, ("line", "iced line", "facility")),
        **dict.fromkeys(ICE_TRIGGERS, ("iced line",)),
        "clearance_fell_below": ("line", "iced line"),
    }
    triggers = load_yaml_dict(FOLDER / "triggers.yaml")
    for key, some in kinds.items():
        for kind in some:
            assert counted(hass, triggers[key]["target"], devices[kind]) == 1, (key, kind)
    actions = load_yaml_dict(FOLDER / "services.yaml")
    for key in ASSET_ACTIONS:
        # History is imported of assets and sites.
        for kind in ("asset", "site", *(("gateway",) if key != "import_history" else ())):
            assert counted(hass, actions[key]["target"], devices[kind]) == 1, (key, kind)


def counted(hass: HomeAssistant, target: Mapping[str, Any], device_id: str) -> int:
    """Return the entities of a device that the user interface finds to match.

    It does so without the registry, so that a filter by integration matches nothing.
    """
    filters = TargetSelector.CONFIG_SCHEMA(target)["entity"]
    found = 0
    for entry in entities_of(hass, device_id):
        state = hass.states.get(entry.entity_id)
        if state is None or (
            entry.entity_category is not None and target.get("primary_entities_only", True)
        ):
            continue
        found += any(
            "integration" not in one
            and state.domain in one["domain"]
            and state.attributes.get(ATTR_DEVICE_CLASS) in one["device_class"]
            and ("unit_of_measurement" not in one or ATTR_UNIT_OF_MEASUREMENT in state.attributes)
            for one in filters
        )
    return found
