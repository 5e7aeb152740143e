"""What GridDuck shows is as old as the table says at most, and is there again at once."""

from datetime import timedelta

from homeassistant.const import STATE_UNAVAILABLE, Platform
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.gridduck.news import News
from simulator.faults import Fault
from simulator.gridduck.settings import MISSING
from simulator.server import Simulator
from tests.gridduck.support import writes

from .ages import GRIDDUCK, HOUR, Shown
from .duck import LIST, TELEMETRY, Duck

ALL = set(GRIDDUCK)
AGING = {shown for shown in GRIDDUCK if shown.age is not None}
OF_THE_LIST = {shown for shown in GRIDDUCK if shown.key != "temperature"}
CONNECTION = Shown(item="asset", key="connection", age=None, platform=Platform.BINARY_SENSOR)


async def test_all_of_the_table_is_there(duck: Duck) -> None:
    assert duck.current(GRIDDUCK) == ALL


async def test_one_failed_poll_passes_unseen(duck: Duck) -> None:
    before, written = duck.values(GRIDDUCK), writes(duck.hass)
    duck.fault(count=1)
    await duck.polls(1)
    assert duck.values(GRIDDUCK) == before
    assert not written


async def test_a_failure_that_lasts_is_reported_and_recovery_too(duck: Duck) -> None:
    duck.fault()
    await duck.polls(3)
    assert duck.current(OF_THE_LIST) == set()
    duck.recover()
    await duck.polls(1)
    assert duck.current(OF_THE_LIST) == OF_THE_LIST


async def test_a_list_that_fails_while_telemetry_works(duck: Duck) -> None:
    duck.fault(LIST)
    await duck.polls(3)
    assert duck.current(OF_THE_LIST) == set()


@pytest.mark.parametrize("retry_after", [7200])
async def test_a_long_silence_that_the_cloud_asks_for(duck: Duck, retry_after: int) -> None:
    """One failed poll, and no other for two hours: five minutes pass unseen, not more."""
    duck.fault(LIST, status=429, headers={"Retry-After": str(retry_after)}, count=1)
    await duck.polls(4)
    assert duck.current(OF_THE_LIST) == OF_THE_LIST
    await duck.polls(2)
    assert duck.current(OF_THE_LIST) == set()
    await duck.wait(seconds=retry_after)
    assert duck.current(OF_THE_LIST) == OF_THE_LIST


async def test_old_values_in_good_answers(duck: Duck) -> None:
    """The cloud answers, and has heard of nothing for two hours."""
    duck.fault("/asset", "stale", delay=7200)
    await duck.polls(5)
    assert duck.current(GRIDDUCK) == ALL - AGING
    # How it stands and since when is still told.
    assert duck.value(CONNECTION) == "off"
    duck.recover()
    await duck.polls(1)
    assert duck.current(OF_THE_LIST) == OF_THE_LIST
    await duck.polls(5)
    assert duck.current(GRIDDUCK) == ALL


async def test_a_little_late_is_current(duck: Duck) -> None:
    duck.fault(LIST, "stale", delay=3000)
    await duck.polls(5)
    assert duck.current(OF_THE_LIST) == OF_THE_LIST
    assert duck.value(CONNECTION) == "on"


