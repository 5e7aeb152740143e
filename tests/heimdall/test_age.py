"""Values that are too old to be shown as current."""

from datetime import timedelta

from homeassistant.util import dt as dt_util

from custom_components.gridduck_heimdall.core.description import ForecastKind

from .home import Home


async def test_a_silent_line_shows_nothing_as_current(home: Home) -> None:
    home.enable(home.line, "last_measurement")
    await home.open()
    last = home.value(home.line, "last_measurement")
    home.world.freeze(home.line, home.simulator.clock.now())
    await home.polls(11)
    assert home.value(home.line, "current") not in {"unknown", "unavailable"}
    await home.polls(2)
    for key in ("current", "dlr", "aar", "loading", "headroom", "apparent_power"):
        assert home.value(home.line, key) == "unknown", key
    # How long it has been silent is still shown.
    assert home.value(home.line, "last_measurement") >= last
    home.world.freeze(home.line, None)
    await home.polls(1)
    assert home.value(home.line, "current") not in {"unknown", "unavailable"}
    assert home.value(home.line, "loading") not in {"unknown", "unavailable"}


async def test_a_measurement_of_the_future_counts_as_of_now(home: Home) -> None:
    """Repeated, it grows old; the one after it counts whatever time it has."""
    home.enable(home.line, "last_measurement")
    year = 365 * 86_400
    home.fault("current", "ahead", delay=year)
    home.fault("temperature", "ahead", delay=year)
    await home.open()
    assert home.value(home.line, "current") not in {"unknown", "unavailable"}
    last = home.value(home.line, "last_measurement")
    assert last == dt_util.utcnow().isoformat(timespec="seconds")
    home.world.freeze(home.line, home.simulator.clock.now())
    await home.polls(11)
    assert home.value(home.line, "loading") != "unknown"
    await home.polls(2)
    for key in ("current", "loading", "headroom", "apparent_power"):
        assert home.value(home.line, key) == "unknown", key
    home.recover()
    home.world.freeze(home.line, None)
    await home.polls(1)
    assert home.value(home.line, "loading") != "unknown"


async def test_no_loading_from_an_old_current(home: Home) -> None:
    await home.open()
    assert home.value(home.line, "loading") != "unknown"
    home.fault("current", "stale", delay=2 * 3600)
    await home.polls(1)
    assert home.value(home.line, "loading") == "unknown"
    assert home.value(home.line, "headroom") == "unknown"
    home.recover()
    await home.polls(1)
    assert home.value(home.line, "loading") != "unknown"


async def test_no_loading_without_any_limit(home: Home) -> None:
    home.world.set_products(home.line, {"current"})
    await home.open()
    assert home.find(home.line, "loading") is None
    home.world.add_product(home.line, "dlr")
    await home.polls(1)
    assert home.state(home.line, "loading").attributes["limited_by"] == "dlr"
    home.world.remove_product(home.line, "dlr")
    await home.polls(1)
    state = home.state(home.line, "loading")
    assert state.state == "unknown"
    assert state.attributes["limited_by"] is None


async def test_a_limit_of_zero_gives_no_loading(home: Home) -> None:
    home.fault("circuit", "patch", patch={"data": {"circuit_rating": {"value": 0}}})
    await home.open()
    assert home.value(home.line, "loading") == "unknown"


async def test_a_value_older_than_an_hour_from_the_start_is_unknown(home: Home) -> None:
    home.fault("dlr", "stale", delay=2 * 3600)
    await home.open()
    assert home.value(home.line, "dlr") == "unknown"
    assert home.value(home.line, "limiting_span") == "unknown"


async def test_hours_that_have_passed_are_no_forecast(home: Home) -> None:
    await home.open()
    # The service goes on answering, with what it has calculated four days ago.
    for what in ("dlr_forecast", "icing_forecast"):
        home.fault(what, "stale", delay=4 * 24 * 3600)
    await home.polls(12)
    assert home.value(home.line, "dlr_forecast_lowest") == "unknown"
    assert home.value(home.icy_line, "ice_load_forecast_peak") == "unknown"
    assert home.value(home.icy_line, "ice_load_forecast_peak_time") == "unknown"


