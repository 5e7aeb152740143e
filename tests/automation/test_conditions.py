"""The conditions, each true and false, and false of what is not known."""

from itertools import product

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.gridduck.world import World
from tests.gridduck.conftest import Pass
from tests.gridduck.support import entity_of, state_of
from tests.heimdall.home import Home

from .support import TWO_LINES, answer, carry, checker, current, device, entity, fail_all

OVERLOAD, EASY = 5000.0, 10.0
EVERY: dict[str, dict[str, object]] = {
    "asset_is_boosted": {},
    "asset_is_connected": {},
    "asset_is_snoozed": {},
    "capacity_forecast_stays_above": {"threshold": -1000000, "hours": 1},
    "congestion_is_expected": {},
    "line_has_headroom": {"threshold": -1000000},
    "line_has_recovered": {"threshold": 1000000},
    "line_is_congested": {"threshold": 0},
}


async def test_congested(home: Home) -> None:
    await home.open()
    target = device(home, "line", home.line)
    congested = await checker(home.hass, "line_is_congested", target)
    easily = await checker(home.hass, "line_is_congested", target, threshold=0.1)
    await current(home, EASY)
    assert not congested()
    assert easily()
    await current(home, OVERLOAD)
    assert congested()


async def test_congested_for_a_time(home: Home) -> None:
    await home.open()
    await current(home, EASY)
    target = device(home, "line", home.line)
    congested = await checker(home.hass, "line_is_congested", target, for_="00:10:00")
    await current(home, OVERLOAD)
    assert not congested()
    await home.polls(2)
    assert congested()
    await current(home, EASY)
    assert not congested()


async def test_recovered_for_a_time(home: Home) -> None:
    await home.open()
    await current(home, OVERLOAD)
    target = device(home, "line", home.line)
    recovered = await checker(home.hass, "line_has_recovered", target, for_="00:10:00")
    assert not recovered()
    await current(home, EASY)
    assert not recovered()
    await home.polls(2)
    assert recovered()
    never = await checker(home.hass, "line_has_recovered", target, threshold=0.1)
    assert not never()


async def test_headroom_is_at_least(home: Home, hass: HomeAssistant) -> None:
    await home.open()
    await current(home, EASY)
    target = device(home, "line", home.line)
    headroom = float(home.value(home.line, "headroom"))
    for threshold, enough in ((headroom - 1, True), (headroom, True), (headroom + 1, False)):
        has = await checker(hass, "line_has_headroom", target, threshold=threshold)
        assert has() is enough
    has = await checker(hass, "line_has_headroom", target, threshold="input_number.needed")
    assert not has()
    hass.states.async_set("input_number.needed", "5", {"unit_of_measurement": "A"})
    assert has()
    hass.states.async_set("input_number.needed", "5", {"unit_of_measurement": "W"})
    assert not has()


@pytest.mark.parametrize("behavior", ["any", "all"])
@TWO_LINES
async def test_of_several_lines(home: Home, behavior: str) -> None:
    await home.open()
    target = {
        "device_id": [device(home, "line", one)["device_id"] for one in (home.line, home.icy_line)]
    }
    has = await checker(home.hass, "line_has_headroom", target, threshold=1, behavior=behavior)
    easy = {"data": {"current": {"value": EASY}}}
    home.fault("current", "patch", patch=easy)
    await home.polls(1)
    assert has()
    home.recover()
    # One line that is silent is enough for not all of them to have headroom for sure.
    home.fault("current", "stale", item_id=home.icy_line, delay=7200)
    home.fault("current", "patch", item_id=home.line, patch=easy)
    await home.polls(1)
    assert home.value(home.icy_line, "headroom") == "unknown"
    assert has() is (behavior == "any")


async def test_what_is_not_known_satisfies_nothing(
    home: Home,
    gridduck_entry: MockConfigEntry,
    account: GridDuckAccount,
    lamp: str,
    subtests: pytest.Subtests,
) -> None:
    """No condition changes anything, so that all are checked in one home."""
    hass = home.hass
    await home.open()
    targets = {
        "asset": {"device_id": asset_device(hass, lamp)},
        "line": device(home, "line", home.line),
    }
    checks = {
        (key, behavior): [
            await checker(hass, key, target, behavior=behavior, **EVERY[key])
            for target in (
                targets["asset" if key.startswith("asset") else "line"],
                {"device_id": "gone"},
            )
        ]
        for key, behavior in product(EVERY, ("any", "all"))
    }
    home.fault("any")
    fail_all(home.simulator, "gridduck")
    await home.wait(hours=1)
    await home.polls(3)
    assert home.value(home.line, "loading") == "unavailable"
    for (key, behavior), (check, nothing) in checks.items():
        with subtests.test(key, behavior=behavior, account="silent"):
            assert not check()
            assert not nothing()
    for entry in (home.entry, gridduck_entry):
        await hass.config_entries.async_unload(entry.entry_id)
    for (key, behavior), (check, _) in checks.items():
        with subtests.test(key, behavior=behavior, account="unloaded"):
            assert not check()


