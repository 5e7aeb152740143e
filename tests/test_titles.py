"""The titles of accounts, also of those that were added before titles named the service."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import MINOR_VERSION
from custom_components.gridduck_heimdall.core.titles import is_generated, title_of
from simulator.options import Options

from .conftest import account_state, setup

GRIDDUCK = {"service": "gridduck"}
HEIMDALL = {"service": "heimdall", "environment": "production"}
DEVELOPER = {"service": "heimdall", "environment": "developer"}


@pytest.mark.parametrize(
    ("data", "names", "title"),
    [
        (GRIDDUCK, [], "GridDuck"),
        (GRIDDUCK, ["Office"], "GridDuck: Office"),
        (GRIDDUCK, ["Office", "Depot"], "GridDuck: Office, Depot"),
        (GRIDDUCK, ["Office", "Depot", "School", "Mill"], "GridDuck: Office, Depot +2"),
        (HEIMDALL, ["Grid"], "Heimdall Power: Grid"),
        (DEVELOPER, ["Grid"], "Heimdall Power (developer): Grid"),
        (DEVELOPER, [], "Heimdall Power (developer)"),
    ],
)
def test_titles(data: dict[str, str], names: list[str], title: str) -> None:
    assert title_of(data, names) == title
    assert is_generated(title, data, names)


@pytest.mark.parametrize(
    ("title", "generated"),
    [
        ("Office, Depot, School, first floor +3", True),
        ("School, first floor", True),
        # Of fewer sites than there are by now.
        ("Depot", True),
        ("GridDuck: Office, Depot +1", True),
        ("Our sites", False),
        ("Office, and more", False),
        ("Office, Office", False),
        ("", False),
    ],
)
def test_generated_titles(title: str, *, generated: bool) -> None:
    names = ["Office", "Depot", "School, first floor", "Mill", "Quay", "Yard"]
    assert is_generated(title, GRIDDUCK, names) is generated


@pytest.fixture
def simulator_options() -> Options:
    return Options(sites=4, assets=8, lines=1)


async def test_an_earlier_title_is_brought_up_to_date_once(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry
) -> None:
    """One that the user has changed stays, and so does one that is changed back."""
    old = "Harbour Office, Mill Lane Depot, North School +1"
    new = "GridDuck: Harbour Office, Mill Lane Depot +2"
    await setup(hass, gridduck_entry)
    for title, minor_version, becomes in (
        (old, 1, new),
        ("My sites", 1, "My sites"),
        (old, MINOR_VERSION, old),
    ):
        await hass.config_entries.async_unload(gridduck_entry.entry_id)
        hass.config_entries.async_update_entry(
            gridduck_entry, title=title, minor_version=minor_version
        )
        await hass.config_entries.async_setup(gridduck_entry.entry_id)
        # What asks the service in the background has to end before the service does.
        await hass.async_block_till_done(wait_background_tasks=True)
        assert account_state(gridduck_entry).value == "loaded"
        assert gridduck_entry.title == becomes
        assert gridduck_entry.minor_version == MINOR_VERSION