async def test_a_forecast_goes_on_while_its_hours_pass(home: Home) -> None:
    await home.open()
    home.fault("dlr_forecast", "stale", delay=60 * 3600)
    await home.polls(12)
    # Twelve hours are left of it.
    when = dt_util.parse_datetime(home.value(home.line, "dlr_forecast_lowest_time"))
    assert when is not None
    assert when > dt_util.utcnow() - timedelta(hours=1)


def hours(home: Home, *values: float) -> list[dict[str, object]]:
    """Return a forecast with these values from the hour under way on."""
    hour = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    return [
        {
            "timestamp": (hour + timedelta(hours=number)).isoformat(),
            "prediction": {"value": value},
            "p95": {"value": value - 100},
        }
        for number, value in enumerate(values)
    ]


async def test_what_has_begun_is_now(home: Home) -> None:
    """A time to come is never shown as past: not of the hour that is under way."""
    await home.wait(minutes=28)
    now = dt_util.utcnow()
    for what, key, item in (
        ("dlr_forecast", "heimdall_dlr_forecasts", home.line),
        ("aar_forecast", "heimdall_aar_forecasts", home.line),
        ("circuit_forecast", "circuit_rating_forecasts", home.facility),
    ):
        home.fault(what, "patch", item_id=item, patch={"data": {key: hours(home, 400, 500, 600)}})
    ice = {"timestamp": (now - timedelta(minutes=5)).isoformat()}
    steps = [ice | {"ice_weight": {"value": 3}}]
    spans = [{"span_id": "s", "span_phases": [{"span_phase_id": "p", "forecast": steps}]}]
    home.fault(
        "icing_forecast",
        "patch",
        item_id=home.icy_line,
        patch={"data": {"icing": {"spans": spans}}},
    )
    await home.open()
    device = home.device("line", home.line)
    assert device is not None
    lowest = ("dlr_forecast_lowest_time", "aar_forecast_lowest_time")
    times = [(home.line, key) for key in lowest]
    times.append((home.facility, "circuit_forecast_lowest_time"))
    ices = [(home.icy_line, "ice_load_forecast_peak_time")]
    for polls in range(1, 7):
        now = dt_util.utcnow()
        # That of the ice lasts for half an hour.
        for item, key in times + (ices if polls < 6 else []):
            when = dt_util.parse_datetime(home.value(item, key))
            assert when is not None
            assert timedelta() <= when - now <= timedelta(minutes=1), (polls, key)
        summary = home.account.forecast_summary(device, 24)
        assert summary is not None
        assert summary.extremes[ForecastKind.DLR].timestamp == now
        assert home.value(home.line, "dlr_forecast_lowest") == "400.0"
        await home.polls(1)
    assert home.value(home.icy_line, "ice_load_forecast_peak_time") == "unknown"
    # The next hour begins, and is now.
    await home.polls(1)
    assert home.value(home.line, "dlr_forecast_lowest") == "500.0"


async def test_the_forecast_peak_is_ahead(home: Home) -> None:
    await home.open()
    when = dt_util.parse_datetime(home.value(home.icy_line, "ice_load_forecast_peak_time"))
    assert when is not None
    assert when >= dt_util.utcnow()


async def test_a_forecast_without_breakdown_has_its_peak(home: Home) -> None:
    home.fault("icing_forecast", "patch", patch={"data": {"icing": {"spans": []}}})
    await home.open()
    assert float(home.value(home.icy_line, "ice_load_forecast_peak")) >= 0
    home.recover()
    home.fault(
        "icing_forecast",
        "patch",
        patch={"data": {"icing": {"spans": [], "max": {"ice_weight": None}}}},
    )
    await home.polls(12)
    assert home.value(home.icy_line, "ice_load_forecast_peak") == "unknown"
