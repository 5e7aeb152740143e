"""What users see who are no administrators, down to one who may read nothing."""

from collections.abc import AsyncIterator

from playwright.async_api import Locator, expect
import pytest

from .groups import Group
from .home import Home, until
from .rows import CARDS, CARDS_DASHBOARD, OWN_DASHBOARD, Card, make_dashboards
from .test_assets import runs
from .test_views import Names, complete
from .users import added
from .visitor import People, Visitor

pytestmark = pytest.mark.changes

NOT_PERMITTED = "You are not permitted to see this."
ASSET = "Cold store compressors"


@pytest.fixture
async def names(home: Home) -> Names:
    return await make_dashboards(home)


@pytest.fixture
async def person(
    people: People, home: Home, names: Names, request: pytest.FixtureRequest
) -> AsyncIterator[Visitor]:
    """Return a user of the group that the test names."""
    async with added(home, request.param) as login, people.visit_first(login=login) as one:
        yield one


@pytest.mark.parametrize("person", [Group.USERS], indirect=True)
async def test_user(person: Visitor, home: Home, names: Names) -> None:
    """One who may do everything but configure sees all, and controls assets."""
    await person.open(f"{OWN_DASHBOARD}/overview")
    await expect(person.page.locator("gridduck-heimdall-lines svg").first).to_be_visible()
    await expect(person.page.locator("gridduck-heimdall-load-limit svg").first).to_be_visible()
    await complete(person)
    await person.go(f"{OWN_DASHBOARD}/site-{names['site']}")
    row = await snooze(person)
    await until(lambda: runs(home, ASSET, "snooze"), f"GridDuck snoozes {ASSET}")
    await expect(row).to_contain_text("Snoozed until")
    await complete(person)


@pytest.mark.parametrize("person", [Group.VIEWERS], indirect=True)
async def test_viewer(person: Visitor, home: Home, names: Names) -> None:
    """One who may only look sees all; Home Assistant says why a command is not carried out."""
    await person.open(f"{OWN_DASHBOARD}/overview")
    await expect(person.page.locator("gridduck-heimdall-lines svg").first).to_be_visible()
    await complete(person)
    await person.go(f"{OWN_DASHBOARD}/site-{names['site']}")
    await snooze(person)
    await expect(person.page.locator("notification-manager")).to_contain_text("Unauthorized")
    assert not await runs(home, ASSET, "snooze")
    await expect(person.page.get_by_role("dialog", name=ASSET)).to_be_visible()


@pytest.mark.parametrize("person", [Group.STRANGERS], indirect=True)
async def test_stranger(person: Visitor) -> None:
    """One who may read nothing is told so on the only view that is left, and on each card."""
    await person.open(f"{OWN_DASHBOARD}/overview")
    await expect(person.page.locator("hui-view")).to_contain_text(NOT_PERMITTED)
    await complete(person)
    for card in (each for each in CARDS if not each.says):
        await person.go(f"{CARDS_DASHBOARD}/{card.name}")
        await expect(shown(person, card)).to_contain_text(NOT_PERMITTED)
        await complete(person)


def shown(person: Visitor, card: Card) -> Locator:
    """Return the element of a card."""
    return person.page.locator(card.config["type"].removeprefix("custom:"))


async def snooze(person: Visitor) -> Locator:
    """Snooze an asset on the view of its site; return its row."""
    card = person.page.locator("gridduck-heimdall-assets")
    row = card.get_by_role("listitem").filter(has_text=ASSET)
    await row.get_by_role("button").click()
    dialog = card.get_by_role("dialog", name=ASSET)
    await dialog.get_by_role("button", name="Snooze").click()
    return row