async def test_the_same_answer_for_hours(duck: Duck, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cloud's own clock stands still, and so does all that it says."""
    now = duck.simulator.clock.now()
    with monkeypatch.context() as standing:
        standing.setattr(duck.simulator.clock, "now", lambda: now)
        await duck.polls(58)
        assert duck.current(OF_THE_LIST) == OF_THE_LIST
        await duck.polls(5)
        assert duck.current(GRIDDUCK) == ALL - AGING
    await duck.polls(1)
    assert duck.current(OF_THE_LIST) == OF_THE_LIST


async def test_an_asset_that_lost_its_connection(duck: Duck) -> None:
    duck.world.disconnect(duck.items["asset"])
    await duck.polls(1)
    gone = {shown for shown in AGING if shown.item == "asset"}
    assert duck.current(GRIDDUCK) == ALL - gone
    duck.world.reconnect(duck.items["asset"])
    await duck.polls(1)
    assert duck.current(GRIDDUCK) == ALL


async def test_an_asset_of_which_the_cloud_has_not_noticed(duck: Duck) -> None:
    """It was last heard of long ago, and is not said to be lost."""
    asset = duck.items["asset"]
    others = Shown(item="site", key="assets_online", age=None)
    online = int(duck.value(others))
    contact = int(duck.simulator.clock.now())
    for stamp, is_current in ((contact, True), (contact * 1000, True), (contact - 3700, False)):
        duck.world.set_field(asset, "last_contacted", stamp)
        await duck.polls(1)
        found = {shown for shown in duck.current(GRIDDUCK) if shown.item == "asset"} & AGING
        assert bool(found) is is_current, stamp
    assert int(duck.value(others)) == online - 1
    for untold in (None, MISSING, 0, "long ago"):
        # What is not told proves nothing.
        duck.world.set_field(asset, "last_contacted", untold)
        await duck.polls(1)
        assert duck.value(CONNECTION) == "on", untold


async def test_an_asset_that_lists_leave_out_for_hours(duck: Duck) -> None:
    """An entry that cannot be read makes it uncertain whether it is gone; its values age."""
    duck.world.junk.append({"name": "no id"})
    duck.world.remove_asset(duck.items["asset"])
    await duck.polls(5)
    assert CONNECTION in duck.current(GRIDDUCK)
    await duck.wait(minutes=61)
    await duck.polls(1)
    assert not {shown for shown in duck.current(GRIDDUCK) if shown.item == "asset"} & AGING


async def test_temperatures_age_while_they_cannot_be_read(duck: Duck) -> None:
    """Also when it is the first polls that fail, and those would pass unseen."""
    warm = next(shown for shown in GRIDDUCK if shown.key == "temperature")
    await duck.wait(minutes=5)
    duck.fault(TELEMETRY, "stale", delay=1500)
    await duck.wait(minutes=5)
    assert duck.current([warm])
    duck.recover()
    duck.fault(TELEMETRY)
    await duck.wait(minutes=5)
    await duck.wait(minutes=5)
    assert not duck.current([warm])


async def test_suspended_for_hours(duck: Duck) -> None:
    """The first poll afterwards fails: what was known before is not shown for current."""
    duck.fault(count=1)
    await duck.wait(hours=8)
    assert duck.current(OF_THE_LIST) == set()
    await duck.polls(6)
    assert duck.current(GRIDDUCK) == ALL


async def test_suspended_and_back_at_once(duck: Duck) -> None:
    before = duck.value(next(shown for shown in GRIDDUCK if shown.key == "energy"))
    await duck.wait(hours=8)
    assert duck.current(GRIDDUCK) == ALL
    assert duck.value(next(shown for shown in GRIDDUCK if shown.key == "energy")) != before


async def test_started_anew_with_old_answers(
    hass: HomeAssistant, simulator: Simulator, duck: Duck, gridduck_entry: MockConfigEntry
) -> None:
    """Nothing from before a restart is shown for current."""
    duck.fault("/asset", "stale", delay=int(2 * HOUR.total_seconds()))
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert duck.current(GRIDDUCK) == ALL - AGING


async def test_the_clock_is_put_back(duck: Duck) -> None:
    """It goes on asking, and failures are told as ever."""
    duck.put_back(timedelta(hours=3))
    duck.simulator.calls.clear()
    await duck.entry.runtime_data.assets.async_refresh()
    assert duck.simulator.calls.count(path="^/asset/$") == 1
    assert duck.current(OF_THE_LIST) == OF_THE_LIST
    duck.fault()
    for _ in range(3):
        await duck.entry.runtime_data.assets.async_refresh()
    await duck.hass.async_block_till_done()
    assert duck.current(OF_THE_LIST) == set()


async def test_a_silence_does_not_outlast_a_clock_put_back(duck: Duck) -> None:
    silence = Fault(service="gridduck", path=LIST, status=429, headers={"Retry-After": "60"})
    duck.simulator.faults.add(silence)
    await duck.polls(1)
    assert duck.entry.runtime_data.assets.rate_limited
    duck.put_back(timedelta(hours=3))
    assert not duck.entry.runtime_data.assets.rate_limited


async def test_what_a_hook_sends_is_a_contact(duck: Duck) -> None:
    """An asset that is silent in the list is shown when the cloud itself sends something of it."""
    asset = duck.items["asset"]
    duck.world.set_field(asset, "last_contacted", int(duck.simulator.clock.now()) - 7200)
    await duck.polls(1)
    assert duck.value(CONNECTION) == "off"
    assets = duck.entry.runtime_data.assets
    assets.take_pushed({asset: News(None, {})})
    assert duck.value(CONNECTION) == "on"
    assert duck.value(next(one for one in GRIDDUCK if one.key == "power")) != STATE_UNAVAILABLE
