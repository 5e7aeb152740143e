"""Assets are boosted ahead of expected congestion, and switched off once it is near."""

from homeassistant.components.recorder import Recorder
import pytest

from custom_components.gridduck_heimdall.forecast.runtime import LOAD_FORECASTS
from simulator.gridduck.asset import Asset
from simulator.server import Simulator
from tests.automation.support import answer
from tests.forecast.history import no_history, record

from .house import House, refused

HIGH, LOW = 900.0, 123.4
LOAD = 200.0
"""What the line is expected to carry, A."""
VALUES = "/data/heimdall_dlr_forecasts"


@pytest.fixture(autouse=True)
def _recorded_by_tests(recorder_mock: Recorder, simulator: Simulator) -> None:
    """Have nothing recorded but what a test records."""
    no_history(simulator)


@pytest.fixture
def lamp(house: House) -> Asset:
    """Return a lamp that is off by its mode, so that a boost is seen."""
    world = house.simulator.gridduck.world
    found = next(asset for asset in world.assets.values() if asset.name == "Lamp")
    world.set_mode(found.id, "ALWAYS_OFF")
    return found


def forecast(house: House, low: int | None = None, **levels: float) -> None:
    """Let the forecast be high but for one hour, counted from the one under way.

    Args:
        house: where.
        low: the hour.
        levels: of confidence in this hour, A; without any the prediction is low.
    """
    patch: list[tuple[str, object]] = [(f"{VALUES}/*/prediction/value", HIGH)]
    if low is not None:
        for level, value in (levels or {"prediction": LOW}).items():
            patch.append((f"{VALUES}/{low}/{level}/value", value))
    answer(house.home, "dlr_forecast", patch)
    no_history(house.simulator)


async def prepare(house: House, *assets: Asset, **inputs: object) -> None:
    forecast(house)
    current = house.home.sensor(house.home.line)
    await record(house.hass, current, "A", lambda _: LOAD, unit_class="electric_current")
    house.hass.data[LOAD_FORECASTS].async_read_anew()
    await house.wait(hours=1, step=3600)
    await house.automate(
        "prepare_for_low_capacity",
        line=house.device("line", house.home.line),
        assets={"device_id": [house.device("asset", asset.id) for asset in assets]},
        hours_ahead=3,
        boost_for={"hours": 1},
        **inputs,
    )


async def test_boosted_ahead_and_snoozed_while_it_is_low(house: House, lamp: Asset) -> None:
    await prepare(house, lamp)
    assert house.power(lamp) == 0
    forecast(house, 2)
    await house.wait(hours=1, step=3600)
    assert house.running(lamp) == {"boost"}
    assert house.power(lamp) > 0
    (message,) = house.messages()
    assert message.startswith("Nordvik - Sordal is expected to be congested from ")
    assert ", by up to 77 A. " in message
    assert message.endswith("Assets are boosted ahead of it.")
    # The hour comes nearer without any news of the service.
    house.home.fault("dlr_forecast")
    await house.wait(hours=1, step=1800)
    assert house.running(lamp) == {None}
    house.simulator.gridduck.world.set_mode(lamp.id, "ALWAYS_ON")
    forecast(house, 0)
    await house.wait(hours=1, step=1800)
    assert house.running(lamp) == {"snooze"}
    assert house.power(lamp) == 0
    assert [one[-24:] for one in house.messages()] == ["Assets are switched off."]
    forecast(house)
    await house.wait(hours=2, step=3600)
    assert house.running(lamp) == {None}
    assert house.power(lamp) > 0
    assert house.errors() == []


async def test_what_is_below_within_the_hour_is_switched_off_at_once(
    house: House, lamp: Asset
) -> None:
    await prepare(house, lamp)
    forecast(house, 0)
    await house.wait(hours=1, step=3600)
    assert house.running(lamp) == {"snooze"}


async def test_a_high_forecast_does_nothing(house: House, lamp: Asset) -> None:
    await prepare(house, lamp)
    await house.wait(hours=3, step=3600)
    assert house.running(lamp) == {None}
    assert house.messages() == []


@pytest.mark.parametrize(
    ("levels", "acts"),
    [({"prediction": LOW}, True), ({"prediction": LOAD - 1, "p95": LOAD / 2}, False)],
)
async def test_how_likely_congestion_has_to_be(
    house: House, lamp: Asset, levels: dict[str, float], *, acts: bool
) -> None:
    # An input of the former blueprint does no harm once the new one is imported.
    former = {"active_choice": "percent", "percent": 90}
    await prepare(house, lamp, likelihood="likely", capacity=former)
    forecast(house, 2, **levels)
    await house.wait(hours=1, step=3600)
    assert house.running(lamp) == ({"boost"} if acts else {None})


@pytest.mark.parametrize(("down", "accepted"), [(10, True), (40, False)])
async def test_what_gridduck_does_not_accept_is_tried_again(
    house: House, lamp: Asset, down: int, *, accepted: bool
) -> None:
    await prepare(house, lamp)
    forecast(house, 2)
    fault = house.simulator.faults.add(refused())
    await house.wait(hours=1, step=3600)
    assert house.messages() == []
    await house.wait(minutes=down, step=120)
    house.simulator.faults.remove(fault)
    await house.wait(minutes=10, step=120)
    assert house.running(lamp) == {"boost" if accepted else None}
    (message,) = house.messages()
    said = (
        "Assets are boosted ahead of it."
        if accepted
        else "GridDuck did not accept that assets are boosted ahead of it: the log says why."
    )
    assert " congested from 16:00, " in message, message
    assert message.endswith(f" A. {said}"), message
    assert house.errors() == []


async def test_what_fails_keeps_nothing_else_boosted(house: House, lamp: Asset) -> None:
    other = house.neighbour(lamp)
    await prepare(house, lamp, other)
    forecast(house, 0)
    house.simulator.faults.add(refused(lamp))
    await house.wait(hours=1, step=1800)
    assert house.running(other) == {"snooze"}
    await house.wait(minutes=32, step=120)
    message = house.messages()[-1]
    assert message.endswith(
        "Assets are switched off, but GridDuck did not accept that for Lamp."
    ), message
    assert house.running(other) == {"snooze"}
