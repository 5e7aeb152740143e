"""Assets run while a line has capacity to spare; what a person did is left alone."""

from homeassistant.const import ATTR_DEVICE_ID
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.gridduck.asset import Asset
from tests.automation.support import answer
from tests.gridduck.support import named

from .house import House

LITTLE_LOAD, MUCH_LOAD = 50.0, 5000.0
THEIRS = ("Lamp", "Heat pump")


@pytest.fixture
def pair(house: House) -> tuple[Asset, Asset]:
    """Return two assets that are off by their mode, so that a boost is seen."""
    world = house.simulator.gridduck.world
    lamp, pump = (world.assets[named(world, name)] for name in THEIRS)
    for asset in (lamp, pump):
        world.set_mode(asset.id, "ALWAYS_OFF")
    return lamp, pump


def load(house: House, amperes: float) -> None:
    answer(house.home, "current", [("/data/current/value", amperes)])


async def use(house: House, *assets: Asset, **inputs: float) -> None:
    """Set the automation up on a line with much headroom, and let it act."""
    load(house, LITTLE_LOAD)
    await house.wait(minutes=5, step=300)
    await house.automate(
        "use_spare_capacity",
        line=house.device("line", house.home.line),
        assets=[house.device("asset", asset.id) for asset in assets],
        **inputs,
    )
    await house.wait(minutes=15, step=300)


async def control(house: House, action: str, asset: Asset, **data: object) -> None:
    """Do what a person does by hand."""
    target = {ATTR_DEVICE_ID: house.device("asset", asset.id)}
    await house.hass.services.async_call(DOMAIN, action, target | data, blocking=True)
    await house.wait(seconds=10, step=5)


@pytest.mark.parametrize("inputs", [{}, {"spare": 150, "little": 75}], ids=["percent", "amperes"])
async def test_boosted_as_long_as_there_is_capacity(
    house: House, pair: tuple[Asset, Asset], inputs: dict[str, float]
) -> None:
    """The limits are in percent; an automation that has them in amperes goes on with them."""
    assert house.power(*pair) == 0
    await use(house, *pair, **inputs)
    assert house.running(*pair) == {"boost"}
    assert house.power(*pair) > 0
    # It is prolonged before it ends, and none of the looks in between finds it off.
    for _ in range(6):
        await house.wait(minutes=10, step=300)
        assert house.running(*pair) == {"boost"}
    load(house, MUCH_LOAD)
    await house.wait(minutes=5, step=300)
    assert house.running(*pair) == {None}
    assert house.power(*pair) == 0
    await house.wait(minutes=20, step=300)
    assert house.running(*pair) == {None}
    load(house, LITTLE_LOAD)
    await house.wait(minutes=25, step=300)
    assert house.running(*pair) == {"boost"}
    assert house.errors() == []


async def test_a_boost_by_hand_outlives_the_capacity(
    house: House, pair: tuple[Asset, Asset]
) -> None:
    lamp, pump = pair
    await use(house, *pair)
    await control(house, "boost", lamp, duration="03:00:00")
    await house.wait(minutes=25, step=300)
    load(house, MUCH_LOAD)
    await house.wait(minutes=5, step=300)
    assert house.running(lamp) == {"boost"}
    assert house.running(pump) == {None}


async def test_what_a_person_ends_or_switches_off_stays_so(
    house: House, pair: tuple[Asset, Asset]
) -> None:
    lamp, pump = pair
    await use(house, *pair)
    await control(house, "resume", lamp)
    await control(house, "snooze", pump, duration="03:00:00")
    await house.wait(minutes=45, step=300)
    assert house.running(lamp) == {None}
    assert house.running(pump) == {"snooze"}
    load(house, MUCH_LOAD)
    await house.wait(minutes=5, step=300)
    assert house.running(pump) == {"snooze"}
    assert house.errors() == []


async def test_what_a_person_did_before_stays(house: House, pair: tuple[Asset, Asset]) -> None:
    lamp, pump = pair
    await control(house, "snooze", pump, duration="03:00:00")
    await use(house, *pair)
    assert house.running(lamp) == {"boost"}
    assert house.running(pump) == {"snooze"}


async def test_unknown_headroom_is_no_capacity(house: House, pair: tuple[Asset, Asset]) -> None:
    await use(house, *pair)
    house.home.recover()
    house.home.fault("any")
    await house.wait(minutes=45, step=300)
    assert house.value(house.home.line, "headroom") == "unavailable"
    assert house.running(*pair) == {None}
