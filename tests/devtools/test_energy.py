"""The Energy dashboard of the demo."""

from collections.abc import Iterable, Mapping

import pytest

from devtools.demo.energy import preferences
from devtools.demo.history import imports
from devtools.inventory import Device, Entity, Inventory, State
from devtools.recorder import Statistic
from devtools.settings import DOMAIN

FIRST = 480_000
END = FIRST + 720


def sensor(own_id: str, key: str, translation_key: str | None = None) -> Entity:
    return Entity(
        entity_id=f"sensor.{own_id}_{key}".replace("-", "_"),
        unique_id=f"gridduck_1_{own_id}_{key}",
        platform=DOMAIN,
        device_id=own_id,
        translation_key=translation_key,
    )


def site_with(assets: Mapping[str, str], *, without: Iterable[str] = ()) -> Inventory:
    """Return assets and what each is below; all tell their energy, but for some."""
    devices = {
        own_id: Device(id=own_id, identifiers=[(DOMAIN, f"asset:{own_id}")], via_device_id=above)
        for own_id, above in assets.items()
    }
    entities = [sensor(own_id, "energy") for own_id in assets if own_id not in without]
    return Inventory(devices=devices, entities=entities, states={})


def known(*names: str) -> dict[str, Statistic]:
    """Return the statistics with these endings."""
    ids = [f"{DOMAIN}:gridduck_1_{name}" for name in names]
    return {each: Statistic(statistic_id=each, name=f"The {each[-8:]} energy") for each in ids}


ASSETS = {"a-1": "site", "b-2": "a-1", "c-3": "b-2", "d-4": "hub", "e-5": "hub"}
STATISTICS = (
    "a_1_energy",
    "a_1_cost",
    "b_2_energy",
    "c_3_energy",
    "d_4_energy",
    "d_4_cost",
)


def test_energy_dashboard() -> None:
    """What no other asset meters is the grid; what meters no other asset is a device."""
    shown = preferences(site_with(ASSETS, without=["e-5"]), known(*STATISTICS))
    assert shown is not None
    prefix = f"{DOMAIN}:gridduck_1_"
    assert {grid["stat_energy_from"]: grid["stat_cost"] for grid in shown.energy_sources} == {
        f"{prefix}a_1_energy": f"{prefix}a_1_cost",
        f"{prefix}d_4_energy": f"{prefix}d_4_cost",
    }
    devices = [each["stat_consumption"] for each in shown.device_consumption]
    assert devices == [f"{prefix}c_3_energy", f"{prefix}d_4_energy"]


@pytest.mark.parametrize("missing", ["a_1_energy", "a_1_cost", "d_4_energy"])
def test_energy_dashboard_waits(missing: str) -> None:
    """It is set up once, so with everything."""
    there = known(*(each for each in STATISTICS if each != missing))
    assert preferences(site_with(ASSETS, without=["e-5"]), there) is None


def test_energy_dashboard_without_assets() -> None:
    """Before there are assets there is nothing to show."""
    assert preferences(site_with({}), {}) is None


def test_a_statistic_of_an_entity_is_not_that_of_the_asset() -> None:
    """Only those beside the entities hold the past."""
    own = Statistic(statistic_id="sensor.gridduck_1_a_1_energy")
    there = known(*STATISTICS[1:]) | {own.statistic_id: own}
    assert preferences(site_with(ASSETS, without=["e-5"]), there) is None


def test_imports_of_both_accounts() -> None:
    """One account alone does not tell that the history is there."""
    sensors = [sensor(each, "import_progress", "import_progress") for each in ("1", "2")]
    states = {each.entity_id: State(each.entity_id, "idle") for each in sensors}
    both = Inventory(devices={}, entities=sensors, states=states)
    assert [each.state for each in imports(both)] == ["idle", "idle"]
    assert imports(Inventory(devices={}, entities=sensors[:1], states=states)) == []
