"""What the demo does with the history: the Energy dashboard, and the judgement of statistics."""

from collections.abc import Iterable, Mapping
from itertools import accumulate

import pytest

from devtools.demo.energy import preferences
from devtools.demo.history import imports
from devtools.demo.history_check import Expected, judge
from devtools.inventory import Device, Entity, Inventory, State
from devtools.recorder import Row, Statistic
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


def of_energy(amounts: Mapping[int, float]) -> Expected:
    return Expected(name="Meter", statistic_id="x:y", paths=(), hours=amounts, amounts=amounts)


def of_mean(hours: Iterable[int]) -> Expected:
    return Expected(name="Current", statistic_id="sensor.c", paths=(), hours=hours)


def means(hours: Iterable[int], *, mean: float = 2.0) -> list[Row]:
    return [Row(start=hour * 3_600_000, mean=mean, min=1.0, max=3.0) for hour in hours]


def sums(amounts: Mapping[int, float]) -> list[Row]:
    totals = accumulate(amounts.values())
    return [
        Row(start=hour * 3_600_000, sum=total) for hour, total in zip(amounts, totals, strict=True)
    ]


ALL = range(FIRST, END)
AMOUNTS = {hour: 0.1 * (hour % 7) for hour in ALL}


def test_right_statistics() -> None:
    """Everything that the cloud has is there."""
    assert judge(of_mean(ALL), means(ALL), END) == []
    assert judge(of_energy(AMOUNTS), sums(AMOUNTS), END) == []


def test_too_short() -> None:
    """A day may be missing at the beginning, no more."""
    assert judge(of_mean(ALL), means(ALL[24:]), END) == []
    [fault] = judge(of_mean(ALL), means(ALL[25:]), END)
    assert fault == "Current has 695 hours, not 696 or more"


def test_a_hole() -> None:
    """An hour may be missing only where the cloud has nothing either."""
    rows = means(hour for hour in ALL if hour != FIRST + 5)
    assert judge(of_mean(hour for hour in ALL if hour != FIRST + 5), rows, END) == []
    [fault] = judge(of_mean(ALL), rows, END)
    assert fault == "Current lacks 1 hours, the first at 2024-10-04 05:00"


def test_the_end_is_missing() -> None:
    """The newest hours are missing like any others, once they are over."""
    assert judge(of_mean(ALL), means(ALL[:-2]), END - 2) == []
    [fault] = judge(of_mean(ALL), means(ALL[:-2]), END)
    assert "lacks 2 hours" in fault


def test_a_mean_outside_of_its_bounds() -> None:
    """A mean lies between the minimum and the maximum."""
    [fault] = judge(of_mean(ALL), means(ALL, mean=4.0), END)
    assert "is wrong in 720 hours" in fault


@pytest.mark.parametrize("other", [-1.0, 0.55])
def test_a_sum_that_is_wrong(other: float) -> None:
    """A sum never falls, and grows by what the cloud has."""
    [fault] = judge(of_energy(AMOUNTS), sums(AMOUNTS | {FIRST + 9: other}), END)
    assert "is wrong in 1 hours" in fault
