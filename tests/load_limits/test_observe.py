"""What accounts show is taken over; a person's own override is never fought."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from custom_components.gridduck_heimdall.load_limits.control_law.fleet import Fleet
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import (
    FORGET,
    Curtailed,
    Ledger,
)
from custom_components.gridduck_heimdall.load_limits.control_law.models import (
    AssetState,
    Candidate,
    LoadLimit,
    Request,
)
from custom_components.gridduck_heimdall.load_limits.control_law.observe import (
    Ended,
    Observed,
    observe,
)
from custom_components.gridduck_heimdall.load_limits.control_law.tuning import DEFAULT

NOW = 1_000_000.0
OFF = Curtailed(
    key="a",
    request="limit",
    since=NOW - 600,
    renewed=NOW - 600,
    until=NOW + 3_000,
    power=5_000.0,
)
SHOWN = AssetState(key="a", seen=NOW, power=0.0, off_until=OFF.until, listed_until=OFF.until)
REPLACED = replace(SHOWN, off_until=OFF.until + 600, listed_until=OFF.until + 600)


def observed_in(ledger: Ledger, states: Mapping[str, AssetState], now: float) -> list[Observed]:
    """Return what has ended of what the ledger holds."""
    return [one for one in observe(ledger, states, now) if one is not None]


@pytest.mark.parametrize(
    ("state", "how", "left_alone"),
    [
        (replace(SHOWN, off_until=None, listed_until=None), Ended.RESUMED, True),
        (REPLACED, Ended.REPLACED, True),
    ],
)
def test_what_a_person_has_changed_is_no_longer_ours(
    state: AssetState, how: Ended, left_alone: bool
) -> None:
    ledger = Ledger({"a": OFF})
    (observed,) = observed_in(ledger, {"a": state}, NOW)
    assert (observed.curtailed, observed.how) == (OFF, how)
    assert not ledger.curtailed
    assert (ledger.returned["a"].not_before == NOW + DEFAULT.respect) is left_alone


def test_a_lease_that_has_ended_is_no_override_of_a_person() -> None:
    ledger = Ledger({"a": OFF})
    (observed,) = observed_in(
        ledger, {"a": replace(SHOWN, off_until=None, seen=OFF.until + 5)}, OFF.until + 5
    )
    assert observed.how is Ended.LAPSED
    assert ledger.returned["a"].not_before == 0
    assert ledger.returned["a"].at == OFF.until


@pytest.mark.parametrize(
    "state",
    [
        SHOWN,
        replace(SHOWN, off_until=OFF.until + 60),
        replace(SHOWN, off_until=None, in_flight=True),
        replace(SHOWN, off_until=None, seen=OFF.renewed),
    ],
)
def test_what_is_not_shown_for_sure_changes_nothing(state: AssetState) -> None:
    ledger = Ledger({"a": OFF})
    assert not observed_in(ledger, {"a": state}, NOW)
    assert "a" in ledger.curtailed


def test_a_snooze_that_is_shown_is_noted() -> None:
    ledger = Ledger({"a": OFF})
    observed_in(ledger, {"a": SHOWN}, NOW)
    assert ledger.curtailed["a"].seen == NOW


def test_an_asset_that_is_gone_is_forgotten_with_its_lease() -> None:
    ledger = Ledger({"a": OFF})
    assert not observed_in(ledger, {}, NOW)
    # Its account may not be in use, and shows it later.
    assert not observed_in(ledger, {}, OFF.until)
    (observed,) = observed_in(ledger, {}, OFF.until + FORGET)
    assert observed.how is Ended.GONE
    observed_in(ledger, {}, OFF.until + 2 * FORGET + 1)
    assert not ledger.returned


def test_an_asset_that_the_service_no_longer_lists_is_forgotten_at_once() -> None:
    ledger = Ledger({"a": OFF})
    (observed,) = observed_in(
        ledger, {"a": AssetState(key="a", seen=NOW, power=None, gone=True)}, NOW
    )
    assert observed.how is Ended.GONE
    assert not ledger.curtailed


def test_a_block_ends() -> None:
    ledger = Ledger(blocked={"line": NOW + 60})
    observed_in(ledger, {}, NOW)
    assert ledger.blocked
    observed_in(ledger, {}, NOW + 60)
    assert not ledger.blocked


def test_a_refused_command_leaves_nothing_in_the_ledger() -> None:
    ledger = Ledger({"a": OFF})
    ledger.drop("a")
    assert not ledger.curtailed
    assert not ledger.returned


def test_sums_follow_each_asset() -> None:
    request = Request(
        id="limit",
        candidates={key: Candidate(key=key, behind=0.5) for key in ("a", "b")},
        limit=LoadLimit(source="line"),
    )
    fleet = Fleet([request, replace(request, id="other")])
    for key in ("a", "b", "unknown"):
        fleet.show(AssetState(key=key, seen=NOW, power=1_000.0))
    assert fleet.drawn == {"line": 1_000.0}
    fleet.show(AssetState(key="a", seen=NOW, power=0.0, off_until=NOW + 60))
    assert fleet.drawn == {"line": 500.0}
    fleet.show(AssetState(key="a", seen=NOW, power=None))
    assert fleet.drawn == {"line": 500.0}


BACK = 86_400.0
BEFORE = replace(
    OFF, since=NOW + BACK - 600, renewed=NOW + BACK - 600, until=NOW + BACK + 5_400, ahead=2.0
)
"""Curtailed before the clock was set back by a day."""


@pytest.mark.parametrize(
    ("request_id", "off_until", "until", "ahead"),
    [
        ("limit", NOW + 5_000, NOW + 5_000, 0),
        # The clock of the service is set to another day: half of the lease is left for sure.
        ("limit", NOW + BACK, NOW + 2_999, BACK - 2_999),
        # Nothing renews the snooze of an action.
        ("", NOW + BACK, NOW + 5_999, BACK - 5_999),
    ],
)
def test_a_clock_that_is_set_back_forgets_no_curtailment(
    request_id: str, off_until: float, until: float, ahead: float
) -> None:
    """It is ours as soon as a list shows it; one of before the clock was set back tells nothing."""
    ledger = Ledger({"a": replace(BEFORE, request=request_id)})
    old = replace(SHOWN, seen=NOW + BACK, off_until=None, listed_until=None)
    assert not observed_in(ledger, {"a": old}, NOW)
    listed = replace(SHOWN, off_until=off_until, listed_until=off_until)
    for now in (NOW, NOW + 60):
        assert not observed_in(ledger, {"a": replace(listed, seen=now)}, now)
    one = ledger.curtailed["a"]
    assert one.since == one.renewed == NOW - 1
    if ahead:
        assert (one.until, one.ahead) == (until, ahead)
    else:
        assert one.until + (one.ahead or 0) == pytest.approx(until)


@pytest.mark.parametrize("seen", [NOW, NOW + BACK])
def test_what_has_ended_while_the_clock_was_set_back(seen: float) -> None:
    ledger = Ledger({"a": replace(BEFORE, scheduled=NOW + BACK + 60, held=NOW + BACK + 90)})
    on = replace(SHOWN, off_until=None, listed_until=None)
    assert not observed_in(ledger, {"a": replace(on, seen=seen)}, NOW)
    assert ledger.curtailed["a"].scheduled == NOW + 659
    assert ledger.curtailed["a"].held == NOW + 689
    (observed,) = observed_in(ledger, {"a": replace(on, seen=NOW + 60)}, NOW + 60)
    assert observed.how is Ended.RESUMED


def test_an_asset_is_left_alone_for_a_while() -> None:
    ledger = Ledger(left_alone={"a": NOW, "b": NOW + 1})
    assert observed_in(ledger, {}, NOW) == []
    assert ledger.left_alone == {"b": NOW + 1}


@pytest.mark.parametrize(
    ("after", "ends", "ours"),
    [
        (300, 290, True),
        (300, -30, True),
        # It would have begun before it was commanded, or after the list.
        (300, -90, False),
        (300, 400, False),
        # It is not expected for ever.
        (1_300, 600, False),
    ],
)
def test_a_snooze_after_a_command_that_was_given_up(
    after: float, ends: float, *, ours: bool
) -> None:
    """It is ours only if it can have begun between the command and the list."""
    sent = replace(OFF, accepted=False, since=NOW, renewed=NOW)
    ledger = Ledger({"a": sent})
    on = replace(SHOWN, off_until=None, listed_until=None, seen=NOW + 60)
    (observed,) = observed_in(ledger, {"a": on}, NOW + 60)
    assert observed.how is Ended.NEVER_BEGUN
    until = OFF.until + ends
    state = replace(SHOWN, off_until=until, listed_until=until, seen=NOW + after)
    found = observed_in(ledger, {"a": state}, NOW + after)
    assert bool(found) is bool(ledger.curtailed) is ours
    if ours:
        assert found[0].how is None
        assert ledger.curtailed["a"].until == until
        assert not ledger.unanswered
