"""How soon 100 lines and 500 assets are seen: measured, not asserted."""

from typing import Final

from playwright.async_api import Browser
import pytest

from .conftest import Report
from .home import DIRECTORY, have_accounts, launched
from .test_loading import load
from .visitor import People

WORLD: Final = ("--lines=100", "--assets=500", "--sites=20")
LOADS: Final = 5


@pytest.mark.large
async def test_first_view(browser: Browser, report: Report) -> None:
    async with launched(DIRECTORY.with_name(".browser-large"), WORLD) as home:
        await have_accounts(home)
        async with People(browser, home).visit() as person:
            seconds = [await load(person) for _ in range(1 + LOADS)]
    first, *later = (f"{each:.2f}" for each in seconds)
    report(f"100 lines, 500 assets: first view after {first} s cold, {', '.join(later)} s warm")
