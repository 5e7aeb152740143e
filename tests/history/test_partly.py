"""A source of which some series cannot be read: the others go on, and nothing is lost of any."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.api.errors import (
    ApiError,
    NotFound,
    PermissionDenied,
    ServerError,
)
from custom_components.gridduck_heimdall.history.work import ImportState
from tests.conftest import pass_time

from .support import (
    CURRENT,
    ENERGY,
    HOUR,
    MONTH,
    NOON,
    Formula,
    new_importer,
    recorded,
    restart,
    run,
)


@pytest.fixture
def first_days() -> int:
    """Return a month, as much as refused hours are imported of later."""
    return 30


@pytest.mark.parametrize("error", [PermissionDenied("not allowed"), NotFound("none")], ids=str)
async def test_refused(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory, error: ApiError
) -> None:
    """It is no failure, is asked for again once a day, and imported whole when it is allowed."""
    source = Formula(broken={ENERGY.key: error})
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    assert importer.progress.state is ImportState.IDLE
    assert await recorded(hass, ENERGY) == {}
    assert await recorded(hass, CURRENT) == source.in_one_go(CURRENT, MONTH, NOON)
    for _ in range(20):
        await pass_time(hass, freezer, HOUR)
    # Hour by hour, and not the whole month each time.
    assert max(end - start for start, end in source.asked[-15:]) <= 3 * HOUR
    await restart(hass, entry, source)
    source.broken.clear()
    for _ in range(6):
        await pass_time(hass, freezer, HOUR)
    found = await recorded(hass, ENERGY)
    # A month back from when it was asked for again.
    assert NOON - 720 <= min(found) <= NOON - 690
    assert len(found) == max(found) - min(found) + 1
    assert importer.progress.state is ImportState.IDLE


async def test_failing(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """It is tried again, later and later; the others are imported, and not fetched again for it."""
    source = Formula(broken={ENERGY.key: ServerError("broken", status=500)})
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    progress = importer.progress
    assert progress.state is ImportState.WAITING
    assert importer.diagnostics()["error"] == "broken"
    assert progress.hours_to_do == 720
    assert await recorded(hass, CURRENT) == source.in_one_go(CURRENT, MONTH, NOON)
    source.broken.clear()
    await pass_time(hass, freezer, timedelta(minutes=6))
    assert importer.progress.state is ImportState.IDLE
    assert await recorded(hass, ENERGY) == source.in_one_go(ENERGY, MONTH, NOON)


async def test_reported_after_a_day(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """What fails of a source for long is told, though the rest of it goes well."""
    source = Formula(broken={ENERGY.key: ServerError("broken", status=500)})
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    for _ in range(31):
        await pass_time(hass, freezer, HOUR)
    assert importer.progress.state is ImportState.FAILED
    assert max(await recorded(hass, CURRENT)) >= NOON + 24


async def test_no_outage(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Many sources of which one endpoint fails do not mean that the service is down."""
    sources = [
        Formula(key=f"line_{number}", broken={ENERGY.key: ServerError("broken", status=500)})
        for number in range(6)
    ]
    await run(hass, new_importer(hass, entry, *sources))
    assert all(source.asked for source in sources)