def asset_device(hass: HomeAssistant, asset_id: str) -> str:
    """Return the device of an asset."""
    entity_id = entity_of(hass, Platform.SENSOR, asset_id, "override")
    entry = er.async_get(hass).async_get(str(entity_id))
    assert entry is not None
    assert entry.device_id is not None
    return entry.device_id


@pytest.mark.parametrize(
    ("low", "hours", "holds"), [(None, 24, True), (30, 24, True), (10, 24, False), (10, 8, True)]
)
async def test_the_forecast_stays_above(
    home: Home, low: int | None, hours: int, *, holds: bool
) -> None:
    await home.open()
    target = device(home, "line", home.line)
    stays = await checker(
        home.hass, "capacity_forecast_stays_above", target, threshold=300, hours=hours
    )
    patch: list[tuple[str, object]] = [("/data/heimdall_dlr_forecasts/*/prediction/value", 900.0)]
    if low is not None:
        patch.append((f"/data/heimdall_dlr_forecasts/{low}/prediction/value", 100.0))
    answer(home, "dlr_forecast", patch)
    await home.wait(hours=1)
    assert stays() is holds


@pytest.mark.parametrize(("percent", "holds"), [(90, False), (110, True)])
async def test_the_forecast_suffices_for_the_load(
    home: Home, percent: float, *, holds: bool
) -> None:
    """A share of the forecast that the line carries now takes the place of amperes."""
    await home.open()
    answer(home, "dlr_forecast", [("/data/heimdall_dlr_forecasts/*/prediction/value", float(EASY))])
    await home.wait(hours=1)
    threshold = {"active_choice": "percent", "percent": percent, "number": 10**6}
    target = device(home, "line", home.line)
    stays = await checker(
        home.hass, "capacity_forecast_stays_above", target, threshold=threshold, hours=6
    )
    carry(home, EASY)
    await home.polls(1)
    assert stays() is holds


@pytest.mark.parametrize(
    ("gap", "holds"),
    [
        ([], True),
        ([("/data/heimdall_dlr_forecasts/9/prediction/value", None)], False),
        ([("/data/heimdall_dlr_forecasts/9/prediction", None)], False),
        ([("/data/heimdall_dlr_forecasts/40/prediction/value", None)], True),
        ([("/data/heimdall_dlr_forecasts/0/prediction/value", None)], True),
    ],
)
async def test_a_gap_in_the_forecast(
    home: Home, gap: list[tuple[str, object]], *, holds: bool
) -> None:
    answer(home, "dlr_forecast", gap or [("/data/metric", "DLR")])
    await home.open()
    target = device(home, "line", home.line)
    stays = await checker(home.hass, "capacity_forecast_stays_above", target, threshold=0)
    assert stays() is holds


async def test_a_forecast_that_ends_too_early(home: Home) -> None:
    await home.open()
    target = device(home, "line", home.line)
    for hours, holds in ((70, True), (100, False)):
        stays = await checker(
            home.hass, "capacity_forecast_stays_above", target, threshold=0, hours=hours
        )
        assert stays() is holds


async def test_the_forecast_of_a_circuit(home: Home) -> None:
    await home.open()
    target = device(home, "facility", home.facility)
    options: dict[str, object] = {"rating": "circuit_rating", "hours": 12, "level": "p95"}
    for threshold, holds in ((1, True), (100000, False)):
        stays = await checker(
            home.hass, "capacity_forecast_stays_above", target, threshold=threshold, **options
        )
        assert stays() is holds
    of_a_line = device(home, "line", home.line)
    stays = await checker(
        home.hass, "capacity_forecast_stays_above", of_a_line, threshold=1, **options
    )
    assert not stays()


@pytest.mark.parametrize(
    ("key", "what"), [("asset_is_boosted", "boost"), ("asset_is_snoozed", "snooze")]
)
async def test_overrides(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    passing: Pass,
    lamp: str,
    key: str,
    what: str,
) -> None:
    check = await checker(hass, key, {"device_id": asset_device(hass, lamp)})
    assert not check()
    world.command(lamp, "boost" if what == "snooze" else "snooze", 3600)
    await passing(60)
    assert not check()
    world.command(lamp, "boost" if what == "boost" else "snooze", 3600)
    await passing(60)
    assert check()


async def test_connected(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, lamp: str
) -> None:
    check = await checker(hass, "asset_is_connected", {"device_id": asset_device(hass, lamp)})
    assert check()
    world.disconnect(lamp)
    await passing(60)
    assert state_of(hass, Platform.BINARY_SENSOR, lamp, "connection").state == "off"
    assert not check()


async def test_in_an_automation(home: Home, hass: HomeAssistant) -> None:
    await home.open()
    done = async_capture_events(hass, "done")
    automation = {
        "triggers": {"trigger": "event", "event_type": "go"},
        "conditions": {
            "condition": f"{DOMAIN}.line_has_headroom",
            "target": {"entity_id": entity(home, home.line, "headroom")},
            "options": {"threshold": 100},
        },
        "actions": {"event": "done"},
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    for amperes, count in ((OVERLOAD, 0), (EASY, 1)):
        await current(home, amperes)
        hass.bus.async_fire("go")
        await hass.async_block_till_done()
        assert len(done) == count
