"""The dashboard and its cards are there on each load: cold, warm, and on a slow phone."""

from typing import Final

from playwright.async_api import CDPSession, expect
import pytest

from .conftest import Report
from .home import Home
from .rows import OWN_DASHBOARD, make_dashboards
from .visitor import LIGHT, PATIENCE_MS, PHONE, Mode, People, Visitor

SLOW_CPU: Final = 4
SLOW_NETWORK: Final = {
    "offline": False,
    "latency": 100,
    "downloadThroughput": 10_000_000 / 8,
    "uploadThroughput": 5_000_000 / 8,
}
"""Milliseconds, and bytes per second: 10 Mbit/s down and 5 Mbit/s up."""
CHART: Final = "gridduck-heimdall-lines svg"
_STARTED: Final = "() => performance.now()"


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
    async with people.visit(mode) as person:
        if slow:
            await slow_down(await person.page.context.new_cdp_session(person.page))
        return await load(person)


async def load(person: Visitor) -> float:
    """Load the overview; return after how many seconds its chart was there."""
    await person.page.goto(f"{person.home.hass.url}/{OWN_DASHBOARD}/overview")
    await expect(person.page.locator(CHART).first).to_be_visible(timeout=SLOW_CPU * PATIENCE_MS)
    seconds: float = await person.page.evaluate(_STARTED) / 1000
    assert await person.missing() == []
    assert person.reported() == []
    return seconds


async def slow_down(session: CDPSession) -> None:
    """Slow the browser down to a phone of some years ago on a mobile network."""
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", dict(SLOW_NETWORK))
