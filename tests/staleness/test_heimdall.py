"""What Heimdall Power shows is as old as the table says at most, and is there again at once."""

from collections.abc import Collection, Iterator
from itertools import chain

from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.gridduck_heimdall.heimdall.products import Group
from tests.gridduck.support import writes
from tests.heimdall.home import Home

from .ages import DERIVED, HEIMDALL, HOUR, NOTHING, STATIC, Shown

MEASURED = [what for what in HEIMDALL if not what.endswith("forecast")]
FORECASTS = [what for what in HEIMDALL if what.endswith("forecast")]
ALL = {*chain.from_iterable(HEIMDALL.values()), *STATIC}


def ids_of(home: Home, shown: Shown) -> Iterator[str]:
    """Yield the ids of all lines, facilities, spans and sensors of which there is this entity."""
    lines = [home.world.line(line_id) for line_id in (home.line, home.icy_line)]
    match shown.item:
        case "line":
            candidates = [line.id for line in lines]
        case "facility":
            candidates = [home.world.facility_of(line.id).id for line in lines]
        case "span":
            candidates = [span.id for line in lines for span in line.spans]
        case _:
            candidates = [point.id for line in lines for _, _, point in line.sensors()]
    return (one for one in candidates if home.find(one, shown.key, shown.platform) is not None)


def values(home: Home, table: Collection[Shown]) -> dict[tuple[Shown, str], str]:
    return {
        (shown, item_id): home.value(item_id, shown.key, shown.platform)
        for shown in table
        for item_id in ids_of(home, shown)
    }


def current(home: Home, table: Collection[Shown]) -> set[Shown]:
    """Return what of the table is shown as current anywhere."""
    return {shown for (shown, _), value in values(home, table).items() if value not in NOTHING}


def others(*products: str) -> set[Shown]:
    """Return all of the table but what shows one of these products."""
    return ALL - set(chain.from_iterable(HEIMDALL[product] for product in products))


async def recovered(home: Home, **span: float) -> None:
    """End all faults, and check that all is there again: the next case begins with that."""
    home.recover()
    await home.wait(**span)
    assert current(home, ALL) == ALL


async def test_all_of_the_table_is_there(home: Home) -> None:
    assert current(home, ALL) == ALL


async def test_old_values_in_good_answers(home: Home, subtests: pytest.Subtests) -> None:
    """They are unknown, and all that is derived from them; nothing else suffers."""
    for what in MEASURED:
        with subtests.test(what):
            home.fault(what, "stale", delay=int(HOUR.total_seconds()) + 600)
            await home.polls(1)
            assert current(home, HEIMDALL[what]) == set()
            assert current(home, ALL) == others(what)
            await recovered(home, minutes=5)


async def test_forecasts_whose_hours_have_passed(home: Home, subtests: pytest.Subtests) -> None:
    for what in FORECASTS:
        with subtests.test(what):
            (age,) = {shown.age for shown in HEIMDALL[what]}
            assert age is not None
            home.fault(what, "stale", delay=int((age + HOUR).total_seconds()))
            await home.wait(hours=1)
            assert current(home, ALL) == others(what)
            await recovered(home, hours=1)


async def test_one_failed_poll_passes_unseen(home: Home) -> None:
    # The time of a lowest forecast goes on while its hour is the present one.
    steady = {one for one in ALL if not one.key.endswith("_lowest_time")}
    before, written = values(home, steady), writes(home.hass)
    # Each request is repeated three times.
    home.fault("any", "status")
    await home.wait(minutes=5)
    home.recover()
    assert values(home, steady) == before
    registry = er.async_get(home.hass)
    entries = [registry.async_get(one) for one in written]
    assert all(one is not None and str(one.translation_key).endswith("_time") for one in entries)


async def test_a_failure_that_lasts_is_reported_and_recovery_too(home: Home) -> None:
    home.fault("any")
    await home.polls(3)
    measured = set(chain.from_iterable(HEIMDALL[what] for what in MEASURED))
    assert current(home, measured) == set()
    home.recover()
    await home.polls(1)
    assert current(home, measured) == measured


