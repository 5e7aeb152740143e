"""All accounts are deleted while pages are open: each says what happened, and recovers."""

from collections.abc import AsyncIterator
from typing import Final

from playwright.async_api import expect
import pytest

from devtools import accounts
from devtools.settings import DOMAIN

from .conftest import Visit
from .home import Home, have_accounts
from .rows import ONE_OF_EACH, OWN_DASHBOARD, VIEWS, filled, make_one_of_each
from .test_views import Names, complete
from .visitor import Visitor

pytestmark = pytest.mark.usefixtures("past")

OURS: Final = f"/{DOMAIN}/"
"""A part of the addresses of our scripts, as errors name them."""
GONE: Final = {
    "line": "This line no longer exists.",
    "lines": "There are no lines with measurements yet.",
    "load-limit": "This load limit no longer exists.",
    "assets": "This site no longer exists.",
    "headroom": "This line no longer exists.",
}


@pytest.fixture
async def names(home: Home) -> AsyncIterator[Names]:
    """Return the ids of devices; in the end there are both accounts."""
    yield await make_one_of_each(home)
    await accounts.remove(home.hass, "")
    await have_accounts(home)


async def test_accounts_deleted_while_open(visit: Visit, home: Home, names: Names) -> None:
    cards = await visit()
    await cards.open(f"{ONE_OF_EACH}/all")
    for name in GONE:
        await shown(cards, name, "svg, li, .map, [role=status]")
    views = [await visit() for _ in VIEWS]
    for person, view in zip(views, VIEWS, strict=True):
        await person.open(f"{OWN_DASHBOARD}/{filled(view.path, names)}")
        await expect(person.page.locator(view.shows[0]).first).to_be_visible()
    await accounts.remove(home.hass, "")
    for name, words in GONE.items():
        element = cards.page.locator(f"gridduck-heimdall-{name}")
        await element.scroll_into_view_if_needed()
        await expect(element).to_contain_text(words)
    await complete(cards)
    for person in views:
        # The dashboard is gone with the last account: Home Assistant shows its own.
        await expect(person.page.locator("hui-view")).to_contain_text("Welcome")
        assert await person.missing() == []
        # Views that go while one is shown are errors of Home Assistant's own scripts.
        assert not [each for each in person.reported() if OURS in each]
    await have_accounts(home)
    for name in GONE:
        await shown(cards, name, "svg, li, .map, [role=status]")
    await expect(cards.page.locator("gridduck-heimdall-line svg").first).to_be_attached()
    await complete(cards)


async def shown(person: Visitor, name: str, part: str) -> None:
    """Wait until a card has something to show."""
    element = person.page.locator(f"gridduck-heimdall-{name}")
    await element.scroll_into_view_if_needed()
    await expect(element.locator(part).first).to_be_attached()
