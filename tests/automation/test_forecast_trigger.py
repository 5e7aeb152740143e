"""The trigger of a forecast that comes to lie below a threshold."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
    trigger,
)
from homeassistant.util import dt as dt_util
import pytest
import voluptuous as vol

from custom_components.gridduck_heimdall.const import DOMAIN
from tests.heimdall.home import Home

from .support import TWO_LINES, CapturedEvents, answer, automate, carry, device, entity, reports_of

KEY = "capacity_forecast_fell_below"
LOW, LIMIT, HIGH = 100.0, 300, 900.0


def dlr(home: Home, low: int | None = None, level: str = "prediction") -> None:
    """Let the forecast be high but for one hour, counted from the one under way."""
    patch: list[tuple[str, object]] = [
        (f"/data/heimdall_dlr_forecasts/*/{one}/value", HIGH) for one in ("prediction", "p95")
    ]
    if low is not None:
        patch.append((f"/data/heimdall_dlr_forecasts/{low}/{level}/value", LOW))
    answer(home, "dlr_forecast", patch)


async def watched(home: Home, **options: object) -> CapturedEvents:
    target = device(home, "line", home.line)
    return await automate(home.hass, KEY, target, **{"threshold": LIMIT, "hours": 6, **options})


@TWO_LINES
async def test_a_new_forecast_falls_below(home: Home) -> None:
    dlr(home)
    await home.open()
    reported = await watched(home)
    await home.wait(hours=1)
    assert not reported
    dlr(home, 3)
    await home.wait(hours=1)
    assert reports_of(reported, "lowest") == [LOW]
    assert reports_of(reported, "device_id") == [device(home, "line", home.line)["device_id"]]
    assert reports_of(reported, "entity_id") == [entity(home, home.line, "dlr_forecast_lowest")]
    when = dt_util.parse_datetime(str(reported[0].data["when"]))
    assert when is not None
    assert timedelta(hours=2) < when - dt_util.utcnow() <= timedelta(hours=4)


async def test_once_until_it_was_above(home: Home) -> None:
    dlr(home)
    await home.open()
    reported = await watched(home)
    dlr(home, 3)
    await home.wait(hours=1)
    await home.wait(hours=1)
    await home.wait(hours=1)
    assert len(reported) == 1
    dlr(home)
    await home.wait(hours=1)
    dlr(home, 2)
    await home.wait(hours=1)
    assert len(reported) == 2


async def test_an_hour_that_comes_within_reach(home: Home) -> None:
    """No new forecast is needed: nothing is polled, and time passes."""
    dlr(home, 9)
    await home.open()
    reported = await watched(home)
    for poll in home.account.polls.values():
        await poll.async_shutdown()
    await home.wait(hours=2)
    assert not reported
    for _ in range(3):
        await home.wait(hours=1, seconds=1)
    assert reports_of(reported, "lowest") == [LOW]


@pytest.mark.parametrize("minutes", [59, 61])
async def test_the_hour_counts_once_it_is_past(home: Home, minutes: int) -> None:
    dlr(home, 7)
    await home.open()
    reported = await watched(home)
    for poll in home.account.polls.values():
        await poll.async_shutdown()
    await home.wait(minutes=minutes)
    assert len(reported) == (minutes > 60)


async def test_the_cautious_level(home: Home) -> None:
    dlr(home)
    await home.open()
    reported = await watched(home, level="p95")
    dlr(home, 3)
    await home.wait(hours=1)
    assert not reported
    dlr(home, 3, "p95")
    await home.wait(hours=1)
    assert len(reported) == 1


@pytest.mark.parametrize(("percent", "fires"), [(90, True), (110, False)])
async def test_a_share_of_what_the_line_carries(home: Home, percent: float, *, fires: bool) -> None:
    """As a share the threshold follows the line: its load would exceed it at the lowest hour."""
    await home.open()
    dlr(home)
    carry(home, LOW)
    await home.wait(hours=1)
    await home.polls(1)
    # What was chosen before is not used.
    threshold = {"active_choice": "percent", "percent": percent, "number": 1.0}
    reported = await watched(home, threshold=threshold)
    await home.wait(hours=1)
    assert not reported
    dlr(home, 3)
    carry(home, LOW)
    # The load is measured meanwhile.
    for _ in range(13):
        await home.wait(minutes=5)
    assert reports_of(reported, "lowest") == ([LOW] if fires else [])


async def test_a_share_of_an_unknown_load(home: Home) -> None:
    """Without a measured current nothing is known, and nothing fires."""
    await home.open()
    dlr(home)
    home.fault("current")
    await home.wait(hours=2)
    reported = await watched(home, threshold={"active_choice": "percent", "percent": 90})
    dlr(home, 3)
    home.fault("current")
    await home.wait(hours=1)
    assert not reported


@pytest.mark.parametrize(
    ("kind", "rating", "what", "values"),
    [
        ("line", "aar", "aar_forecast", "heimdall_aar_forecasts"),
        ("facility", "circuit_rating", "circuit_forecast", "circuit_rating_forecasts"),
    ],
)
async def test_the_other_ratings(
    home: Home, kind: str, rating: str, what: str, values: str
) -> None:
    pointer = f"/data/{values}/*/prediction/value"
    answer(home, what, [(pointer, HIGH)])
    await home.open()
    target = device(home, kind, home.line if kind == "line" else home.facility)
    reported = await automate(home.hass, KEY, target, threshold=LIMIT, hours=24, rating=rating)
    await home.wait(hours=1)
    assert not reported
    answer(home, what, [(pointer, LOW)])
    await home.wait(hours=1)
    assert reports_of(reported, "lowest") == [LOW]


async def test_what_is_below_at_the_start_is_no_news(home: Home) -> None:
    dlr(home, 3)
    await home.open()
    reported = await watched(home)
    await home.wait(hours=1)
    assert not reported


async def test_unknown_changes_nothing(home: Home) -> None:
    dlr(home)
    await home.open()
    reported = await watched(home)
    dlr(home, 3)
    await home.wait(hours=1)
    assert len(reported) == 1
    home.recover()
    home.fault("any")
    await home.wait(hours=1)
    await home.polls(3)
    assert home.value(home.line, "dlr_forecast_lowest") == "unavailable"
    dlr(home, 3)
    await home.wait(hours=1)
    assert float(home.value(home.line, "dlr_forecast_lowest")) == LOW
    assert len(reported) == 1


async def test_what_was_never_known_and_is_below_is_reported(home: Home) -> None:
    await home.open()
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    reported = await watched(home)
    dlr(home, 3)
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert len(reported) == 1


async def test_a_reload_is_no_crossing_and_the_new_account_is_followed(home: Home) -> None:
    dlr(home)
    await home.open()
    reported = await watched(home)
    dlr(home, 3)
    await home.wait(hours=1)
    assert len(reported) == 1
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert len(reported) == 1
    dlr(home)
    await home.wait(hours=1)
    dlr(home, 3)
    await home.wait(minutes=59)
    await home.wait(minutes=5)
    assert len(reported) == 2


async def test_a_threshold_from_an_entity(home: Home, hass: HomeAssistant) -> None:
    dlr(home)
    await home.open()
    reported = await watched(home, threshold="input_number.limit")
    dlr(home, 3)
    await home.wait(hours=1)
    # There is no such entity yet.
    assert not reported
    hass.states.async_set("input_number.limit", "0.3", {"unit_of_measurement": "kA"})
    await home.wait(hours=1)
    assert not reported
    hass.states.async_set("input_number.limit", "300000", {"unit_of_measurement": "mA"})
    await home.wait(hours=1)
    assert len(reported) == 1


@TWO_LINES
async def test_disabled_and_removed_do_no_harm(home: Home, hass: HomeAssistant) -> None:
    dlr(home)
    await home.open()
    lines = [device(home, "line", one)["device_id"] for one in (home.line, home.icy_line)]
    reported = await automate(hass, KEY, {"device_id": [*lines, "gone"]}, threshold=LIMIT, hours=6)
    registry = er.async_get(hass)
    for key in ("dlr_forecast_lowest", "dlr_forecast_lowest_time"):
        registry.async_update_entity(
            entity(home, home.line, key), disabled_by=er.RegistryEntryDisabler.USER
        )
    dr.async_get(hass).async_remove_device(lines[1])
    await hass.async_block_till_done()
    dlr(home, 3)
    await home.wait(hours=1)
    assert not reported


async def test_nothing_of_ours(home: Home, hass: HomeAssistant) -> None:
    await home.open()
    reported = await automate(hass, KEY, {"entity_id": "sensor.other"}, threshold=LIMIT)
    dlr(home, 3)
    await home.wait(hours=1)
    assert not reported


async def test_turned_off_it_listens_to_nothing(home: Home, hass: HomeAssistant) -> None:
    dlr(home)
    await home.open()
    reported = await watched(home)
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": f"automation.{KEY}"}, blocking=True
    )
    dlr(home, 3)
    await home.wait(hours=1)
    assert not reported


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"threshold": LIMIT, "hours": 0},
        {"threshold": LIMIT, "hours": 241},
        {"threshold": LIMIT, "rating": "sag"},
        {"threshold": LIMIT, "level": "p85"},
        {"threshold": "much"},
        {"threshold": {"active_choice": "percent", "percent": 0}},
        {"threshold": {"active_choice": "percent", "percent": "much"}},
        {"threshold": {"active_choice": "percent", "number": 90}},
        {"threshold": "0123456789abcdef0123456789abcdef"},
    ],
)
async def test_what_cannot_be(hass: HomeAssistant, options: dict[str, object]) -> None:
    config = {"trigger": f"{DOMAIN}.{KEY}", "target": {"entity_id": "sensor.a"}, "options": options}
    with pytest.raises(vol.Invalid):
        await trigger.async_validate_trigger_config(hass, cv.TRIGGER_SCHEMA([config]))
