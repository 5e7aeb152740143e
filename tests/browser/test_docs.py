"""The pictures of README and docs: of an evening on which a load limit is at work."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from playwright.async_api import Browser, expect
import pytest

from devtools.demo.relief import shown
from devtools.recorder import recorded

from .home import DIRECTORY, REAL_TIME, Home, have_accounts, have_past, launched, until
from .pictures import DOCS, taken, write
from .rows import CARDS_DASHBOARD, OWN_DASHBOARD, filled, make_dashboards
from .visitor import LIGHT, PHONE, Mode, People, Visitor

pytestmark = pytest.mark.pictures

EVENING: Final = datetime(2026, 11, 12, 18, 20, tzinfo=UTC)
WORKING: Final = {"curtailing", "holding", "not_enough"}
MEANS: Final = 2
"""Means of five minutes that the load limit has recorded before pictures are taken."""
RECORD_SECONDS: Final = 1200
"""How long these may take."""
MAX_BYTES: Final = 150_000


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture of the docs.

    Attributes:
        name: of its file.
        path: of the page; `{line}` and the like are ids of devices.
        waits_for: what has to be there.
        element: what is taken; empty for the whole page.
        mode: how the person looks.
    """

    name: str
    path: str
    waits_for: str
    element: str = ""
    mode: Mode = LIGHT


LINE_CHART: Final = "gridduck-heimdall-line svg path.line.expected"
PICTURES: Final = (
    Picture(
        name="dashboard-overview",
        path=f"{OWN_DASHBOARD}/overview",
        waits_for="gridduck-heimdall-lines li svg path.load",
    ),
    Picture(name="dashboard-line", path=f"{OWN_DASHBOARD}/line-{{line}}", waits_for=LINE_CHART),
    Picture(
        name="dashboard-phone",
        path=f"{OWN_DASHBOARD}/line-{{line}}",
        waits_for=LINE_CHART,
        mode=PHONE,
    ),
    Picture(
        name="card-line",
        path=f"{CARDS_DASHBOARD}/line",
        waits_for=LINE_CHART,
        element="gridduck-heimdall-line",
    ),
    Picture(
        name="card-lines",
        path=f"{CARDS_DASHBOARD}/lines",
        waits_for="gridduck-heimdall-lines li svg path.load",
        element="gridduck-heimdall-lines",
    ),
    Picture(
        name="load-limit",
        path=f"{CARDS_DASHBOARD}/limit",
        waits_for="gridduck-heimdall-load-limit svg path.line.current",
        element="gridduck-heimdall-load-limit",
    ),
    Picture(
        name="card-assets",
        path=f"{CARDS_DASHBOARD}/assets",
        waits_for="gridduck-heimdall-assets li button",
        element="gridduck-heimdall-assets",
    ),
    Picture(
        name="card-headroom",
        path=f"{CARDS_DASHBOARD}/headroom",
        waits_for="gridduck-heimdall-headroom .map",
        element="gridduck-heimdall-headroom",
    ),
    Picture(
        name="card-attention",
        path=f"{CARDS_DASHBOARD}/attention",
        waits_for="gridduck-heimdall-attention li button",
        element="gridduck-heimdall-attention",
    ),
)


@pytest.fixture(autouse=True)
def evidence() -> None:
    """Leave none: it would launch the Home Assistant of the other tests."""


@pytest.fixture(scope="module")
async def evening() -> AsyncIterator[Home]:
    """Return a Home Assistant in the evening, with a load limit that has curtailed something.

    Its feeder is measured as often as a real one: a load limit that is to work for some quarters
    of an hour must not take a current that changes within a minute for one that does not respond.
    """
    directory = DIRECTORY.with_name(".browser-evening")
    async with launched(directory, world=REAL_TIME, now=EVENING) as home:
        await have_accounts(home)
        await make_dashboards(home)
        await have_past(home, RECORD_SECONDS)
        await until(partial(works, home), "the load limit has a record", RECORD_SECONDS)
        yield home


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
async def test_picture(evening: Home, browser: Browser, picture: Picture) -> None:
    names = await make_dashboards(evening)
    async with People(browser, evening).visit_first(picture.mode) as person:
        await person.open(filled(picture.path, names))
        await expect(person.page.locator(picture.waits_for).first).to_be_visible()
        await person.page.wait_for_load_state("networkidle")
        await write_picture(person, picture)


async def write_picture(person: Visitor, picture: Picture) -> None:
    """Write a picture to the docs, where it takes little space."""
    page = person.page
    what = page.locator(picture.element).first if picture.element else page
    path = DOCS / f"{picture.name}.png"
    write(path, await taken(what))
    assert path.stat().st_size < MAX_BYTES


async def works(home: Home) -> bool:
    """Tell whether the load limit curtails, and what it did has been recorded for a while."""
    inventory = await home.inventory()
    limit = next(iter(inventory.devices_of("load_limit")))
    state = shown(inventory, limit, "load_limit_state")
    power = shown(inventory, limit, "load_limit_power_curtailed")
    if state is None or power is None or state.state not in WORKING:
        return False
    rows = await recorded(home.hass, {power.entity_id}, EVENING, period="5minute")
    return sum(1 for each in rows.get(power.entity_id, ()) if each.mean) >= MEANS
