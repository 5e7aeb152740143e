"""Assets are boosted and snoozed on views and on the card, by mouse and by keyboard."""

from functools import partial

from playwright.async_api import expect
import pytest

from devtools.cloud_client import Asset

from .axe import violations
from .conftest import Visit
from .hands import Hands, Keyboard, Mouse
from .home import Home, until
from .rows import CARDS_DASHBOARD, OWN_DASHBOARD

pytestmark = pytest.mark.changes


@pytest.mark.parametrize(
    ("hands_of", "override", "name", "shows"),
    [
        pytest.param(Mouse, "boost", "Forklift charger", "Boosted until", id="boost-mouse"),
        pytest.param(Keyboard, "boost", "Charger bay 1", "Boosted until", id="boost-keyboard"),
        pytest.param(Mouse, "snooze", "Lamp", "Snoozed until", id="snooze-mouse"),
        pytest.param(Keyboard, "snooze", "Yard lighting", "Snoozed until", id="snooze-keyboard"),
    ],
)
async def test_override(
    visit: Visit, home: Home, hands_of: type[Hands], override: str, name: str, shows: str
) -> None:
    before = await asset(home, name)
    assert before.idle
    site = await home.device("site", before.site_name)
    person = await visit()
    await person.open(f"{OWN_DASHBOARD}/site-{site.id}")
    hands, card = hands_of(person.page), person.page.locator("gridduck-heimdall-assets")
    row = card.get_by_role("listitem").filter(has_text=name)
    await hands.press(row.get_by_role("button"))
    dialog = card.get_by_role("dialog", name=name)
    await hands.press(dialog.get_by_role("button", name=override.capitalize()))
    await expect(row).to_contain_text(shows)
    await until(lambda: runs(home, name, override), f"GridDuck runs a {override} of {name}")
    # What runs is listed on the overview, too.
    await person.go(f"{OWN_DASHBOARD}/overview")
    listed = person.page.locator("gridduck-heimdall-assets")
    await expect(listed.get_by_text(name)).to_be_visible()
    assert await person.missing() == []
    assert person.reported() == []


@pytest.mark.parametrize("hands_of", [Mouse, Keyboard])
async def test_confirmation(visit: Visit, home: Home, hands_of: type[Hands]) -> None:
    """What others hang below is switched only after a second press."""
    site = await home.device("site", "Mill Lane Depot")
    person = await visit()
    await person.open(f"{OWN_DASHBOARD}/site-{site.id}")
    hands, card = hands_of(person.page), person.page.locator("gridduck-heimdall-assets")
    name = "Workshop circuit"
    await hands.press(card.get_by_role("button", name=f"Control {name}"))
    dialog = card.get_by_role("dialog", name=name)
    await expect(dialog).to_contain_text("Assets below this one: 1")
    await hands.press(dialog.get_by_role("button", name="Snooze"))
    confirm = dialog.get_by_role("button", name="Yes, Snooze")
    await expect(confirm).to_be_visible()
    assert await violations(person) == []
    assert not await runs(home, name, "snooze")
    await hands.press(confirm)
    await expect(dialog).to_be_hidden()
    await until(partial(runs, home, name, "snooze"), f"GridDuck snoozes {name}")
    assert person.reported() == []


async def test_filter(visit: Visit, home: Home) -> None:
    """The card of all sites shows those of one that is chosen."""
    person = await visit()
    await person.open(f"{CARDS_DASHBOARD}/assets-of-all-sites")
    card = person.page.locator("gridduck-heimdall-assets")
    await expect(card.get_by_text("Charger bay 1")).to_be_visible()
    await card.get_by_role("combobox").select_option("Harbour Office")
    await expect(card.get_by_text("Charger bay 1")).to_have_count(0)
    names = {
        each.name
        for each in (await home.cloud.assets()).values()
        if each.site_name == "Harbour Office"
    }
    await expect(card.get_by_role("listitem")).to_have_count(len(names))
    assert person.reported() == []


@pytest.mark.parametrize(
    ("hands_of", "name"),
    [
        pytest.param(Mouse, "Greenhouse lighting", id="mouse"),
        pytest.param(Keyboard, "Hall ventilation", id="keyboard"),
    ],
)
async def test_card(visit: Visit, home: Home, hands_of: type[Hands], name: str) -> None:
    """A snooze of a chosen duration is extended and ended, in the dialog of the card."""
    person = await visit()
    await person.open(f"{CARDS_DASHBOARD}/assets")
    hands, card = hands_of(person.page), person.page.locator("gridduck-heimdall-assets")
    row = card.get_by_role("listitem").filter(has_text=name)
    dialog = card.get_by_role("dialog", name=name)
    for command, running in (("Snooze", True), ("Extend", True), ("End override", False)):
        await hands.press(row.get_by_role("button"))
        await dialog.get_by_role("combobox").select_option("2 hours")
        assert await violations(person) == []
        await hands.press(dialog.get_by_role("button", name=command))
        await expect(dialog).to_be_hidden()
        await until(partial(runs, home, name, "snooze", running), f"{command} {name}")
        await expect(row).to_contain_text("Snoozed until" if running else "On")
    assert person.reported() == []


async def asset(home: Home, name: str) -> Asset:
    """Return an asset as GridDuck has it."""
    return next(each for each in (await home.cloud.assets()).values() if each.name == name)


async def runs(home: Home, name: str, override: str, running: bool = True) -> bool:
    """Tell whether GridDuck boosts or snoozes an asset, or no longer does."""
    return (await asset(home, name)).runs(override) is running
