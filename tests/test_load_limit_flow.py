"""The forms that add and change a load limit."""

from typing import Any, Final

from homeassistant.config_entries import SOURCE_USER, ConfigSubentry, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, section
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.load_limits.control_law.models import Mode
from custom_components.gridduck_heimdall.load_limits.settings.config import LimitConfig, Measured
from simulator.gridduck.settings import CONTROL_SCOPES
from simulator.server import Simulator
from tests.conftest import first_device, setup


@pytest.fixture
async def accounts(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, heimdall_entry: MockConfigEntry
) -> tuple[MockConfigEntry, MockConfigEntry]:
    """Return an account of each service, in use."""
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    return gridduck_entry, heimdall_entry


@pytest.fixture
def site(hass: HomeAssistant, accounts: tuple[MockConfigEntry, MockConfigEntry]) -> str:
    """Return the device of a site."""
    return first_device(hass, accounts[0], "site")


@pytest.fixture
def line(hass: HomeAssistant, accounts: tuple[MockConfigEntry, MockConfigEntry]) -> str:
    """Return the device of a line."""
    return first_device(hass, accounts[1], "line")


async def start(hass: HomeAssistant, entry: MockConfigEntry, measured: str) -> str:
    """Begin to add a load limit, and return the id of the flow."""
    result = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "load_limit"), context={"source": SOURCE_USER}
    )
    assert result["step_id"] == "user"
    result = await hass.config_entries.subentries.async_configure(
        result["flow_id"], {"measured": measured}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == measured
    return result["flow_id"]


async def enter(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    measured: str,
    details: dict[str, Any] | None = None,
    **fields: Any,
) -> SubentryFlowResult:
    """Fill in the form of a load limit.

    Args:
        hass: Home Assistant.
        entry: the account.
        measured: what is measured.
        details: fields of the section of details.
        fields: further fields, those of sections among them.
    """
    flow_id = await start(hass, entry, measured)
    sections = {"signal": {}, "details": details or {}}
    sections |= {"current": {}} if measured == "sensor" else {}
    return await hass.config_entries.subentries.async_configure(
        flow_id, {"limit": 100, **sections, **fields}
    )


def suggested(schema: vol.Schema) -> dict[str, Any]:
    """Return what a form suggests, by field; what sections suggest as well."""
    found = dict[str, Any]()
    for marker, field in schema.schema.items():
        if isinstance(field, section):
            found |= suggested(field.schema)
        elif marker.description and "suggested_value" in marker.description:
            found[str(marker)] = marker.description["suggested_value"]
    return found


def only(entry: MockConfigEntry) -> ConfigSubentry:
    """Return the load limit of an account."""
    (found,) = entry.subentries.values()
    return found


@pytest.mark.parametrize("of", [0, 1])
async def test_a_line_is_limited_from_the_page_of_either_account(
    hass: HomeAssistant,
    accounts: tuple[MockConfigEntry, MockConfigEntry],
    site: str,
    line: str,
    of: int,
) -> None:
    """With nothing but the line and the site, all else is as most people need it."""
    entry = accounts[of]
    result = await enter(hass, entry, "line", device=line, candidates={"device_id": [site]})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    name = dr.async_get(hass).async_get(line)
    assert name is not None
    assert result["title"] == name.name
    found = LimitConfig.of(only(entry).data)
    assert found.measured is Measured.LINE
    assert found.device_id == line
    assert found.mode is Mode.ADVISE
    assert (found.limit, found.limit_unit) == (100, "rating")
    assert found.candidates == {"device_id": [site]}
    assert found.thresholds.misplaced is None


async def test_a_site_is_limited_by_an_entity(
    hass: HomeAssistant, accounts: tuple[MockConfigEntry, MockConfigEntry], site: str
) -> None:
    """The entity may be renamed: the id of the registry is stored."""
    limit = er.async_get(hass).async_get_or_create(
        "sensor", "openadr", "import", suggested_object_id="import_capacity"
    )
    hass.states.async_set(limit.entity_id, "40", {"unit_of_measurement": "kW"})
    result = await enter(
        hass,
        accounts[0],
        "site",
        device=site,
        window="15",
        signal={"limit_entity": limit.entity_id},
        mode="automatic",
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    found = LimitConfig.of(only(accounts[0]).data)
    assert (found.window, found.limit_entity) == (15, limit.id)
    # Without a target, the assets of the site are curtailed.
    assert found.candidates == {"device_id": [site]}
    # The form shows it by its new name.
    er.async_get(hass).async_update_entity(limit.entity_id, new_entity_id="sensor.renamed")
    shown = await accounts[0].start_subentry_reconfigure_flow(hass, only(accounts[0]).subentry_id)
    assert shown["data_schema"] is not None
    shown_first = suggested(shown["data_schema"])
    assert shown_first["limit_entity"] == "sensor.renamed"
    assert shown_first["window"] == "15"
    assert shown_first["mode"] == "automatic"


async def test_a_sensor_of_current_is_limited(
    hass: HomeAssistant, accounts: tuple[MockConfigEntry, MockConfigEntry], site: str
) -> None:
    hass.states.async_set("sensor.feeder", "63", {"unit_of_measurement": "A"})
    result = await enter(
        hass,
        accounts[0],
        "sensor",
        current={"voltage": 400},
        sensor="sensor.feeder",
        candidates={"device_id": [site]},
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert LimitConfig.of(only(accounts[0]).data).voltage == 400


async def test_it_is_changed(
    hass: HomeAssistant, accounts: tuple[MockConfigEntry, MockConfigEntry], site: str, line: str
) -> None:
    """A title that the user has given stays."""
    entry = accounts[1]
    candidates = {"device_id": [site]}
    await enter(hass, entry, "line", device=line, candidates=candidates)
    hass.config_entries.async_update_subentry(entry, only(entry), title="Ours")
    shown = await entry.start_subentry_reconfigure_flow(hass, only(entry).subentry_id)
    result = await hass.config_entries.subentries.async_configure(
        shown["flow_id"],
        {
            "device": line,
            "limit": 350,
            "limit_unit": "ampere",
            "candidates": candidates,
            "mode": "off",
            "signal": {},
            "details": {"act_above": 95, "down_to": 90, "release_below": 80},
        },
    )
    assert result["reason"] == "reconfigure_successful"
    found = LimitConfig.of(only(entry).data)
    assert (found.limit, found.limit_unit, found.mode) == (350, "ampere", Mode.OFF)
    assert found.thresholds.release_below == 0.8
    assert only(entry).title == "Ours"


REFUSED: Final = {
    "zero": ({"limit": 0}, {}, "limit", "limit_not_positive"),
    "negative": ({"limit": -5}, {}, "limit", "limit_not_positive"),
    "act below target": ({}, {"act_above": 90}, "details", "act_above_too_low"),
    "release at target": ({}, {"release_below": 98.5}, "details", "release_below_too_high"),
    "text": ({"signal": {"limit_entity": "sensor.words"}}, {}, "signal", "not_a_number"),
    "no such entity": (
        {"signal": {"limit_entity": "sensor.gone"}},
        {},
        "signal",
        "entity_missing",
    ),
    "unit": ({"signal": {"limit_entity": "sensor.heat"}}, {}, "signal", "limit_entity_unit"),
    "stranger": (
        {"candidates": {"entity_id": ["sensor.words"]}},
        {},
        "candidates",
        "no_candidates",
    ),
}


@pytest.mark.parametrize(("fields", "details", "field", "error"), REFUSED.values(), ids=REFUSED)
async def test_what_does_not_fit_is_refused(
    hass: HomeAssistant,
    accounts: tuple[MockConfigEntry, MockConfigEntry],
    site: str,
    fields: dict[str, Any],
    details: dict[str, Any],
    field: str,
    error: str,
) -> None:
    """Each with its own words, and what was entered stays in the form."""
    hass.states.async_set("sensor.words", "high")
    hass.states.async_set("sensor.heat", "20", {"unit_of_measurement": "°C"})
    entered = {"device": site, "candidates": {"device_id": [site]}, **fields}
    result = await enter(hass, accounts[0], "site", details, **entered)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {field: error}
    assert not accounts[0].subentries


@pytest.mark.parametrize(
    ("unit", "fields", "error"),
    [
        ("A", {}, {"current": "voltage_missing"}),
        ("A", {"window": "15", "current": {"voltage": 400}}, {"window": "window_needs_power"}),
        ("kWh", {}, {"sensor": "not_power_or_current"}),
        (None, {}, {"sensor": "not_power_or_current"}),
    ],
)
async def test_a_sensor_that_does_not_fit_is_refused(
    hass: HomeAssistant,
    accounts: tuple[MockConfigEntry, MockConfigEntry],
    site: str,
    unit: str | None,
    fields: dict[str, Any],
    error: dict[str, str],
) -> None:
    hass.states.async_set("sensor.feeder", "63", {"unit_of_measurement": unit} if unit else {})
    result = await enter(
        hass,
        accounts[0],
        "sensor",
        sensor="sensor.feeder",
        candidates={"device_id": [site]},
        **fields,
    )
    assert result["errors"] == error


async def test_a_load_is_not_its_own_limit(
    hass: HomeAssistant, accounts: tuple[MockConfigEntry, MockConfigEntry], site: str, line: str
) -> None:
    """Neither of a line, nor of a site, nor of a sensor that no registry has."""
    hass.states.async_set("sensor.feeder", "63", {"unit_of_measurement": "kW"})
    current = sensor_of(hass, line, translation_key="current")
    power = sensor_of(hass, site, original_device_class="power")
    forms = {
        "line": ({"device": line, "limit_unit": "ampere"}, current),
        "site": ({"device": site}, power),
        "sensor": ({"sensor": "sensor.feeder"}, "sensor.feeder"),
    }
    for kind, (fields, entity_id) in forms.items():
        account = accounts[int(kind == "line")]
        entered: dict[str, Any] = {
            **fields,
            "candidates": {"device_id": [site]},
            "signal": {"limit_entity": entity_id},
        }
        result = await enter(hass, account, kind, **entered)
        assert result["errors"] == {"signal": "limit_entity_measured"}, kind
        assert not account.subentries


@pytest.mark.parametrize(
    ("section", "field", "platform", "name"),
    [
        ("sensor", "sensor", "sensor", "load_limit_load"),
        ("signal", "limit_entity", "number", "load_limit_number"),
        ("signal", "limit_entity", "sensor", "load_limit_headroom"),
    ],
)
async def test_a_load_limit_does_not_read_itself(
    hass: HomeAssistant,
    accounts: tuple[MockConfigEntry, MockConfigEntry],
    site: str,
    section: str,
    field: str,
    platform: str,
    name: str,
) -> None:
    """Once it has entities, the form offers them as well."""
    hass.states.async_set("sensor.feeder", "63", {"unit_of_measurement": "kW"})
    entered: dict[str, Any] = {"sensor": "sensor.feeder", "candidates": {"device_id": [site]}}
    await enter(hass, accounts[0], "sensor", **entered)
    await hass.async_block_till_done(wait_background_tasks=True)
    subentry = only(accounts[0])
    own = er.async_get(hass).async_get_entity_id(
        platform, "gridduck_heimdall", f"{subentry.subentry_id}_{name}"
    )
    assert own is not None
    form = {"limit": 100, "mode": "advise", "current": {}, "signal": {}, "details": {}, **entered}
    form |= {field: own} if section == field else {section: {field: own}}
    shown = await accounts[0].start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    result = await hass.config_entries.subentries.async_configure(shown["flow_id"], form)
    assert result["errors"] == {section: "own_entity"}


def sensor_of(hass: HomeAssistant, device_id: str, **having: str) -> str:
    """Return the entity id of a sensor of a device that has some attributes."""
    return next(
        one.entity_id
        for one in er.async_entries_for_device(er.async_get(hass), device_id)
        if all(getattr(one, name) == value for name, value in having.items())
    )


@pytest.mark.parametrize("candidates", [{}, {"entity_id": ["sensor.words"]}])
async def test_a_line_needs_assets(
    hass: HomeAssistant,
    accounts: tuple[MockConfigEntry, MockConfigEntry],
    line: str,
    candidates: dict[str, Any],
) -> None:
    result = await enter(hass, accounts[1], "line", device=line, candidates=candidates)
    assert result["errors"] == {"candidates": "no_candidates"}


async def test_a_line_cannot_be_curtailed(
    hass: HomeAssistant, accounts: tuple[MockConfigEntry, MockConfigEntry], site: str, line: str
) -> None:
    result = await enter(
        hass, accounts[1], "line", device=line, candidates={"device_id": [site, line]}
    )
    assert result["errors"] == {"candidates": "candidate_is_line"}


async def test_assets_of_an_account_that_is_not_loaded(
    hass: HomeAssistant, accounts: tuple[MockConfigEntry, MockConfigEntry], site: str, line: str
) -> None:
    """The account is named."""
    await hass.config_entries.async_unload(accounts[0].entry_id)
    result = await enter(hass, accounts[1], "line", device=line, candidates={"device_id": [site]})
    assert result["errors"] == {"candidates": "account_not_loaded"}
    assert result["description_placeholders"] == {"accounts": accounts[0].title}


async def test_assets_that_may_not_be_controlled(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, simulator: Simulator
) -> None:
    simulator.gridduck.world.granted_scopes -= CONTROL_SCOPES
    await setup(hass, gridduck_entry)
    site = first_device(hass, gridduck_entry, "site")
    result = await enter(
        hass, gridduck_entry, "site", device=site, candidates={"device_id": [site]}
    )
    assert result["errors"] == {"candidates": "candidates_read_only"}


async def test_only_a_sensor_without_lines_and_sites(
    hass: HomeAssistant, heimdall_entry: MockConfigEntry, simulator: Simulator
) -> None:
    """What there is none of is not offered."""
    await setup(hass, heimdall_entry)
    result = await hass.config_entries.subentries.async_init(
        (heimdall_entry.entry_id, "load_limit"), context={"source": SOURCE_USER}
    )
    assert result["data_schema"] is not None
    (selector,) = result["data_schema"].schema.values()
    assert selector.config["options"] == ["line", "sensor"]
    assert DOMAIN in hass.config.components
