"""Answers that are not quite, or not at all, what the contract says."""

from collections.abc import Callable
import copy
from datetime import UTC, datetime
import json
import logging
from typing import Any

import pytest

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer
from custom_components.gridduck_heimdall.api.heimdall import ENDPOINTS, endpoints
from custom_components.gridduck_heimdall.api.heimdall.models.common import Measurement
from tests.api.heimdall_examples import EXAMPLES, body

WHEN = "2026-11-16T12:05:00Z"
PAYLOAD_KEYS = {
    name: next(
        key
        for key in EXAMPLES[name]["data"]
        if key not in {"metric", "unit"} | {"updated_timestamp"}
    )
    for name in ENDPOINTS
}


def data(payload: object) -> bytes:
    return json.dumps({"data": payload}).encode()


def dlr(**values: object) -> bytes:
    return data({"heimdall_dlr": {"timestamp": WHEN} | values})


def raw_dlr(value: str) -> bytes:
    return f'{{"data": {{"heimdall_dlr": {{"timestamp": "{WHEN}", "value": {value}}}}}}}'.encode()


def changed(name: str, change: Callable[[Any], object]) -> bytes:
    """Return an example after a change to its data."""
    answer = copy.deepcopy(EXAMPLES[name])
    change(answer["data"])
    return json.dumps(answer).encode()


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2026-11-16T12:04:37Z", 0),
        ("2026-11-16T12:04:37.5Z", 500_000),
        ("2026-11-16T12:04:37.25Z", 250_000),
        ("2026-11-16T12:04:37.512Z", 512_000),
        ("2026-11-16T12:04:37.5123Z", 512_300),
        ("2026-11-16T12:04:37.51234Z", 512_340),
        ("2026-11-16T12:04:37.512345Z", 512_345),
        ("2026-11-16T12:04:37.5123454Z", 512_345),
        ("2026-11-16T12:04:37.5123457Z", 512_346),
        ("2026-11-16T12:04:37+00:00", 0),
        ("2026-11-16T12:04:37.5123457+00:00", 512_346),
        ("2026-11-16T14:04:37+02:00", 0),
        ("2026-11-16T12:04:37", 0),
        ("2026-11-16T12:04:37.5123457", 512_346),
    ],
)
def test_timestamps(text: str, microsecond: int) -> None:
    rating = endpoints.LATEST_DLR.decoder.decode(dlr(timestamp=text, value=1)).rating

    assert rating.timestamp == datetime(2026, 11, 16, 12, 4, 37, microsecond, UTC)
    assert rating.timestamp.tzinfo is not None


@pytest.mark.parametrize(
    ("value", "read", "malformed"),
    [
        ("742.3", 742.3, 0),
        ("742", 742.0, 0),
        ('"742.3"', 742.3, 0),
        ("null", None, 0),
        ("NaN", None, 0),
        ("Infinity", None, 0),
        ("1e400", None, 0),
        ("1e200", None, 1),
        ("1" * 5000, None, 0),
        ('"NaN"', None, 1),
        ('"-Infinity"', None, 1),
        ('"a lot"', None, 1),
        ("true", None, 1),
        ("{}", None, 1),
        ("[1]", None, 1),
    ],
)
def test_numbers(value: str, read: float | None, malformed: int) -> None:
    answer = endpoints.LATEST_DLR.decoder.decode(raw_dlr(value))

    assert answer.rating.value == read
    assert answer.malformed == malformed


@pytest.mark.parametrize(
    ("value", "read"), [(True, True), ("false", False), (1, True), (None, None), ("maybe", None)]
)
def test_flags(value: object, *, read: bool | None) -> None:
    answer = endpoints.LATEST_DLR.decoder.decode(dlr(is_fallback=value))
    assert answer.rating.is_fallback is read


def test_absent_is_the_same_as_null() -> None:
    absent = endpoints.LATEST_DLR.decoder.decode(dlr())
    null = endpoints.LATEST_DLR.decoder.decode(dlr(value=None, at_span_id=None, is_fallback=None))

    assert absent == null
    assert absent.rating.value is None
    assert absent.rating.at_span_id is None
    assert absent.metric is None


def test_null_stands_for_a_default_that_is_not_none() -> None:
    span = {"span_id": "s", "span_phases": None}
    phase = {"span_phase_id": "p", "timestamp": WHEN, "tension": None}
    icing = {"max": None, "spans": [span, {"span_id": "t", "span_phases": [phase]}]}
    answer = endpoints.LATEST_ICING.decoder.decode(data({"icing": icing}))

    assert answer.malformed == 0
    assert answer.icing.max.ice_weight is None
    assert answer.icing.spans[0].span_phases == ()
    assert answer.icing.spans[1].span_phases[0].tension == Measurement()


