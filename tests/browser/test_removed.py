"""What is removed or renamed while a page is open: it follows, and says so in words."""

from collections.abc import Collection
from functools import partial
from typing import Any, Final

from playwright.async_api import expect
import pytest

from devtools.demo.relief import add_load_limit, wait_for_load_limit

from .changes import Found
from .conftest import Visit
from .home import Home
from .rows import LINE, ONE_OF_EACH, OWN_DASHBOARD, make_one_of_each
from .test_load_limits import open_card
from .test_trouble import rename
from .test_views import Names, complete
from .wire import change_messages

GONE: Final = "no longer exists"
RENAMED: Final = "Another name"


@pytest.fixture
async def names(home: Home) -> Names:
    return await make_one_of_each(home)


async def test_renamed_while_open(visit: Visit, home: Home, names: Names) -> None:
    person = await visit()
    renamed = [names[each] for each in ("line", "site", "load_limit")]
    try:
        await person.open(f"{ONE_OF_EACH}/all")
        cards = [
            person.page.locator(f"gridduck-heimdall-{each}").get_by_text(RENAMED).first
            for each in ("line", "lines", "load-limit", "assets", "headroom")
        ]
        await expect(person.page.locator("gridduck-heimdall-line svg").first).to_be_visible()
        for number, device_id in enumerate(renamed):
            await rename(home, device_id, f"{RENAMED} {number}")
        for card in cards:
            await card.scroll_into_view_if_needed()
            await expect(card).to_be_visible()
        await person.go(f"{OWN_DASHBOARD}/overview")
        shown = person.page.locator("hui-view").get_by_text(f"{RENAMED} 1")
        await expect(shown).to_be_visible()
        await rename(home, renamed[1], "A third name")
        await expect(person.page.locator("hui-view")).to_contain_text("A third name")
        await complete(person)
    finally:
        for device_id in renamed:
            await rename(home, device_id, None)


async def test_removed_while_open(visit: Visit, home: Home, names: Names) -> None:
    """Cards say that their device is gone, and show it again when it is back."""
    person = await visit()
    removed = set[str]()
    await change_messages(person.page, partial(without, removed=removed))
    gone = {names[each] for each in ("line", "site", "load_limit")}
    try:
        await person.open(f"{ONE_OF_EACH}/all")
        line = person.page.locator("gridduck-heimdall-line")
        await expect(line.locator("svg").first).to_be_visible()
        removed |= gone
        # The page reads the devices again after each change of one.
        await rename(home, names["line"], RENAMED)
        for name in ("line", "load-limit", "assets", "headroom"):
            card = person.page.locator(f"gridduck-heimdall-{name}")
            await card.scroll_into_view_if_needed()
            await expect(card).to_contain_text(GONE)
        lines = person.page.locator("gridduck-heimdall-lines")
        await expect(lines.get_by_role("listitem").first).to_be_visible()
        await expect(lines.get_by_text(LINE)).to_have_count(0)
        await expect(lines.get_by_text(RENAMED)).to_have_count(0)
        await complete(person)
        removed.clear()
        await rename(home, names["line"], None)
        await expect(line.locator("svg").first).to_be_visible()
        await complete(person)
        await person.go(f"{OWN_DASHBOARD}/line-{names['line']}")
        await expect(line.locator("svg").first).to_be_visible()
        removed |= gone
        await rename(home, names["line"], RENAMED)
        # Home Assistant shows the first view in place of one that is not there any more.
        overview = person.page.locator("hui-view gridduck-heimdall-lines")
        await expect(overview.or_(person.page.get_by_text(GONE)).first).to_be_visible()
        await expect(line.locator("svg")).to_have_count(0)
        await complete(person)
    finally:
        await rename(home, names["line"], None)


@pytest.mark.changes
async def test_load_limit_deleted_while_open(visit: Visit, home: Home) -> None:
    before = await Found.at(home)
    site = await home.device("site", "Mill Lane Depot")
    await add_load_limit(home.hass, "site", {"device": site.id, "limit": 500, "mode": "advise"})
    person = await visit()
    card = await open_card(person, await wait_for_load_limit(home.hass, "Mill Lane Depot"))
    await expect(card.locator("svg").first).to_be_visible()
    (added,) = (await Found.at(home)).load_limits - before.load_limits
    fields = dict(zip(("entry_id", "subentry_id"), added, strict=True))
    await home.hass.command("config_entries/subentries/delete", object, **fields)
    await expect(card).to_contain_text("This load limit no longer exists.")
    await complete(person)


def without(message: Any, removed: Collection[str]) -> Any:
    """Leave devices out of the registry."""
    match message:
        case {"result": [{"identifiers": _}, *_] as devices}:
            kept = [each for each in devices if each["id"] not in removed]
            return {**message, "result": kept}
    return message
