"""Cards show values in the units that the user has chosen for their sensors."""

from collections.abc import AsyncIterator, Mapping
import re
from typing import Final

from playwright.async_api import Locator, expect
import pytest

from .conftest import Visit
from .hands import Keyboard
from .home import Home, have_past
from .rows import LINE, ONE_OF_EACH, make_one_of_each
from .test_charts import attribute
from .visitor import Visitor

pytestmark = pytest.mark.usefixtures("past")

UNITS: Final = {"current": "mA", "headroom": "mA", "load_limit_load": "mA"}
"""The units that are chosen, by the translation keys of sensors."""
AMPERES: Final = re.compile(r"\d\sA(?!M)")
MILLIAMPERES: Final = re.compile(r"[\d,.]{5,}\smA")
TICK: Final = re.compile(r"^[\d,]{7,}$")
"""A hundred thousand, or more."""


@pytest.fixture
async def chosen(home: Home) -> AsyncIterator[None]:
    """Choose units for the sensors of a line and its load limit."""
    await have_past(home)
    names = await make_one_of_each(home)
    inventory = await home.inventory()
    devices = {names["line"], names["load_limit"]}
    units = {
        each.entity_id: UNITS[each.translation_key]
        for each in inventory.entities
        if each.device_id in devices and each.translation_key in UNITS
    }
    assert len(units) == len(UNITS)
    try:
        await choose(home, units)
        yield
    finally:
        await choose(home, dict.fromkeys(units))


@pytest.mark.usefixtures("chosen")
async def test_units(visit: Visit) -> None:
    person = await visit()
    await person.open(f"{ONE_OF_EACH}/all")
    for name in ("line", "load-limit"):
        card = await shown(person, name)
        plot = card.locator(".plot")
        await expect(plot.locator(".line, .dot").first).to_be_attached()
        await expect(plot.locator("text").filter(has_text=TICK).first).to_be_visible()
        await Keyboard(person.page).reach(plot)
        tip = card.locator(".tip")
        await expect(tip).to_contain_text(MILLIAMPERES)
        await expect(tip).not_to_contain_text(AMPERES)
        assert MILLIAMPERES.search(await attribute(plot, "aria-valuetext"))
        table = card.get_by_role("table")
        await expect(table).to_contain_text(MILLIAMPERES)
        await expect(table).not_to_contain_text(AMPERES)
        await expect(card.locator(".summary").first).to_contain_text(MILLIAMPERES)
    lines = await shown(person, "lines")
    row = lines.get_by_role("listitem").filter(has_text=LINE)
    await expect(row).to_contain_text(MILLIAMPERES)
    await expect(row).not_to_contain_text(AMPERES)
    headroom = await shown(person, "headroom")
    await headroom.locator(".map i[class^=l]").first.hover()
    await expect(headroom.locator(".readout")).to_contain_text(MILLIAMPERES)
    assert await person.too_wide() == []
    assert person.reported() == []


async def shown(person: Visitor, name: str) -> Locator:
    """Bring a card onto the screen."""
    card = person.page.locator(f"gridduck-heimdall-{name}")
    await card.scroll_into_view_if_needed()
    return card


async def choose(home: Home, units: Mapping[str, str | None]) -> None:
    """Choose units, as the settings of an entity do; None is its own."""
    for entity_id, unit in units.items():
        await home.hass.command(
            "config/entity_registry/update",
            object,
            entity_id=entity_id,
            options_domain="sensor",
            options=None if unit is None else {"unit_of_measurement": unit},
        )
