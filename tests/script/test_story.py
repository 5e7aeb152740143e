"""The parts of the story that decide something."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import override

import pytest

from devtools import folder
from devtools.cloud_client import Asset
from devtools.demo.glimpse import Glimpse, Onlooker
from devtools.demo.peak_view import PATH, peak_view
from devtools.demo.relief import AUTOMATION
from devtools.demo.story import STEPS, Teller, together, too_early
from devtools.inventory import Device, Entity, Inventory, State
from devtools.settings import DOMAIN, ROOT
from simulator.feeder import LINE, SITE

OPENED = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)
BOILER = Asset(id="b", name="Boiler", min_time_on=60)
PUMPS = Asset(id="p", name="Pumps")


def glimpse(
    seconds: float, loading: float | None, *snoozed: Asset, shown: Iterable[Asset] | None = None
) -> Glimpse:
    """Return what is seen so long after the accounts were added."""
    return Glimpse(
        at=OPENED + timedelta(seconds=seconds),
        loading=loading,
        current=None,
        drawn=1_000_000,
        snoozed=snoozed,
        shown=tuple(each.name for each in (snoozed if shown is None else shown)),
        shed=len(snoozed) * 500_000,
    )


class Scripted(Onlooker):
    """Sees what it is told to see."""

    def __init__(self, seen: Iterable[Glimpse], *strange: float) -> None:
        self._script = iter(seen)
        self.strange = set(strange)

    @override
    async def look(self) -> Glimpse:
        return next(self._script)


GOOD = (
    glimpse(50, 80),
    glimpse(70, 112),
    glimpse(75, 112, BOILER, PUMPS),
    glimpse(90, 93, BOILER, PUMPS),
    glimpse(140, 60, PUMPS),
    glimpse(150, 60),
)


def teller(seen: Iterable[Glimpse], *strange: float, evening_left: float = 60) -> Teller:
    ends = datetime.now(UTC) + timedelta(seconds=evening_left)
    return Teller(Scripted(seen, *strange), OPENED, ends)


async def test_the_story_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devtools.demo.story._LOOK_SECONDS", 0)
    assert await teller(GOOD).tell() == []
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line and not line.startswith(" ")] == [
        step.title for step in STEPS
    ]
    assert "  17:01:15  line 112 %  site 1,000 kW  off: Boiler, Pumps (1,000 kW)" in lines


@pytest.mark.parametrize("step", [1, 2, 3])
async def test_what_does_not_come_in_the_evening_is_wrong(step: int) -> None:
    told = await teller(GOOD, evening_left=-1).tell()
    assert told == [f"It did not come to this before the peak was over: {STEPS[1].title}"]
    assert STEPS[step].in_the_evening


@pytest.mark.parametrize(
    ("step", "seen", "reached"),
    [
        (0, glimpse(0, None), False),
        (0, glimpse(0, 101), False),
        (1, glimpse(0, 100), False),
        (2, glimpse(0, 112, BOILER, shown=()), False),
        (2, glimpse(0, 112, BOILER), True),
        (3, glimpse(0, 93), False),
        (3, glimpse(0, 101, BOILER), False),
        (4, glimpse(0, 76, BOILER), False),
        (4, glimpse(0, 74, BOILER), True),
        (5, glimpse(0, 60, PUMPS), False),
        (5, glimpse(0, 60, shown=(BOILER,)), False),
        (5, glimpse(0, 101), False),
        (5, glimpse(0, 80), True),
    ],
)
def test_when_a_step_is_reached(step: int, seen: Glimpse, *, reached: bool) -> None:
    assert STEPS[step].until(seen) is reached


async def test_a_current_that_never_was_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devtools.demo.story._LOOK_SECONDS", 0)
    assert await teller(GOOD, 17.5).tell() == ["The line never carried 17.5 A"]


def test_an_asset_has_to_be_on_first() -> None:
    fault = "Boiler gave way after 59 s, and must be on for 60 s"
    assert too_early([glimpse(59, 112, BOILER), glimpse(80, 90, BOILER)], OPENED) == [fault]
    assert too_early([glimpse(60, 112, BOILER, PUMPS)], OPENED) == []
    assert too_early([glimpse(1, 112, PUMPS)], OPENED) == []


def test_assets_come_back_one_by_one() -> None:
    both, one, none = glimpse(0, 60, BOILER, PUMPS), glimpse(9, 60, PUMPS), glimpse(18, 60)
    assert together([both, one, none]) == []
    assert together([none, both, none]) == ["Boiler and Pumps came back together"]


def test_the_blueprints_are_in_the_folder(tmp_path: Path) -> None:
    """All of them, as files, and as they are now."""
    folder.prepare(tmp_path, 8123)
    own = tmp_path / "blueprints" / "automation" / DOMAIN
    wanted = {
        each.name: each.read_text() for each in (ROOT / "blueprints/automation" / DOMAIN).iterdir()
    }
    assert "relieve_congested_line.yaml" in wanted
    (own / "relieve_congested_line.yaml").write_text("old")
    folder.prepare(tmp_path, 8123)
    assert {each.name: each.read_text() for each in own.iterdir()} == wanted
    assert not any(each.is_symlink() for each in (own, *own.iterdir()))


def device(kind: str, own_id: str, name: str, via: str | None = None) -> Device:
    identifiers = [(DOMAIN, f"{kind}:{own_id}")]
    return Device(id=own_id, identifiers=identifiers, name=name, via_device_id=via)


def entity(own_id: str, key: str, domain: str = "sensor") -> Entity:
    return Entity(
        entity_id=f"{domain}.{own_id}_{key}",
        unique_id=f"gridduck_1_{own_id}_{key}",
        platform=DOMAIN,
        device_id=own_id,
        translation_key=key,
    )


def house(*devices: Device) -> Inventory:
    """Return a line with a loading, and assets with a switch each."""
    switches = [entity(each.own_id, "asset", "switch") for each in devices if each.kind == "asset"]
    entities = [entity("line", "loading"), *switches]
    states = [State(entity_id=each.entity_id, state="on") for each in entities]
    states.append(State(entity_id="automation.x", state="on", attributes={"id": AUTOMATION}))
    return Inventory(
        devices={each.id: each for each in devices},
        entities=entities,
        states={each.entity_id: each for each in states},
    )


def test_the_view_shows_the_line_and_its_load() -> None:
    inventory = house(
        device("line", "line", LINE),
        device("site", "site", SITE),
        device("gateway", "hub", "Hub", "site"),
        device("asset", "boiler", "Boiler", "hub"),
        device("asset", "kettle", "Kettle", "elsewhere"),
    )
    (view,) = peak_view(inventory)
    text = str(view)
    assert view["path"] == PATH
    for entity_id in ("sensor.line_loading", "switch.boiler_asset", "automation.x"):
        assert entity_id in text
    assert "kettle" not in text


def test_without_a_feeder_there_is_no_such_view() -> None:
    assert list(peak_view(house(device("line", "line", LINE)))) == []
