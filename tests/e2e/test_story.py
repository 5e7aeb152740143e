"""The evening peak: a line is overloaded, load is curtailed, and comes back when it is over."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from devtools.cloud_client import connected_clouds
from devtools.demo.observation import Observation, Observer
from devtools.demo.story import Pace, Storyteller
from devtools.demo.story_run import (
    Decision,
    Stage,
    decisions,
    open_accounts,
    restore,
    stage,
    start_relief,
)
from devtools.hass import connected
from devtools.home_assistant import unless_it_ends
from devtools.log import complaints
from devtools.ports import free_ports
from simulator.feeder import LINE

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("socket_enabled")]

PACE: Final = Pace(evening_in=1.5, evening_lasts=4)
LARGE: Final = 100_000
"""W."""
STEP_SECONDS: Final = 50


async def test_evening_peak(directory: Path) -> None:
    async with stage(directory, free_ports(), PACE) as (ready, process):
        await unless_it_ends(process, peak(ready))
    # Home Assistant has ended by now, which is in its log, too.
    assert complaints(directory / "home-assistant.log") == []


async def peak(ready: Stage) -> None:
    async with connected(ready.ports.hass) as hass, connected_clouds(ready.clouds) as cloud:
        opened = datetime.now(UTC)
        line, _ = await open_accounts(hass, ready.clouds)
        limit = await start_relief(hass)
        observer = Observer(hass, cloud, line)
        seen = await Storyteller(observer, ready.evening_ends, lambda: restore(hass, limit)).tell()
        assert not observer.strange, "Home Assistant showed currents that the line never had"
        assert curtailed_too_early(seen, opened) == {}
        decided = await decisions(hass)
        assert returned_together(decided) == []
        assert {one.limit_name for one in decided} == {LINE}
        assert all(one.sent for one in decided)
        off = {name for one in seen for name in one.names}
        for action, reasons in (
            ("curtail", {"above_limit", "above_short_time_rating"}),
            ("return", {"restored"}),
        ):
            of_kind = [one for one in decided if one.action == action]
            assert {one.asset for one in of_kind} == off
            assert {one.reason for one in of_kind} <= reasons


def curtailed_too_early(seen: list[Observation], opened: datetime) -> dict[str, float]:
    """Return what was curtailed sooner than its `min_time_on` allows, and after how many seconds.

    What was on when the account was opened counts as on from then.
    """
    first = {
        asset: observation.at for observation in reversed(seen) for asset in observation.snoozed
    }
    on_for = {asset: (at - opened).total_seconds() for asset, at in first.items()}
    return {
        asset.name: seconds
        for asset, seconds in on_for.items()
        if asset.min_time_on is not None and seconds < asset.min_time_on
    }


def returned_together(decided: list[Decision]) -> list[tuple[str, str]]:
    """Return the large assets that came back together with another, and not in a step of its own.

    Small ones may: what they add is not seen on the line.
    """
    back = sorted(
        (datetime.fromisoformat(one.at), one.asset)
        for one in decided
        if one.action == "return" and one.power > LARGE
    )
    return [
        (old, new)
        for (before, old), (after, new) in pairwise(back)
        if (after - before).total_seconds() < STEP_SECONDS
    ]
