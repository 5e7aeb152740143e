"""Trigger and condition on congestion that is expected."""

from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import condition, config_validation as cv, trigger
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
import voluptuous as vol

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.line_forecast import Confidence
from custom_components.gridduck_heimdall.forecast.runtime import LOAD_FORECASTS
from tests.automation.support import checker
from tests.heimdall.home import Home

from .history import evening_peak, record
from .test_runtime import line, read_anew, record_line

FIRED = "congestion_was_expected"
RATING = 690
"""What a component of the circuit of the line carries, A; it limits at all levels alike."""


@pytest.fixture
async def fired(home: Home) -> list[dict[str, Any]]:
    """Return the data of each firing of an automation."""
    found = list[dict[str, Any]]()

    @callback
    def note(event: Event) -> None:
        found.append(dict(event.data))

    home.hass.bus.async_listen(FIRED, note)
    return found


async def automate(hass: HomeAssistant, device_id: str, **options: object) -> None:
    """Fire an event whenever the trigger fires."""
    of_trigger = ("device_id", "hours", "level", "likelihood", "shortfall", "first")
    data = {key: f"{{{{ trigger.{key} }}}}" for key in of_trigger}
    automation = {
        "triggers": [
            {
                "trigger": f"{DOMAIN}.congestion_expected",
                "target": {"device_id": device_id},
                "options": options,
            }
        ],
        "actions": [{"event": FIRED, "event_data": data}],
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()


async def test_it_fires_once_and_again_after_none_was_expected(
    home: Home, fired: list[dict[str, Any]]
) -> None:
    await record_line(home, 100, 120)
    await automate(home.hass, line(home))
    await record_line(home, 100, 3000)
    [data] = fired
    assert data["device_id"] == line(home)
    assert data["likelihood"] == "very_likely"
    assert data["shortfall"] > 500
    await home.wait(hours=1)
    assert len(fired) == 1
    await record_line(home, 100, 120)
    await record_line(home, 100, 3000)
    assert len(fired) == 2


async def test_what_is_expected_at_the_start_does_not_fire(
    home: Home, fired: list[dict[str, Any]]
) -> None:
    await record_line(home)
    await automate(home.hass, line(home))
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.wait(hours=1)
    assert not fired


async def test_it_fires_when_it_is_near(home: Home, fired: list[dict[str, Any]]) -> None:
    await record_line(home)
    await automate(home.hass, line(home), hours=3)
    await home.wait(hours=1)
    assert not fired
    for _ in range(4):
        await home.wait(hours=1)
    assert len(fired) == 1


async def test_a_low_likelihood_does_not_fire(home: Home, fired: list[dict[str, Any]]) -> None:
    await record_line(home, 100, 120)
    await automate(home.hass, line(home), likelihood="very_likely")
    days = (evening_peak(100, RATING - 50), evening_peak(100, RATING + 100))
    entity_id = home.sensor(home.line)
    await record(
        home.hass,
        entity_id,
        "A",
        lambda moment: days[moment.day % 2](moment),
        unit_class="electric_current",
    )
    await read_anew(home)
    outlook = home.hass.data[LOAD_FORECASTS].outlook(line(home))
    assert outlook is not None
    assert outlook.congestion(Confidence.PREDICTION, dt_util.utcnow(), 24)
    assert not fired
    await record_line(home, 100, 3000)
    assert len(fired) == 1


async def test_the_condition(home: Home) -> None:
    target = {"device_id": [line(home)]}
    within_a_day = await checker(home.hass, "congestion_is_expected", target)
    soon = await checker(home.hass, "congestion_is_expected", target, hours=2)
    assert not within_a_day()
    await record_line(home)
    assert within_a_day()
    assert not soon()
    await home.wait(hours=4)
    assert soon()


async def test_of_all_lines(home: Home) -> None:
    other = home.device("line", home.icy_line)
    assert other is not None
    target = {"device_id": [line(home), other.id]}
    any_line = await checker(home.hass, "congestion_is_expected", target)
    each = await checker(home.hass, "congestion_is_expected", target, behavior="all")
    await record_line(home)
    assert any_line()
    assert not each()


@pytest.mark.parametrize(
    "options", [{"hours": 0}, {"hours": 49}, {"level": "p50"}, {"likelihood": "certain"}]
)
async def test_what_cannot_be(hass: HomeAssistant, options: dict[str, object]) -> None:
    target = {"entity_id": "sensor.a"}
    of_trigger = {
        "trigger": f"{DOMAIN}.congestion_expected",
        "target": target,
        "options": options,
    }
    with pytest.raises(vol.Invalid):
        await trigger.async_validate_trigger_config(hass, cv.TRIGGER_SCHEMA([of_trigger]))
    of_condition = {
        "condition": f"{DOMAIN}.congestion_is_expected",
        "target": target,
        "options": options,
    }
    with pytest.raises(vol.Invalid):
        await condition.async_validate_condition_config(hass, of_condition)