async def test_one_product_that_fails_for_long(home: Home, subtests: pytest.Subtests) -> None:
    for what in MEASURED:
        with subtests.test(what):
            home.fault(what)
            await home.polls(3)
            assert current(home, ALL) == others(what)
            await recovered(home, minutes=5)


async def test_the_same_answers_for_hours(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's own clock stands still, and so does all that it says."""
    now = home.simulator.clock.now()
    # These are up to half an hour old when they are told.
    early = {*HEIMDALL["icing"], *HEIMDALL["sag"]}
    with monkeypatch.context() as standing:
        standing.setattr(home.simulator.clock, "now", lambda: now)
        await home.polls(9)
        assert current(home, ALL) >= ALL - early
        await home.polls(5)
        # Forecasts have hours ahead of them yet.
        forecasts = set(chain.from_iterable(HEIMDALL[what] for what in FORECASTS))
        assert current(home, ALL) == forecasts | set(STATIC)
    await home.polls(1)
    assert current(home, ALL) >= ALL - early
    # The service has said that it has none, and is asked for it less often, up to hourly.
    await home.polls(12)
    assert current(home, ALL) == ALL


async def test_a_long_silence_that_the_service_asks_for(home: Home) -> None:
    """One failed poll, and no other for two hours: 25 minutes pass unseen, not more."""
    measured = set(chain.from_iterable(HEIMDALL[what] for what in MEASURED))
    home.fault("any", status=429, headers={"Retry-After": "7200"})
    await home.polls(1)
    home.recover()
    await home.polls(3)
    assert current(home, measured) >= set(HEIMDALL["current"])
    await home.polls(2)
    assert current(home, measured) == set()
    await home.wait(hours=1, minutes=40)
    assert current(home, ALL) == ALL


async def test_values_age_while_the_service_asks_for_silence(home: Home) -> None:
    """Where only some were answered, no poll has failed."""
    home.fault("any", status=429, headers={"Retry-After": "7200"}, count=1)
    await home.polls(14)
    assert current(home, set(chain.from_iterable(HEIMDALL[what] for what in MEASURED))) == set()


@pytest.mark.parametrize("hours", [8, 24 * 11])
async def test_suspended_for_hours(home: Home, hours: int) -> None:
    """The first poll afterwards fails: what was known before is not shown for current."""
    home.fault("any")
    await home.wait(hours=hours)
    measured = set(chain.from_iterable(HEIMDALL[what] for what in MEASURED))
    assert current(home, measured) == set()
    home.recover()
    await home.polls(2)
    assert current(home, ALL) == ALL


async def test_suspended_and_back_at_once(home: Home) -> None:
    await home.wait(hours=8)
    assert current(home, ALL) == ALL


@pytest.mark.parametrize("back", [0.2, 3, 100])
async def test_the_clock_is_put_back(home: Home, back: float) -> None:
    """What is due is not put off until the clock is where it was."""
    await home.polls(2)
    home.freezer.tick(-3600 * back)
    # The service's own clock goes on.
    home.simulator.clock.advance(3600 * back)
    home.forget_calls()
    await home.account.polls[Group.MEASUREMENTS].async_refresh()
    assert home.calls("current") == 2
    await home.account.polls[Group.FORECASTS].async_refresh()
    assert home.calls("dlr_forecast") == 2
    await home.hass.async_block_till_done()
    assert set(HEIMDALL["current"]) <= current(home, ALL)


async def test_a_limit_of_another_time_gives_no_headroom(home: Home) -> None:
    """Also when it is the line that has fallen silent, and its circuit goes on."""
    home.world.freeze(home.line, home.simulator.clock.now())
    home.world.freeze(home.icy_line, home.simulator.clock.now())
    await home.polls(13)
    derived = {shown for shown in ALL if shown.key in DERIVED or shown.key == "apparent_power"}
    assert current(home, derived) == set()
