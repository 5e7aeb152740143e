"""What is asked for, how often, and what a failure does."""

from datetime import timedelta
import logging
from unittest.mock import patch

from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import async_update_entity
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.api.heimdall import MAX_PARALLEL
from custom_components.gridduck_heimdall.heimdall import batch as rounds
from custom_components.gridduck_heimdall.heimdall.batch import ENOUGH_FAILED
from custom_components.gridduck_heimdall.heimdall.products import Group
from simulator.faults import FaultKind

from .home import PATHS, Home

MEASURED = ("current", "temperature", "dlr", "aar", "transient", "sag")
FORECAST = ("dlr_forecast", "aar_forecast")


def disable(home: Home, item_id: str, *keys: str) -> None:
    for key in keys:
        entity_id = home.entity_id(item_id, key)
        assert entity_id is not None
        er.async_get(home.hass).async_update_entity(
            entity_id, disabled_by=er.RegistryEntryDisabler.USER
        )


async def test_measurements_every_5_minutes_forecasts_hourly_assets_every_6_hours(
    home: Home,
) -> None:
    await home.open()
    home.forget_calls()
    await home.polls(12)
    assert {home.calls(what, home.line) for what in MEASURED} == {12}
    assert {home.calls(what, home.line) for what in FORECAST} == {1}
    assert home.calls("circuit", home.facility) == 12
    assert home.calls("circuit_forecast", home.facility) == 1
    assert home.calls("assets") == 0
    await home.wait(hours=5, seconds=2)
    assert home.calls("assets") == 1


async def test_apparent_power_is_computed_not_asked_for(home: Home) -> None:
    await home.open()
    assert home.simulator.calls.count(path="apparent_power") == 0


async def test_icing_and_sag_are_asked_for_since_an_hour_ago(home: Home) -> None:
    await home.open()
    for path in ("icing/latest", "sag_and_clearance/latest"):
        assert {call.query.get("since") for call in home.simulator.calls.list(path=path)} == {
            "2026-11-18T17:00:00Z"
        }
    (current, *_) = home.simulator.calls.list(path="currents/latest")
    assert "since" not in current.query
    assert "include" not in current.query


async def test_what_no_enabled_entity_shows_is_not_asked_for(home: Home) -> None:
    await home.open()
    disable(home, home.line, "sag_max", "clearance_min", "conductor_temperature_max")
    home.forget_calls()
    await home.polls(1)
    assert home.calls("sag", home.line) == 0
    assert home.calls("sag", home.icy_line) == 1
    # Its other entities are still enabled.
    assert home.calls("temperature", home.line) == 1


async def test_what_a_derived_value_needs_is_still_asked_for(home: Home) -> None:
    await home.open()
    disable(home, home.line, "dlr", "limiting_span")
    disable(home, home.facility, "circuit_rating", "limiting_component")
    home.forget_calls()
    await home.polls(1)
    assert home.calls("dlr", home.line) == 1
    assert home.calls("circuit", home.facility) == 1


async def test_a_product_without_data_is_asked_for_less_and_less_often(home: Home) -> None:
    home.world.remove_product(home.line, "sag")
    await home.open()
    assert home.entity_id(home.line, "sag_max") is None
    home.forget_calls()
    asked = []
    for poll in range(1, 28):
        before = home.calls("sag", home.line)
        await home.polls(1)
        if home.calls("sag", home.line) > before:
            asked.append(5 * poll)
    assert asked == [5, 15, 35, 75, 135]
    assert home.calls("current", home.line) == 27
    # Once an hour from now on.
    await home.wait(minutes=55)
    assert home.calls("sag", home.line) == 5
    await home.polls(1)
    assert home.calls("sag", home.line) == 6


async def test_an_entity_appears_with_its_first_answer(home: Home) -> None:
    home.world.remove_product(home.line, "sag")
    home.world.remove_product(home.line, "dlr_forecast")
    await home.open()
    assert home.find(home.line, "sag_max") is None
    assert home.find(home.line, "dlr_forecast_lowest") is None
    home.world.add_product(home.line, "sag")
    home.world.add_product(home.line, "dlr_forecast")
    await home.polls(1)
    assert float(home.value(home.line, "sag_max")) > 0
    assert float(home.value(home.line, "dlr_forecast_lowest")) > 0


