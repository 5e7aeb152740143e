"""A line that is watched: its current every minute, and nothing else more often."""

from datetime import timedelta

from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.heimdall.diagnostics import account_diagnostics

from .home import Home

OTHERS = ("temperature", "dlr", "aar", "transient", "sag")


def device(home: Home) -> DeviceEntry:
    found = home.device("line", home.line)
    assert found is not None
    return found


def watch(home: Home, minutes: float) -> None:
    """Have the first line watched for some minutes."""
    home.account.async_watch_line(device(home), dt_util.utcnow() + timedelta(minutes=minutes))


async def minutes(home: Home, count: int) -> None:
    for _ in range(count):
        await home.wait(seconds=60)


def expected(home: Home) -> float:
    """Return how many calls for currents an hour is expected to cost."""
    account = home.account
    found = account_diagnostics(account.data, account.importer)["calls_per_hour"]["current"]
    assert isinstance(found, float)
    return found


async def test_one_product_of_one_line_every_minute_and_then_no_longer(home: Home) -> None:
    await home.open()
    usual = expected(home)
    home.forget_calls()
    watch(home, 10)
    assert expected(home) == usual + 48
    assert home.account.health().expected["measurements"] > 48
    await minutes(home, 10)
    assert home.calls("current", home.line) == 10
    assert home.calls("current", home.icy_line) == 2
    assert {home.calls(what, home.line) for what in OTHERS} == {2}
    await minutes(home, 10)
    assert home.calls("current", home.line) == 12
    assert expected(home) == usual


async def test_it_lasts_as_long_as_it_is_renewed(home: Home) -> None:
    await home.open()
    home.forget_calls()
    for _ in range(4):
        watch(home, 5)
        await minutes(home, 5)
    assert home.calls("current", home.line) == 20
    assert {home.calls(what, home.line) for what in OTHERS} == {4}


async def test_what_it_brings_shows_at_once(home: Home) -> None:
    await home.open()
    heard: list[str] = []
    home.account.async_follow_lines(lambda: heard.append(home.value(home.line, "current")))
    watch(home, 10)
    await home.wait(seconds=60)
    home.fault("current", "patch", item_id=home.line, patch={"data": {"current": {"value": 123}}})
    await home.wait(seconds=60)
    assert float(home.value(home.line, "current")) == 123
    assert len(heard) == 2


async def test_a_pause_that_the_service_requests_is_respected(home: Home) -> None:
    await home.open()
    watch(home, 15)
    home.fault("any", count=1, status=429, headers={"Retry-After": "240"})
    home.forget_calls()
    await minutes(home, 4)
    assert home.calls("any") == 1
    home.recover()
    await minutes(home, 3)
    assert home.calls("current", home.line) >= 2


async def test_failures_are_retried_less_and_less_often(home: Home) -> None:
    """At last at the interval of the polls, which note the failures alone."""
    await home.open()
    home.fault("current", item_id=home.line)
    home.forget_calls()
    asked = []
    for minute in range(1, 15):
        watch(home, 15)
        before = home.calls("current", home.line)
        await home.wait(seconds=60)
        if home.calls("current", home.line) > before:
            asked.append(minute)
    # After one, two and four minutes, but no later than the polls, which are at 5 and 10.
    assert asked == [1, 3, 5, 7, 10, 12]
    home.recover()
    await minutes(home, 5)
    assert float(home.value(home.line, "current")) > 0


@pytest.mark.parametrize("what", ["current", "any"])
async def test_without_the_product_nothing_is_requested(home: Home, what: str) -> None:
    """Neither what the service does not offer nor what no entity shows is."""
    home.world.remove_product(home.line, "current")
    await home.open()
    home.forget_calls()
    watch(home, 10)
    await minutes(home, 4)
    assert home.calls(what) == 0


async def test_it_ends_with_the_account(home: Home) -> None:
    await home.open()
    watch(home, 10)
    await minutes(home, 2)
    assert await home.hass.config_entries.async_unload(home.entry.entry_id)
    home.forget_calls()
    await minutes(home, 6)
    assert home.calls("any") == 0
