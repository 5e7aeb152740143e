"""Assets that are not connected for a while, and those that come back."""

import pytest

from simulator.gridduck.asset import Asset

from .house import House


async def watch(house: House, kind: str = "asset") -> Asset:
    """Watch the lamp or its site, and return it."""
    lamp = next(one for one in house.simulator.gridduck.world.assets.values() if one.name == "Lamp")
    item = lamp.id if kind == "asset" else lamp.site.id
    await house.automate("asset_offline", assets={"device_id": house.device(kind, item)})
    return lamp


@pytest.mark.parametrize("kind", ["asset", "site"])
async def test_gone_for_a_while_and_back(house: House, kind: str) -> None:
    lamp = await watch(house, kind)
    house.simulator.gridduck.world.disconnect(lamp.id)
    await house.wait(minutes=8, step=120)
    assert house.messages() == []
    await house.wait(minutes=4, step=120)
    assert house.messages() == ["Lamp is not connected."]
    house.simulator.gridduck.world.reconnect(lamp.id)
    await house.wait(minutes=2)
    assert house.messages() == ["Lamp is connected again."]
    assert house.errors() == []


async def test_a_short_absence_is_not_reported(house: House) -> None:
    lamp = await watch(house)
    house.simulator.gridduck.world.disconnect(lamp.id)
    await house.wait(minutes=4, step=120)
    house.simulator.gridduck.world.reconnect(lamp.id)
    await house.wait(minutes=16, step=240)
    assert house.messages() == []
