"""The table of endpoints against that of the contract, and the queries that they take."""

from datetime import UTC, datetime, timedelta, timezone
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from custom_components.gridduck_heimdall.api.heimdall import (
    ENDPOINTS,
    Include,
    Parameters,
    Quantity,
    ResponseKind,
    Target,
    UnitSystem,
    endpoints,
)
from custom_components.gridduck_heimdall.api.heimdall.endpoint import LONGEST_WINDOW

CAPACITY = "/capacity_monitoring/v1"
INSIGHTS = "/grid_insights/v1/lines/LINE"
START = datetime(2026, 11, 1, tzinfo=UTC)
END = datetime(2026, 11, 2, 12, 30, 15, 500_000, UTC)

# Contract: heimdall-api.md §2: the path, and S, FT, Q, U, Isp, Imp.
CONTRACT = {
    "A1": ("/assets/v1/assets", ""),
    "C1": (f"{CAPACITY}/lines/LINE/heimdall_dlrs/latest", "S Q Isp"),
    "C2": (f"{CAPACITY}/lines/LINE/heimdall_dlrs", "FT Q Isp"),
    "C3": (f"{CAPACITY}/lines/LINE/heimdall_dlrs/forecasts", "Q"),
    "C4": (f"{CAPACITY}/lines/LINE/heimdall_aars/latest", "S Q Isp"),
    "C5": (f"{CAPACITY}/lines/LINE/heimdall_aars", "FT Q Isp"),
    "C6": (f"{CAPACITY}/lines/LINE/heimdall_aars/forecasts", "Q"),
    "C7": (f"{CAPACITY}/lines/LINE/transient_ratings/latest", "S Q"),
    "F1": (f"{CAPACITY}/facilities/FACILITY/circuit_ratings/latest", "S Q"),
    "F2": (f"{CAPACITY}/facilities/FACILITY/circuit_ratings", "FT Q"),
    "F3": (f"{CAPACITY}/facilities/FACILITY/circuit_ratings/forecasts", "Q"),
    "F4": (f"{CAPACITY}/facilities/FACILITY/circuit_transient_ratings/latest", "S Q"),
    "G1": (f"{INSIGHTS}/currents/latest", "S Imp"),
    "G2": (f"{INSIGHTS}/currents", "FT Imp"),
    "G3": (f"{INSIGHTS}/conductor_temperatures/latest", "S U Imp"),
    "G4": (f"{INSIGHTS}/conductor_temperatures", "FT U Imp"),
    "G5": (f"{INSIGHTS}/apparent_power/latest", "S"),
    "G6": (f"{INSIGHTS}/apparent_power", "FT"),
    "G7": (f"{INSIGHTS}/icing/latest", "S U"),
    "G8": (f"{INSIGHTS}/icing", "FT U"),
    "G9": (f"{INSIGHTS}/icing/forecast", "U"),
    "G10": (f"{INSIGHTS}/sag_and_clearance/latest", "S U"),
    "G11": (f"{INSIGHTS}/sag_and_clearance", "FT U"),
}
PARAMETERS: dict[str, list[tuple[Parameters, dict[str, str]]]] = {
    "S": [({"since": START}, {"since": "2026-11-01T00:00:00Z"})],
    "FT": [({}, {})],
    "Q": [
        ({"quantity": Quantity.CURRENT}, {"quantity": "current"}),
        ({"quantity": Quantity.APPARENT_POWER}, {"quantity": "apparent_power"}),
    ],
    "U": [
        ({"unit_system": UnitSystem.METRIC}, {"unit_system": "metric"}),
        ({"unit_system": UnitSystem.IMPERIAL}, {"unit_system": "imperial"}),
    ],
    "Isp": [({"include": Include.SPANS}, {"include": "spans"})],
    "Imp": [({"include": Include.MEASUREMENT_POINTS}, {"include": "measurement_points"})],
}
WINDOW: Parameters = {"start": START, "end": END}
WINDOW_QUERY = {
    "from_timestamp": "2026-11-01T00:00:00Z",
    "to_timestamp": "2026-11-02T12:30:15.500000Z",
}
ALWAYS = {"U": {"unit_system": "metric"}}
# Every endpoint with every value of every parameter: its id, what is given, what is to be sent.


def _always(takes: str) -> dict[str, str]:
    return {name: value for key in takes.split() for name, value in ALWAYS.get(key, {}).items()}


CASES = [
    pytest.param(
        name,
        {**(WINDOW if "FT" in takes else {}), **given},
        {**(WINDOW_QUERY if "FT" in takes else {}), **_always(takes), **sent},
        id=" ".join([name, *sent.values()]),
    )
    for name, (_, takes) in CONTRACT.items()
    for given, sent in [({}, {}), *(case for key in takes.split() for case in PARAMETERS[key])]
    if "FT" not in takes or sent or given == {}
]
FOREIGN = [
    pytest.param(name, key, given, id=f"{name} {key} {next(iter(sent.values()))}")
    for name, (_, takes) in CONTRACT.items()
    for key in PARAMETERS
    if key not in {"FT", *takes.split()}
    for given, sent in PARAMETERS[key]
]


def target_of(name: str) -> str | None:
    return {Target.ACCOUNT: None, Target.LINE: "LINE", Target.FACILITY: "FACILITY"}[
        ENDPOINTS[name].target
    ]


def test_the_table_is_that_of_the_contract() -> None:
    assert {name: endpoint.path_of(target_of(name)) for name, endpoint in ENDPOINTS.items()} == {
        name: path for name, (path, _) in CONTRACT.items()
    }
    assert all(name == endpoint.id for name, endpoint in ENDPOINTS.items())