async def test_an_entity_appears_when_its_part_of_an_answer_does(home: Home) -> None:
    home.fault("sag", "patch", patch={"data": {"sag_and_clearance": {"min_clearance": None}}})
    home.fault("transient", "patch", patch={"data": {"line_transient_rating": {"ratings": []}}})
    await home.open()
    assert home.find(home.line, "clearance_min") is None
    assert home.find(home.line, "transient_rating_5") is None
    home.recover()
    await home.polls(1)
    assert float(home.value(home.line, "clearance_min")) > 0
    assert float(home.value(home.line, "transient_rating_5")) > 0
    # Nor does it go when that part does.
    home.fault("transient", "patch", patch={"data": {"line_transient_rating": {"ratings": []}}})
    await home.polls(1)
    assert home.value(home.line, "transient_rating_5") == "unknown"


async def test_an_entity_that_had_a_value_is_unknown_without_data(home: Home) -> None:
    await home.open()
    home.world.remove_product(home.line, "sag")
    await home.polls(1)
    assert home.value(home.line, "sag_max") == "unknown"
    home.world.add_product(home.line, "sag")
    await home.polls(1)
    assert float(home.value(home.line, "sag_max")) > 0


async def test_one_failing_endpoint_leaves_all_others_fresh(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    await home.open()
    before = home.value(home.line, "sag_max")
    home.fault("sag")
    for _ in range(2):
        await home.polls(1)
        assert home.value(home.line, "sag_max") == before
    await home.polls(1)
    assert home.value(home.line, "sag_max") == "unavailable"
    assert home.value(home.line, "current") not in {"unknown", "unavailable"}
    home.recover()
    await home.polls(1)
    assert float(home.value(home.line, "sag_max")) > 0


async def asked_after(home: Home, what: str, item_id: str, *, polls: int) -> list[int]:
    """Return the minutes after which a product was requested."""
    asked = []
    for poll in range(1, polls + 1):
        before = home.calls(what, item_id)
        await home.polls(1)
        if home.calls(what, item_id) > before:
            asked.append(5 * poll)
    return asked


async def test_a_product_that_fails_from_the_start_is_requested_less_and_less(home: Home) -> None:
    home.fault("sag", status=503)
    await home.open()
    home.forget_calls()
    assert await asked_after(home, "sag", home.line, polls=40) == [5, 10, 20, 40, 80, 140, 200]
    assert home.calls("current", home.line) == 40


async def test_a_product_that_worked_is_retried_for_three_hours(home: Home) -> None:
    """And at once again as soon as any line has it."""
    home.fault("sag", item_id=home.line)
    await home.open()
    await home.polls(6)
    home.fault("sag", item_id=home.icy_line)
    assert await asked_after(home, "sag", home.icy_line, polls=50) == [
        *range(5, 185, 5),
        *(190, 210, 250),
    ]
    home.recover()
    # It would be due in an hour, but the other line has an answer after 40 minutes.
    assert await asked_after(home, "sag", home.icy_line, polls=10) == [45, 50]


async def test_a_service_that_is_down_is_retried_at_every_poll(home: Home) -> None:
    """Nothing is late once it is back."""
    await home.open()
    home.fault("any", status=503)
    await home.polls(40)
    home.recover()
    await home.polls(1)
    assert float(home.value(home.line, "sag_max")) > 0
    assert float(home.value(home.line, "current")) > 0


async def test_a_lasting_failure_is_reported_once(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await home.open()
    home.fault("dlr")
    await home.polls(2)
    assert "cannot be read" not in caplog.text
    await home.polls(3)
    # Two lines, five polls, one sentence.
    assert caplog.text.count("dlr cannot be read") == 1
    home.recover()
    await home.polls(2)
    assert caplog.text.count("dlr is read again") == 1


async def test_a_failing_forecast_is_tried_again_after_5_minutes(home: Home) -> None:
    await home.open()
    home.fault("dlr_forecast")
    await home.polls(12)
    home.forget_calls()
    await home.polls(1)
    assert home.calls("dlr_forecast", home.line) == 1
    assert home.calls("aar_forecast", home.line) == 0
    # What is retried alone does not make the others fail.
    await home.polls(3)
    assert home.value(home.line, "dlr_forecast_lowest") == "unavailable"
    assert float(home.value(home.line, "aar_forecast_lowest")) > 0
    home.recover()
    await home.polls(1)
    assert float(home.value(home.line, "dlr_forecast_lowest")) > 0


@pytest.mark.parametrize("kind", ["refuse", "status", "html", "empty", "malformed"])
async def test_a_poll_that_gets_nothing_fails(
    home: Home, kind: FaultKind, caplog: pytest.LogCaptureFixture
) -> None:
    await home.open()
    polls = home.account.polls
    home.fault("any", kind)
    await home.polls(1)
    assert not polls[Group.MEASUREMENTS].last_update_success
    assert home.value(home.line, "current") not in {"unknown", "unavailable"}
    await home.polls(2)
    assert home.value(home.line, "current") == "unavailable"
    assert home.value(home.facility, "voltage") != "unavailable"
    assert "cannot be read" not in caplog.text
    home.recover()
    await home.polls(1)
    assert polls[Group.MEASUREMENTS].last_update_success
    assert home.value(home.line, "current") not in {"unknown", "unavailable"}


async def test_a_dead_connection_is_not_tried_for_every_line(home: Home) -> None:
    for _ in range(4):
        home.world.add_line()
    await home.open()
    home.forget_calls()
    home.fault("latest", "refuse")
    await home.polls(1)
    slots = len(home.account.polls[Group.MEASUREMENTS].schedule.slots)
    # Each request is repeated once; those under way are let finish.
    most = 2 * (ENOUGH_FAILED + MAX_PARALLEL)
    assert home.simulator.calls.count(path="latest") <= most < 2 * slots


async def test_refused_credentials_ask_for_others(home: Home) -> None:
    await home.open()
    home.world.rotate_secret("another")
    home.world.revoke_tokens()
    await home.polls(1)
    assert home.value(home.line, "current") == "unavailable"
    flows = home.hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == ["reauth"]


async def test_a_revoked_token_is_replaced_unseen(home: Home) -> None:
    await home.open()
    home.world.revoke_tokens()
    await home.polls(1)
    assert home.account.polls[Group.MEASUREMENTS].last_update_success
    assert not home.hass.config_entries.flow.async_progress()


async def test_what_is_not_allowed_is_like_what_is_not_there(home: Home) -> None:
    await home.open()
    home.fault("sag", item_id=home.line, status=403)
    await home.polls(1)
    assert home.value(home.line, "sag_max") == "unknown"
    diagnostics = home.account.diagnostics()
    assert diagnostics["polls"]["measurements"]["forbidden"] == [f"{home.line}/sag"]
    home.recover()
    await home.polls(1)
    assert home.account.diagnostics()["polls"]["measurements"]["forbidden"] == []


async def test_fewer_requests_are_made_when_the_service_wants_that(home: Home) -> None:
    await home.open()
    # From the fifth request on; the service then wants 12 minutes of rest.
    home.fault("latest", status=429, headers={"Retry-After": "720"})
    fault = next(iter(home.simulator.faults.all().values()))
    fault.skip = 4
    home.forget_calls()
    await home.polls(1)
    made = home.simulator.calls.count(path="latest")
    assert 5 <= made <= 4 + MAX_PARALLEL
    # What was got is kept, and nothing fails for it.
    assert home.account.polls[Group.MEASUREMENTS].last_update_success
    home.recover()
    await home.polls(2)
    assert home.simulator.calls.count(service="heimdall", path="latest") == made
    await home.polls(1)
    assert home.simulator.calls.count(path="latest") > made


async def test_a_poll_that_is_refused_as_one_too_many_fails_and_waits(home: Home) -> None:
    await home.open()
    home.fault("latest", status=429, headers={"Retry-After": "900"})
    await home.polls(1)
    assert not home.account.polls[Group.MEASUREMENTS].last_update_success
    home.recover()
    home.forget_calls()
    await home.polls(2)
    assert home.simulator.calls.count(path="latest") == 0
    await home.wait(minutes=5, seconds=2)
    assert home.account.polls[Group.MEASUREMENTS].last_update_success


async def test_too_many_requests_without_a_time_wait_for_the_next_poll(home: Home) -> None:
    await home.open()
    home.fault("latest", status=429, count=9)
    fault = next(iter(home.simulator.faults.all().values()))
    fault.skip = 3
    await home.polls(1)
    home.recover()
    home.forget_calls()
    await home.polls(1)
    assert home.calls("current", home.line) == 1


async def test_a_product_that_alone_is_limited_does_not_keep_the_others_waiting(home: Home) -> None:
    await home.open()
    home.fault("current", status=429)
    with patch.object(rounds, "MAX_PARALLEL", 2):
        await home.polls(30)
        home.forget_calls()
        await home.polls(30)
    assert home.calls("current", home.line) >= 1
    for other in ("temperature", "dlr", "aar"):
        assert home.calls(other, home.line) >= 1, other


async def test_a_round_ends_in_time_for_the_next(home: Home) -> None:
    await home.open()
    home.forget_calls()
    with patch.object(rounds, "TIME_LIMIT", -1):
        await home.polls(1)
    assert home.simulator.calls.count(service="heimdall") == 0
    assert home.account.polls[Group.MEASUREMENTS].last_update_success
    await home.polls(1)
    assert home.calls("current", home.line) == 1


async def test_a_user_can_ask_for_everything_now(home: Home) -> None:
    home.world.remove_product(home.line, "sag")
    await home.open()
    await home.polls(2)
    home.forget_calls()
    entity_id = home.entity_id(home.line, "dlr_forecast_lowest")
    assert entity_id is not None
    await async_update_entity(home.hass, entity_id)
    assert home.calls("dlr_forecast", home.line) == 1
    assert home.calls("current", home.line) == 0


async def test_only_what_changed_is_written(home: Home) -> None:
    await home.open()
    written: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        written.append(event.data["entity_id"])

    home.hass.bus.async_listen("state_changed", note)
    for line in (home.line, home.icy_line):
        home.world.freeze(line, home.simulator.clock.now())
    await home.polls(1)
    written.clear()
    await home.polls(1)
    # Where the hour that is under way has the lowest rating, its time is now, and now goes on.
    now = dt_util.utcnow()
    for entity_id in written:
        state = home.hass.states.get(entity_id)
        assert state is not None
        assert state.attributes["device_class"] == "timestamp"
        when = dt_util.parse_datetime(state.state)
        assert when is not None
        assert timedelta() <= when - now <= timedelta(minutes=1)


async def test_a_forecast_moves_on_with_the_clock(home: Home) -> None:
    await home.open()
    # No new forecast comes any more: the service's answer stays what it is.
    home.fault("dlr_forecast")
    seen = set()
    before = home.value(home.line, "dlr_forecast_lowest")
    for _ in range(2):
        await home.polls(1)
        seen.add(home.value(home.line, "dlr_forecast_lowest"))
    assert seen == {before}


async def test_a_probe_that_fails_is_not_reported(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    await home.open()
    # The first line has no icing: whether it could be asked is nobody's concern.
    home.fault("icing", item_id=home.line)
    await home.polls(5)
    assert "cannot be read" not in caplog.text


@pytest.mark.parametrize("item_id", ["not/an id", ".."])
async def test_an_id_that_fits_into_no_address_costs_only_itself(home: Home, item_id: str) -> None:
    good, bad = home.icy_line, home.world.line(home.line)
    bad.id = item_id
    await home.open()
    assert home.value(good, "current") not in {"unknown", "unavailable"}
    assert home.find(item_id, "current") is None


async def test_values_in_other_units(home: Home) -> None:
    """Metric units are asked for; of an answer in others none is shown as if it were."""
    await home.open()
    for what in ("temperature", "sag"):
        (call,) = home.simulator.calls.list(service="heimdall", path=f"{home.line}{PATHS[what]}")
        assert call.query["unit_system"] == "metric"
    clearance = home.value(home.line, "clearance_min")
    home.world.set_units({"m": "ft", "Ampere": "kA", "C": "F"})
    await home.polls(1)
    assert abs(float(home.value(home.line, "clearance_min")) - float(clearance)) < 0.2
    assert 10 < float(home.value(home.line, "current")) < 5000
    home.fault(
        "sag",
        "patch",
        item_id=home.line,
        patch={"data": {"sag_and_clearance": {"min_clearance": {"value": 22.97, "unit": "ft"}}}},
    )
    await home.polls(1)
    assert home.value(home.line, "clearance_min") == "7.0"
    home.recover()
    home.world.set_units({"m": "fathoms"})
    await home.polls(1)
    assert home.value(home.line, "clearance_min") == "unknown"
    assert home.value(home.line, "current") not in {"unknown", "unavailable"}
    assert home.account.diagnostics()["unknown_units"] == ["fathoms (length)"]


async def test_a_poll_without_a_change_keeps_the_snapshot(home: Home) -> None:
    await home.open()
    poll = home.account.polls[Group.FORECASTS]
    before = poll.data
    home.forget_calls()
    announced = list[object]()
    poll.async_add_listener(lambda: announced.append(poll.announced))
    poll.schedule.make_all_due(dt_util.utcnow())
    await poll.async_refresh()
    assert home.calls("dlr_forecast", home.line) == 1
    assert poll.data is before
    assert not announced
