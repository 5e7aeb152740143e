"""Load limits and actions that curtail the same assets."""

from homeassistant.core import HomeAssistant

from .feeder import Feeder, add
from .yard import Yard, names


async def test_what_a_load_limit_curtails_counts_for_an_action(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """It is not commanded again, and stays off as long as the action says."""
    await add(yard, feeder.limit)
    await feeder.run(5)
    (curtailed,) = {call.path.rsplit("/", 1)[-1] for call in yard.puts()}
    answer = await yard.shed(curtailed, power=1, duration={"minutes": 50})
    assert len(names(answer["already_shed"])) == 1
    assert answer["goal"]["reached"]
    assert not yard.puts()
    feeder.base = 60
    await feeder.run(30)
    assert not yard.puts()
    await feeder.run(40)
    assert yard.commanded() == [curtailed]