@pytest.mark.parametrize(("name", "given", "sent"), CASES)
def test_query(name: str, given: Parameters, sent: dict[str, str]) -> None:
    assert ENDPOINTS[name].query(given) == sent


def test_all_parameters_at_once() -> None:
    assert endpoints.DLRS.query(
        {**WINDOW, "quantity": Quantity.APPARENT_POWER, "include": Include.SPANS}
    ) == {**WINDOW_QUERY, "quantity": "apparent_power", "include": "spans"}


def test_none_is_left_out() -> None:
    unset = dict.fromkeys(["since", "start", "end", "quantity", "unit_system", "include"])
    for endpoint in ENDPOINTS.values():
        if endpoint.kind is not ResponseKind.HISTORY:
            always = {"unit_system": "metric"} if endpoint.takes_unit_system else {}
            assert endpoint.query(cast("Parameters", unset)) == always


@pytest.mark.parametrize(("name", "key", "given"), FOREIGN)
def test_foreign_parameter_is_refused(name: str, key: str, given: Parameters) -> None:
    window = WINDOW if ENDPOINTS[name].kind is ResponseKind.HISTORY else Parameters()
    with pytest.raises(ValueError, match=f"{name} does not take"):
        ENDPOINTS[name].query({**window, **given})


@pytest.mark.parametrize(
    "name", [name for name, (_, takes) in CONTRACT.items() if "FT" not in takes]
)
def test_window_is_refused_where_there_is_none(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} does not take start"):
        ENDPOINTS[name].query(WINDOW)


@pytest.mark.parametrize(
    "given", [{"quantity": "volts"}, {"colour": "red"}, {"include": "masts"}, {"include": ""}]
)
def test_unknown_values_and_names_are_refused(given: object) -> None:
    with pytest.raises(ValueError, match=r"volts|colour|include"):
        endpoints.LATEST_DLR.query(cast("Parameters", given))


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (datetime(2026, 7, 2, tzinfo=UTC), "2026-07-02T00:00:00Z"),
        (datetime(2026, 7, 2, 0, 0, 0, 1000, UTC), "2026-07-02T00:00:00.001000Z"),
        (datetime(2026, 7, 2, 2, tzinfo=timezone(timedelta(hours=2))), "2026-07-02T00:00:00Z"),
        (datetime(2026, 7, 2, 2, tzinfo=ZoneInfo("Europe/Oslo")), "2026-07-02T00:00:00Z"),
    ],
)
def test_timestamps_are_sent_in_utc_with_a_z(when: datetime, text: str) -> None:
    assert endpoints.LATEST_CURRENT.query({"since": when}) == {"since": text}


NAIVE = START.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "needs a start and an end"),
        ({"start": START}, "needs a start and an end"),
        ({"end": END}, "needs a start and an end"),
        ({"start": END, "end": START}, "ends before it starts"),
        ({"start": NAIVE, "end": END}, "without time zone"),
        ({"start": START, "end": NAIVE}, "without time zone"),
        ({"start": NAIVE, "end": NAIVE}, "without time zone"),
    ],
)
def test_bad_windows(given: Parameters, message: str) -> None:
    for endpoint in ENDPOINTS.values():
        if endpoint.kind is ResponseKind.HISTORY:
            with pytest.raises(ValueError, match=message):
                endpoint.query(given)


def test_naive_since_is_refused() -> None:
    with pytest.raises(ValueError, match="without time zone"):
        endpoints.LATEST_DLR.query({"since": NAIVE})


@pytest.mark.parametrize(
    ("include", "days"), [(None, 30), (Include.SPANS, 7), (Include.MEASUREMENT_POINTS, 30)]
)
def test_longest_window(include: Include | None, days: int) -> None:
    endpoint = endpoints.CURRENTS if include is Include.MEASUREMENT_POINTS else endpoints.AARS
    end = START + timedelta(days=days)

    assert LONGEST_WINDOW[include] == timedelta(days=days)
    assert endpoint.query({"start": START, "end": end, "include": include})
    assert endpoint.query({"start": START, "end": START, "include": include})
    with pytest.raises(ValueError, match=f"longer than {days} days"):
        endpoint.query({"start": START, "end": end + timedelta(microseconds=1), "include": include})


def test_window_is_measured_in_elapsed_time() -> None:
    """30 days by the wall clock over the end of summer time are an hour too long."""
    oslo = ZoneInfo("Europe/Oslo")
    with pytest.raises(ValueError, match="longer than 30 days"):
        endpoints.CURRENTS.query(
            {
                "start": datetime(2026, 10, 10, tzinfo=oslo),
                "end": datetime(2026, 11, 9, tzinfo=oslo),
            }
        )


@pytest.mark.parametrize("target_id", [None, "", " ", ".", "..", "a\nb"])
def test_unusable_ids_are_refused(target_id: str | None) -> None:
    with pytest.raises(ValueError, match=r"\bid\b|about one line"):
        endpoints.LATEST_DLR.path_of(target_id)


def test_id_stays_one_segment() -> None:
    path = endpoints.LATEST_ICING.path_of("../x?y={id}#é")
    assert path == "/grid_insights/v1/lines/..%2Fx%3Fy%3D%7Bid%7D%23%C3%A9/icing/latest"


def test_account_takes_no_id() -> None:
    with pytest.raises(ValueError, match="A1 is about one account"):
        endpoints.ASSETS.path_of("LINE")
