"""The dashboard and its cards are there on each load: cold, warm, and on a slow phone."""

from typing import Final

from playwright.async_api import CDPSession
import pytest

from .conftest import Report
from .home import Home
from .rows import OWN_DASHBOARD, make_dashboards
from .visitor import DEEP, LIGHT, PATIENCE_MS, PHONE, Mode, People, Visitor

pytestmark = pytest.mark.usefixtures("past")

SLOW_CPU: Final = 4
SLOW_NETWORK: Final = {
    "offline": False,
    "latency": 100,
    "downloadThroughput": 10_000_000 / 8,
    "uploadThroughput": 5_000_000 / 8,
}
"""Milliseconds, and bytes per second: 10 Mbit/s down and 5 Mbit/s up."""
OVERVIEW: Final = f"{OWN_DASHBOARD}/overview"
POLL_MS: Final = 50
"""How exact the time is at which something was drawn; to look more often would take its time."""
_DRAWN: Final = f"""([card, part]) => {{
  {DEEP}
  for (const one of deep(document)) {{
    if (one.localName !== card) continue;
    for (const each of deep(one.shadowRoot ?? one)) {{
      if (each.localName === part && each.checkVisibility()) return performance.now();
    }}
  }}
  return null;
}}"""


@pytest.mark.parametrize("kind", ["cold", "warm", "slow phone"])
async def test_nothing_is_missing(
    people: People, home: Home, kind: str, report: Report, pytestconfig: pytest.Config
) -> None:
    await make_dashboards(home)
    loads: int = pytestconfig.getoption("--loads")
    mode = PHONE if kind == "slow phone" else LIGHT
    if kind == "warm":
        async with people.visit(mode) as person:
            await load(person)
            seconds = [await load(person) for _ in range(loads)]
    else:
        seconds = [await first_load(people, mode, slow=kind == "slow phone") for _ in range(loads)]
    report(f"{kind}: {loads} loads, chart after {', '.join(f'{each:.1f}' for each in seconds)} s")


async def first_load(people: People, mode: Mode, *, slow: bool) -> float:
    """Load the dashboard with an empty cache."""
    async with people.visit_first(mode) as person:
        if slow:
            await slow_down(await person.page.context.new_cdp_session(person.page))
        return await load(person)


async def load(person: Visitor) -> float:
    """Load the overview; return after how many seconds its chart was there."""
    await person.page.goto(f"{person.home.hass.url}/{OVERVIEW}")
    seconds = await drawn_after(person, "gridduck-heimdall-lines", "svg")
    assert await person.missing() == []
    assert person.reported() == []
    return seconds


async def drawn_after(person: Visitor, card: str, part: str) -> float:
    """Return after how many seconds of the page a part of a card was there.

    Conditions of Playwright are looked at once a second in the end, this one always as often.
    """
    found = await person.page.wait_for_function(
        _DRAWN, arg=[card, part], timeout=SLOW_CPU * PATIENCE_MS, polling=POLL_MS
    )
    milliseconds: float = await found.json_value()
    return milliseconds / 1000


async def slow_down(session: CDPSession) -> None:
    """Slow the browser down to a phone of some years ago on a mobile network."""
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", dict(SLOW_NETWORK))
