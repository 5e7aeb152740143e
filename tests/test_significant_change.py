"""Which change matters, and what Home Assistant really asks."""

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import significant_change as helper
from homeassistant.helpers.significant_change import DATA_FUNCTIONS
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.significant_change import (
    CHANGES,
    async_check_significant_change,
    significant,
)
from simulator.options import Options

from .conftest import setup


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(sites=1, assets=2, lines=1)


@pytest.mark.parametrize(
    ("unit", "old", "near", "far"),
    [
        ("%", 112.0, 116.9, 117.0),
        ("A", 500.0, 524.0, 525.0),
        ("A", 4.0, 4.9, 5.0),
        ("A", -10.0, -10.9, -11.0),
        ("W", 1000.0, 1049.0, 1050.0),
        ("W", 0.0, 9.0, 10.0),
        ("°C", 20.0, 20.4, 20.5),
        ("kg/m", 0.5, 0.55, 0.7),
        ("m", 8.0, 8.05, 7.8),
        ("kWh", 100.0, 100.05, 100.2),
    ],
)
def test_what_matters(unit: str, old: float, near: float, far: float) -> None:
    assert significant(unit, old, near) is False
    assert significant(unit, old, far) is True
    assert significant(unit, old, old) is False


def test_what_is_not_known() -> None:
    assert significant("furlong", 1, 2) is None
    assert all(significant(unit, 1, 10_000) for unit in CHANGES)


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        (("100", "A"), ("101", "A"), False),
        (("100", "A"), ("110", "A"), True),
        (("100", "A"), ("0.1", "kA"), True),
        (("100", "A"), ("none", "A"), False),
        (("none", "A"), ("100", "A"), True),
        (("on", None), ("off", None), True),
        (("on", None), ("on", None), False),
        (("1", "furlong"), ("2", "furlong"), None),
    ],
)
def test_as_home_assistant_asks(
    hass: HomeAssistant,
    old: tuple[str, str | None],
    new: tuple[str, str | None],
    answer: bool | None,
) -> None:
    def attributes(unit: str | None) -> dict[str, str]:
        return {} if unit is None else {ATTR_UNIT_OF_MEASUREMENT: unit}

    found = async_check_significant_change(
        hass, old[0], attributes(old[1]), new[0], attributes(new[1])
    )
    assert found is answer


async def test_home_assistant_asks_the_domain_of_the_entity(
    hass: HomeAssistant, heimdall_entry: MockConfigEntry
) -> None:
    """Our platform is found and registered under our domain, which no entity is of."""
    await setup(hass, heimdall_entry)
    checker = await helper.create_checker(hass, "test")
    await hass.async_block_till_done()
    functions = hass.data[DATA_FUNCTIONS]
    assert functions[DOMAIN] is async_check_significant_change
    asked: list[str] = []

    def asking(domain: str) -> helper.CheckTypeFunc:
        def check(*_: object) -> bool:
            asked.append(domain)
            return False

        return check

    for domain in (DOMAIN, "sensor"):
        functions[domain] = asking(domain)
    loading = next(one for one in hass.states.async_all() if one.entity_id.endswith("_loading"))
    assert checker.async_is_significant_change(loading)
    moved = State(loading.entity_id, "250", loading.attributes)
    assert not checker.async_is_significant_change(moved)
    assert asked == ["sensor"]
