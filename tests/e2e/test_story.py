"""The evening peak: a line is overloaded, load is shed, and comes back when it is over."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec
import pytest

from devtools.cloud_client import connected_clouds
from devtools.demo.observation import Observation, Observer
from devtools.demo.relief import AUTOMATION
from devtools.demo.story import Pace, Storyteller
from devtools.demo.story_run import Stage, messages, open_accounts, stage, start_relief
from devtools.hass import Hass, connected
from devtools.home_assistant import unless_it_ends
from devtools.log import complaints
from devtools.ports import free_ports
from devtools.settings import DOMAIN

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("socket_enabled")]

PACE: Final = Pace(evening_in=0.8, evening_lasts=1.5, step=10)


class PassedOver(msgspec.Struct):
    name: str
    reason: str


class Response(msgspec.Struct):
    passed_over: list[PassedOver]


class Called(msgspec.Struct):
    response: Response


class Trace(msgspec.Struct):
    error: str | None = None


async def test_evening_peak(directory: Path) -> None:
    async with stage(directory, free_ports(), PACE) as (ready, process):
        await unless_it_ends(process, peak(ready))
    # Home Assistant has ended by now, which is in its log, too.
    assert complaints(directory / "home-assistant.log") == []


async def peak(ready: Stage) -> None:
    async with connected(ready.ports.hass) as hass, connected_clouds(ready.clouds) as cloud:
        opened = datetime.now(UTC)
        line, site = await open_accounts(hass, ready.clouds)
        assert "on_too_short" in await reasons_not_to_shed(hass, site.id)
        await start_relief(hass, PACE)
        observer = Observer(hass, cloud, line)
        seen = await Storyteller(observer, ready.evening_ends).tell()
        assert not observer.strange, "Home Assistant showed currents that the line never had"
        assert shed_too_early(seen, opened) == {}
        assert restored_together(seen) == []
        text = " ".join(await messages(hass))
        assert "is congested" in text
        assert "has recovered" in text
        traces = await hass.command(
            "trace/list", list[Trace], domain="automation", item_id=AUTOMATION
        )
        assert traces
        assert [trace.error for trace in traces if trace.error] == []


async def reasons_not_to_shed(hass: Hass, site_id: str) -> set[str]:
    """Return why assets of the site would not be shed now."""
    called = await hass.command(
        "call_service",
        Called,
        domain=DOMAIN,
        service="shed_load",
        service_data={"power": 1_000_000_000, "duration": {"minutes": 1}, "dry_run": True},
        target={"device_id": site_id},
        return_response=True,
    )
    return {each.reason for each in called.response.passed_over}


def shed_too_early(seen: list[Observation], opened: datetime) -> dict[str, float]:
    """Return what was shed sooner than its `min_time_on` allows, and after how many seconds.

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


def restored_together(seen: list[Observation]) -> list[set[str]]:
    """Return what came back together with another, and not in a step of its own."""
    back = [set(old.names) - set(new.names) for old, new in pairwise(seen)]
    return [names for names in back if len(names) > 1]
