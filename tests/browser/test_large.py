"""How soon large accounts are seen, and how smooth they are: measured, not asserted.

Two dashboards of Home Assistant's own cards say how much of a first view is Home Assistant's: one
with a heading alone, and one with a tile for each site, as the overview has them.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any, Final, override

from playwright.async_api import Browser, Page, expect
import pytest

from .conftest import Report
from .home import DIRECTORY, Home, have_accounts, launched
from .rows import OWN_DASHBOARD, make_dashboard
from .test_loading import OVERVIEW, drawn_after, load
from .visitor import People, Visitor

LOADS: Final = 5
FLOOR: Final = "browser-floor"
"""The dashboard of Home Assistant's own cards."""
STEPS: Final = 100
"""Steps of the pointer or the wheel while frames are counted."""
SAMPLE_MICROSECONDS: Final = 500
OURS: Final = "/gridduck_heimdall/"
"""A part of the addresses of our scripts."""
_START: Final = """() => {
  const times = (globalThis.frames_of_test = []);
  const tick = (time) => {
    times.push(time);
    globalThis.frame_of_test = requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""
_END: Final = """() => {
  cancelAnimationFrame(globalThis.frame_of_test);
  return globalThis.frames_of_test;
}"""


@dataclass(frozen=True)
class FirstView:
    """A page that is loaded again and again.

    Attributes:
        name: in the report.
        path: its address.
        card: the element that has to be there.
        part: the part of it that is drawn last.
        seconds: from each load until that was there.
        busy: milliseconds for which the page's main thread had the processor until then.
    """

    name: str
    path: str
    card: str
    part: str
    seconds: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    async def load(self, person: Visitor) -> None:
        """Load the page once more."""
        session = await person.page.context.new_cdp_session(person.page)
        await person.page.goto(f"{person.home.hass.url}/{self.path}", wait_until="commit")
        await session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.seconds.append(await drawn_after(person, self.card, self.part))
        metrics = (await session.send("Performance.getMetrics"))["metrics"]
        self.busy.extend(1000 * one["value"] for one in metrics if one["name"] == "TaskDuration")
        # What is left to do would slow the next load down.
        await person.page.wait_for_load_state("networkidle")
        await session.detach()
        assert await person.missing() == []
        assert person.reported() == []

    @override
    def __str__(self) -> str:
        """Return the medians, and the shortest and longest time."""
        return (
            f"{self.name} after {median(self.seconds):.2f} s"
            f" ({min(self.seconds):.2f} to {max(self.seconds):.2f}),"
            f" {median(self.busy):.0f} ms of processor time"
        )


async def first_views(home: Home) -> tuple[FirstView, ...]:
    """Return the overview, and the dashboards to compare it with."""
    inventory = await home.inventory()
    sites = {one.id for one in inventory.devices_of("site")}
    tiles = {
        one.device_id: {"type": "tile", "entity": one.entity_id, "grid_options": {"columns": 12}}
        for one in inventory.enabled()
        if one.device_id in sites and one.domain == "sensor"
    }
    heading = {"type": "heading", "heading": "Floor"}
    views = {"empty": [heading], "tiles": [heading, *tiles.values()]}
    config = [
        {"path": path, "type": "sections", "sections": [{"type": "grid", "cards": cards}]}
        for path, cards in views.items()
    ]
    await make_dashboard(home, FLOOR, {"views": config})
    return (
        FirstView("the overview", OVERVIEW, "gridduck-heimdall-lines", "svg"),
        FirstView("a heading alone", f"{FLOOR}/empty", "hui-heading-card", "ha-card"),
        FirstView(f"{len(tiles)} tiles alone", f"{FLOOR}/tiles", "hui-tile-card", "ha-card"),
    )


@pytest.fixture(autouse=True)
def evidence() -> None:
    """Leave none: it would launch the Home Assistant of the other tests."""


@pytest.mark.large
@pytest.mark.parametrize(
    ("assets", "sites"), [pytest.param(500, 20, id="500"), pytest.param(5000, 50, id="5000")]
)
async def test_large(browser: Browser, report: Report, assets: int, sites: int) -> None:
    world = ("--lines=100", f"--assets={assets}", f"--sites={sites}")
    title = f"100 lines, {assets:,} assets"
    async with launched(DIRECTORY.with_name(".browser-large"), world) as home:
        await have_accounts(home)
        site, line = await home.device("site"), await home.device("line")
        people = People(browser, home)
        # By turns, as other programs are busy at times.
        cold = await first_views(home)
        for _ in range(LOADS):
            for view in cold:
                async with people.visit_first() as person:
                    await view.load(person)
        for view in cold:
            report(f"{title}, cold: {view}")
        async with people.visit_first() as person:
            await load(person)
            views = await first_views(home)
            for _ in range(LOADS):
                for view in views:
                    await view.load(person)
            for view in views:
                report(f"{title}, warm: {view}")
            milliseconds = await own_time(person)
            report(f"{title}: our scripts take {milliseconds:.0f} ms of a first view")
            await frames(person, report, f"{title}: scrolling the overview", scroll)
            await person.go(f"{OWN_DASHBOARD}/site-{site.id}")
            await expect(person.page.locator("gridduck-heimdall-assets li").first).to_be_visible()
            await frames(person, report, f"{title}: scrolling a site", scroll)
            await person.go(f"{OWN_DASHBOARD}/line-{line.id}")
            await expect(person.page.locator("gridduck-heimdall-line svg").first).to_be_visible()
            await frames(person, report, f"{title}: hovering a line", hover)


async def own_time(person: Visitor) -> float:
    """Return for how many milliseconds of a first view a script of ours, or what it calls, ran.

    Unlike the time until the view is there, it hardly depends on what else the machine does.
    """
    session = await person.page.context.new_cdp_session(person.page)
    await session.send("Profiler.enable")
    await session.send("Profiler.setSamplingInterval", {"interval": SAMPLE_MICROSECONDS})
    await session.send("Profiler.start")
    await load(person)
    await person.page.wait_for_load_state("networkidle")
    profile = (await session.send("Profiler.stop"))["profile"]
    await session.detach()
    ours = set(_ours(profile["nodes"]))
    taken: list[tuple[int, int]] = list(zip(profile["samples"], profile["timeDeltas"], strict=True))
    return sum(microseconds for node, microseconds in taken if node in ours) / 1000


def _ours(nodes: list[dict[str, Any]]) -> Iterator[int]:
    """Yield the ids of the nodes of a profile that are in a script of ours, or called by one."""
    by_id = {node["id"]: node for node in nodes}
    called = {child for node in nodes for child in node.get("children", ())}
    pending = [(node["id"], False) for node in nodes if node["id"] not in called]
    while pending:
        node_id, inside = pending.pop()
        node = by_id[node_id]
        inside = inside or OURS in node["callFrame"]["url"]
        if inside:
            yield node_id
        pending += [(child, inside) for child in node.get("children", ())]


async def frames(
    person: Visitor, report: Report, what: str, move: Callable[[Page], Awaitable[None]]
) -> None:
    """Report how many frames a second there are while something moves."""
    await person.page.wait_for_load_state("networkidle")
    await person.page.evaluate(_START)
    await move(person.page)
    times: list[float] = await person.page.evaluate(_END)
    longest = max(after - before for before, after in pairwise(times))
    rate = 1000 * (len(times) - 1) / (times[-1] - times[0])
    report(f"{what}: {rate:.0f} frames a second, the longest {longest:.0f} ms")


async def scroll(page: Page) -> None:
    """Turn the wheel above the first card, down and up."""
    await page.locator("ha-card").first.hover()
    for step in range(STEPS):
        await page.mouse.wheel(0, 60 if step < STEPS // 2 else -60)


async def hover(page: Page) -> None:
    """Move the pointer over the chart of a line, from end to end."""
    box = await page.locator("gridduck-heimdall-line .plot").bounding_box()
    assert box is not None
    for step in range(STEPS):
        x = box["x"] + box["width"] * step / STEPS
        await page.mouse.move(x, box["y"] + box["height"] / 2)
