"""The dashboard in languages besides English: no English is left, and nothing is cut off."""

from collections.abc import AsyncIterator

from playwright.async_api import expect
import pytest

from .home import Home
from .local import english_left, is_translated, speak
from .rows import OWN_DASHBOARD, VIEWS, View, filled, make_dashboards
from .test_views import Names, complete
from .visitor import GERMAN, HEBREW, JAPANESE, NORWEGIAN, Mode, People, Visitor

pytestmark = pytest.mark.usefixtures("past")

MODES = [each for each in (GERMAN, NORWEGIAN, JAPANESE) if is_translated(each.language)]
SEEN = [each for each in VIEWS if each.name in {"overview", "line"}]


@pytest.fixture(scope="module")
async def names(home: Home) -> AsyncIterator[Names]:
    """Return the ids of devices; in the end Home Assistant is English again."""
    yield await make_dashboards(home)
    await speak(home, "en")


@pytest.fixture(scope="module", params=[*MODES, HEBREW], ids=lambda mode: mode.name)
async def mode(home: Home, names: Names, request: pytest.FixtureRequest) -> Mode:
    """Return how a person looks, with Home Assistant set to their language."""
    found: Mode = request.param
    await speak(home, found.language)
    return found


@pytest.fixture(scope="module")
async def person(people: People, mode: Mode) -> AsyncIterator[Visitor]:
    async with people.visit(mode) as one:
        await one.open(f"{OWN_DASHBOARD}/activity")
        yield one


@pytest.mark.parametrize("view", SEEN, ids=lambda view: view.name)
async def test_view(person: Visitor, mode: Mode, names: Names, view: View) -> None:
    await person.go(f"{OWN_DASHBOARD}/{filled(view.path, names)}")
    for selector in view.shows:
        await expect(person.page.locator(selector).first).to_be_visible()
    await complete(person)
    if mode is HEBREW:
        await expect(person.page.locator("html")).to_have_attribute("dir", "rtl")
        card = person.page.locator("ha-card").filter(has=person.page.locator("h2, .card-header"))
        await expect(card.first).to_have_css("direction", "rtl")
    else:
        assert await english_left(person, mode.language) == []