def test_unknown_keys_are_ignored() -> None:
    answer = endpoints.LATEST_DLR.decoder.decode(
        json.dumps(
            {"data": {"heimdall_dlr": {"timestamp": WHEN, "new": {}}, "newer": 1}, "links": []}
        ).encode()
    )
    assert answer.malformed == 0


def test_a_bad_point_costs_that_point() -> None:
    def spoil(payload: dict[str, Any]) -> None:
        point = payload["currents"][0]
        payload["currents"] += [
            point | {"timestamp": "soon"},
            point | {"timestamp": None},
            {"value": 1},
            None,
            "point",
            point | {"value": "much"},
        ]

    answer = endpoints.CURRENTS.decoder.decode(changed("G2", spoil))

    assert [point.value for point in answer.currents] == [405.3, 412.6, None]
    assert answer.malformed == 6


def test_a_bad_line_costs_that_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def spoil(payload: dict[str, Any]) -> None:
        facilities = payload["grid_owners"][0]["facilities"]
        facilities[0]["line"]["id"] = ""
        facilities[1]["id"] = None
        facilities[1]["name"] = "Secret bay"
        line = facilities[2]["line"]
        line["name"] = None
        line["available_forecast_hours"] = "240"
        line["spans"].append({"id": 5})
        line["spans"][0]["span_phases"][0]["measurement_points"] = None

    answer = endpoints.ASSETS.decoder.decode(changed("A1", spoil))
    first, last = answer.grid_owners[0].facilities

    assert answer.malformed == 3
    assert first.name == "Nordvik - Sordal 132 kV circuit"
    assert first.line is None
    assert last.line is not None
    assert last.line.name == ""
    assert last.line.available_forecast_hours == 240
    assert len(last.line.spans) == 1
    assert last.line.spans[0].span_phases[0].measurement_points == ()
    assert (
        "Left 3 parts out of Assets: data.grid_owners[0].facilities[0].line.id cannot be read"
        in caplog.text
    )
    assert "Secret" not in caplog.text


def test_a_bad_list_costs_that_list() -> None:
    answer = endpoints.LATEST_DLR.decoder.decode(
        data({"heimdall_dlr": {"timestamp": WHEN}, "heimdall_span_dlrs": {"span_id": "s"}})
    )
    assert answer.spans is None
    assert answer.malformed == 1


def test_older_answers_lack_the_newer_keys() -> None:
    """Keys that came with later versions of the service. Contract: heimdall-api.md §6."""

    def strip(value: object) -> None:
        match value:
            case dict():
                for key in [key for key in value if key.endswith("at_span_id")]:
                    del value[key]
                value.pop("measurement_points", None)
                for item in value.values():
                    strip(item)
            case list():
                for item in value:
                    strip(item)

    for name in ENDPOINTS:
        answer = ENDPOINTS[name].decoder.decode(changed(name, strip))
        assert answer.malformed == 0, name


@pytest.mark.parametrize("name", ENDPOINTS)
@pytest.mark.parametrize("value", ["absent", None, 5, "text"])
def test_an_answer_without_its_payload_is_refused(name: str, value: object) -> None:
    key = PAYLOAD_KEYS[name]

    def spoil(payload: dict[str, Any]) -> None:
        if value == "absent":
            del payload[key]
        else:
            payload[key] = value

    with pytest.raises(UnexpectedAnswer, match=rf"unexpected shape: data\.{key} is not"):
        ENDPOINTS[name].decoder.decode(changed(name, spoil))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"", "empty"),
        (b"<html><body>Bad gateway</body></html>", "a web page"),
        (b"nothing", "not JSON"),
        (body("A1")[:-20], "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"null", "no data"),
        (b"[]", "no data"),
        (b"{}", "no data"),
        (b'{"data": null}', "data is not an object"),
        (b'{"data": []}', "data is not an object"),
    ],
)
def test_not_an_answer_of_the_service(answer: bytes, message: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=message):
        endpoints.ASSETS.decoder.decode(answer)


def test_a_broken_name_costs_no_line() -> None:
    answer = body("A1").replace(b"Nordvik - Sordal", b"Nordvik \xff \\ud800")
    assets = endpoints.ASSETS.decoder.decode(answer)

    line = assets.grid_owners[0].facilities[0].line
    assert line is not None
    assert line.name.startswith("Nordvik")


def test_a_rating_without_its_time_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match=r"data\.heimdall_dlr\.timestamp cannot be read"):
        endpoints.LATEST_DLR.decoder.decode(dlr(timestamp="soon", value=742.3))
