"""What large accounts hold is left out of full garbage collections while they are open."""

from collections.abc import Iterator
import gc

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import CoreState, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.core import garbage_collection
from tests.conftest import pass_time, setup


@pytest.fixture(autouse=True)
def nothing_frozen() -> Iterator[None]:
    """Begin with nothing frozen, and leave Python as it was: a frozen suite is faster."""
    was_frozen = bool(gc.get_freeze_count())
    gc.unfreeze()
    yield
    gc.unfreeze()
    if was_frozen:
        gc.freeze()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every account be large."""
    monkeypatch.setattr(garbage_collection, "LARGE", 1)


@pytest.mark.usefixtures("large")
async def test_from_loaded_to_closed(hass: HomeAssistant, gridduck_entry: MockConfigEntry) -> None:
    await setup(hass, gridduck_entry)
    assert gc.get_freeze_count() > 100_000
    await hass.config_entries.async_unload(gridduck_entry.entry_id)
    assert not gc.get_freeze_count()


@pytest.mark.usefixtures("large")
async def test_not_before_home_assistant_has_started(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry
) -> None:
    hass.set_state(CoreState.starting)
    await setup(hass, gridduck_entry)
    assert not gc.get_freeze_count()
    hass.set_state(CoreState.not_running)
    await hass.async_start()
    assert gc.get_freeze_count()


async def test_a_small_account_changes_nothing(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry
) -> None:
    await setup(hass, gridduck_entry)
    assert not gc.get_freeze_count()


@pytest.mark.usefixtures("large")
async def test_again_for_the_account_that_stays(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    await hass.config_entries.async_unload(heimdall_entry.entry_id)
    assert not gc.get_freeze_count()
    await pass_time(hass, freezer, garbage_collection.REFREEZE_SECONDS + 1)
    assert gc.get_freeze_count()
