"""Endpoints of a line's past that fail or are refused cost only what is made of them."""

from collections.abc import Collection
from datetime import timedelta

from homeassistant.components.recorder import Recorder
import pytest

from custom_components.gridduck_heimdall.heimdall.history import LineSource
from custom_components.gridduck_heimdall.heimdall.inventory import LineItem
from custom_components.gridduck_heimdall.history import plan
from custom_components.gridduck_heimdall.history.series import Series
from custom_components.gridduck_heimdall.history.work import ImportState

from .history_support import HOUR, Truth, alike, failing, now, recorded
from .home import Home

DAY = 24 * HOUR
ICY = ("ice_load", "tension", "breaking_strength_share")
OTHERS = ("current", "dlr", "aar", "loading", "headroom", "sag_max", "conductor_temperature_max")


@pytest.fixture(autouse=True)
def _one_day(recorder_mock: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Record for real, and import one day at first."""
    monkeypatch.setattr(plan, "FIRST_RANGE", timedelta(days=1))


async def rows(home: Home, key: str) -> dict[int, tuple[float, float, float]]:
    return await recorded(home, home.entity_id(home.icy_line, key), 0, now())


@pytest.mark.parametrize("status", [500, 403])
async def test_icing_fails(home: Home, status: int) -> None:
    home.simulator.faults.add(failing(r"/icing$|/icing\?", status))
    await home.open()
    end = now() - HOUR
    truth = Truth(home, home.icy_line, end - DAY, end)
    for key in ICY:
        assert await rows(home, key) == {}, key
    for key in OTHERS:
        alike(await rows(home, key), truth.rows(key))
    state = home.account.importer.progress.state
    assert state is (ImportState.WAITING if status == 500 else ImportState.IDLE)
    home.recover()
    # A failure is tried again soon, a refusal once a day.
    for _ in range(1 if status == 500 else 3):
        await home.wait(hours=1 if status == 500 else 9)
    assert home.account.importer.progress.state is ImportState.IDLE
    for key in ICY:
        assert truth.rows(key).keys() <= (await rows(home, key)).keys(), key


async def test_a_refused_limit_does_not_count(home: Home) -> None:
    """Loading is made of the others; without the current there is none."""
    home.simulator.faults.add(failing(r"/heimdall_aars\?", 403))
    await home.open()
    assert await rows(home, "aar") == {}
    assert len(await rows(home, "loading")) == 24


async def test_a_failing_limit_holds_the_loading_back(home: Home) -> None:
    """Without the tightest limit, the line would seem to have had capacity that it had not."""
    home.simulator.faults.add(failing(r"/heimdall_aars\?", 500))
    await home.open()
    assert await rows(home, "loading") == {}
    assert len(await rows(home, "dlr")) == 24


async def test_keys_of_many_devices_look_at_their_own_lines(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking for the keys of each line looks at that line alone."""
    await home.open()
    looked = list[str]()
    series = LineSource.series

    def counted(source: LineSource) -> Collection[Series]:
        looked.append(source.key)
        return series(source)

    monkeypatch.setattr(LineSource, "series", counted)
    grid_items = home.account.assets.data.grid_items.values()
    for line in (one for one in grid_items if isinstance(one, LineItem)):
        device = home.device("line", line.id)
        assert device is not None
        assert home.account.importer.keys_of(device) == [line.id]
    assert len(looked) == 2
