"""What is derived from an asset's fields."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from custom_components.gridduck_heimdall.api.gridduck import (
    Asset,
    Granularity,
)
from custom_components.gridduck_heimdall.api.gridduck.telemetry import windows
from custom_components.gridduck_heimdall.api.gridduck.timestamps import moment

NOW = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
UNIX = NOW.timestamp()


def asset(**fields: Any) -> Asset:
    return Asset(id="a", **fields)


@pytest.mark.parametrize(
    ("state", "is_on"),
    [("ON", True), (" on ", True), ("Off", False), ("OFF", False), ("STANDBY", None), (None, None)],
)
def test_is_on(state: str | None, is_on: bool | None) -> None:
    assert asset(current_state=state).is_on is is_on


def test_measurements() -> None:
    lamp = asset(consumption=14.0, delivered=515.0)
    assert lamp.power_w == 14
    assert lamp.energy_wh == 515
    assert asset().power_w is None
    assert asset().energy_wh is None


@pytest.mark.parametrize(
    ("faults", "connected"),
    [
        ({}, True),
        ({"lost": False, "disconnected": False, "gateway_disconnected": False}, True),
        ({"lost": True}, False),
        ({"disconnected": True}, False),
        ({"gateway_disconnected": True}, False),
    ],
)
def test_connected(faults: dict[str, bool], connected: bool) -> None:
    assert asset(**faults).connected is connected


@pytest.mark.parametrize(
    ("stamp", "when"),
    [
        (UNIX, NOW),
        (UNIX * 1000, NOW),
        (UNIX * 1000 + 500, NOW + timedelta(seconds=0.5)),
        (0, None),
        (-5, None),
        (None, None),
        (9e14, None),
    ],
)
def test_moment(stamp: float | None, when: datetime | None) -> None:
    assert moment(stamp) == when
    assert asset(last_contacted=stamp).last_contact == when


@pytest.mark.parametrize(
    ("fields", "price", "code", "site_price"),
    [
        ({}, None, None, None),
        ({"price_per_kwh": 14.0, "currency": "£"}, 0.14, "GBP", None),
        ({"price_per_kwh": 14.3, "currency": "€"}, 0.143, "EUR", None),
        ({"price_per_kwh": 14.0, "currency": "$"}, 0.14, "USD", None),
        ({"price_per_kwh": 14.0, "currency": " nok "}, 0.14, "NOK", None),
        ({"price_per_kwh": 14.0, "currency": "JPY"}, 14.0, "JPY", None),
        ({"price_per_kwh": 14.0, "currency": "KWD"}, 0.014, "KWD", None),
        ({"price_per_kwh": 14.0, "currency": "shells"}, 0.14, None, None),
        ({"price_per_kwh": 14.0, "site_currency": "£"}, 0.14, "GBP", None),
        ({"site_price_per_kwh": 30.0, "site_currency": "£"}, 0.3, "GBP", 0.3),
        ({"price_per_kwh": -2.0, "site_price_per_kwh": 30.0, "currency": "£"}, -0.02, "GBP", 0.3),
        ({"price_per_kwh": 0.0, "site_price_per_kwh": 30.0, "currency": "£"}, 0, "GBP", 0.3),
    ],
)
def test_price(
    fields: dict[str, object], price: float | None, code: str | None, site_price: float | None
) -> None:
    plug = asset(**fields)
    assert plug.price == price
    assert plug.currency_code == code
    assert plug.site_price == site_price


IN_A_MINUTE = NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("fields", "kind", "end", "estimated"),
    [
        ({}, "none", None, None),
        ({"boost_finish": 0, "boost_finish_stamp": 0}, "none", None, None),
        ({"boost_finish_stamp": UNIX + 60}, "boost", IN_A_MINUTE, False),
        ({"snooze_finish_stamp": (UNIX + 60) * 1000}, "snooze", IN_A_MINUTE, False),
        ({"boost_finish_stamp": UNIX + 60, "boost_finish": 7}, "boost", IN_A_MINUTE, False),
        ({"snooze_finish": 60}, "snooze", IN_A_MINUTE, True),
        ({"snooze_finish": UNIX + 60}, "snooze", IN_A_MINUTE, False),
        ({"boost_finish": (UNIX + 60) * 1000}, "boost", IN_A_MINUTE, False),
        ({"boost_finish_stamp": UNIX}, "none", None, None),
        ({"boost_finish_stamp": UNIX - 60, "boost_finish": 60}, "none", None, None),
        ({"boost_finish": UNIX - 60}, "none", None, None),
        ({"boost_finish": -60}, "none", None, None),
        ({"boost_finish": "60"}, "boost", IN_A_MINUTE, True),
        ({"boost_finish": "0", "boost_finish_stamp": "0"}, "none", None, None),
        ({"snooze_finish": "2026-11-16T12:01:00Z"}, "snooze", IN_A_MINUTE, False),
        ({"snooze_finish": "2026-11-16T12:01:00"}, "snooze", IN_A_MINUTE, False),
        ({"boost_finish": "2026-11-16 13:01:00.000+01:00"}, "boost", IN_A_MINUTE, False),
        ({"boost_finish_stamp": "2026-11-16T12:01:00Z"}, "boost", IN_A_MINUTE, False),
        ({"boost_finish_stamp": str(UNIX + 60)}, "boost", IN_A_MINUTE, False),
        ({"snooze_finish_stamp": f"{UNIX + 60:.0f}000"}, "snooze", IN_A_MINUTE, False),
        ({"snooze_finish": "2026-11-16T11:59:00Z"}, "none", None, None),
        ({"snooze_finish": "0001-01-01T00:00:00Z"}, "none", None, None),
        ({"snooze_finish": "soon", "snooze_finish_stamp": ""}, "none", None, None),
        ({"snooze_finish": "inf", "snooze_finish_stamp": "1e300"}, "none", None, None),
    ],
)
def test_override(
    fields: dict[str, object], kind: str, end: datetime | None, estimated: bool | None
) -> None:
    running = asset(**fields).running_override(NOW)
    assert (running.kind if running else "none") == kind
    assert (running.end if running else None) == end
    assert (running.estimated if running else None) is estimated


@pytest.mark.parametrize(("state", "kind"), [("ON", "boost"), ("OFF", "snooze"), ("?", "boost")])
def test_of_two_overrides_the_state_decides(state: str, kind: str) -> None:
    plug = asset(boost_finish=10, snooze_finish=20, current_state=state)
    running = plug.running_override(NOW)
    assert running is not None
    assert running.kind == kind
    assert {one.kind for one in plug.running_overrides(NOW)} == {"boost", "snooze"}


def test_seconds_left_are_real_seconds_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 25, 0, 59, 50, tzinfo=ZoneInfo("Europe/London"))
    running = asset(boost_finish=20).running_override(before)
    assert running is not None
    assert running.end == datetime(2026, 10, 25, 0, 0, 10, tzinfo=UTC)


def test_windows_follow_each_other() -> None:
    start = datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=1)))
    end = start + timedelta(hours=100)
    parts = list(windows(start, end, Granularity.HOUR, 48))
    assert [(b - a) / timedelta(hours=1) for a, b in parts] == [48, 48, 4]
    assert parts[0][0] == start
    assert parts[-1][1] == end
    assert all(a[1] == b[0] for a, b in pairwise(parts))


def test_texts_of_many_assets_are_shared() -> None:
    listed = b'{"id": "%s", "site_name": "Harbour Office", "current_state": "ON", "sku": null}'
    lamp, fan = (msgspec.json.decode(listed % one, type=Asset) for one in (b"lamp", b"fan"))
    assert lamp.site_name is not fan.site_name
    assert lamp.share_texts() is lamp
    assert lamp.share_texts().site_name is fan.share_texts().site_name
    assert lamp == msgspec.json.decode(listed % b"lamp", type=Asset)
