"""Days of accidents, at the end of which nothing is missing and nothing has piled up."""

from datetime import timedelta
import sys

import pytest

from .accidents import Accidents, Chance
from .house import House
from .truth import HOUR, SETTLED, missing_of_assets, missing_of_lines
from .usage import WARM_UP, Usage, usage

# What an hour that passes costs at most, on average over a day: of GridDuck a list a minute, and
# some temperatures and history; of Heimdall 14 products of three lines every five minutes.
CALLS_AN_HOUR = {"gridduck": 120, "heimdall": 12 * 3 * 14}
ALLOWED = Usage(
    tasks=3,
    connections=8,
    bus_listeners=4,
    coordinator_listeners=0,
    timers=6,
    objects=1000,
    memory_mb=1.0,
)
"""By how much there may be more at the end: what happens to be under way."""


@pytest.mark.timeout(0)  # however many days are asked for
@pytest.mark.usefixtures("allocations")
async def test_nothing_is_lost_and_nothing_piles_up(
    house: House, days: int, seed: int, restarts: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.start()
    accidents = Accidents(house, Chance(seed), restarts)
    start = int(house.simulator.clock.now()) - 24 * HOUR
    most = dict.fromkeys(CALLS_AN_HOUR, 0)
    counted = dict[int, Usage]()
    for day in range(days):
        began = house.simulator.clock.now()
        await accidents.day()
        hours = (house.simulator.clock.now() - began) / HOUR
        for service in most:
            calls = house.simulator.calls.count(service=service)
            most[service] = max(most[service], round(calls / hours))
        # The simulator's own memory is not what is measured.
        house.simulator.calls.clear()
        if not accidents.guests:
            counted[day] = usage(house)
        accidents.quiet_change()
    accidents.end()
    # A day later everything has been read once more.
    for _ in range(27):
        await house.wait(timedelta(hours=1))
    end = (int(house.simulator.clock.now()) - SETTLED) // HOUR * HOUR
    missing = [
        *await missing_of_assets(house, start, end, accidents.gone, accidents.last_word),
        *await missing_of_lines(house, start, end, accidents.gone),
    ]
    if days > WARM_UP:
        with capsys.disabled():
            sys.stdout.write(
                "\n".join((*accidents.all_reported(), *map(str, counted.items()), str(most), ""))
            )
    await house.close()
    assert not missing, "\n".join((*missing, *accidents.log))
    assert all(most[service] <= CALLS_AN_HOUR[service] for service in most), most
    first = next(one for day, one in counted.items() if day >= min(WARM_UP, (days - 1) // 4))
    last = [*counted.values()][-1]
    assert last is not first
    grown = last.grown(first, ALLOWED)
    if restarts:
        # The test plugin keeps each Home Assistant that there was; a process would end with it.
        grown.pop("objects", None)
    assert not grown, (first, last)
