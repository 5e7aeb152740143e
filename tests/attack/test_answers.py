"""Spoiled answers of both clouds: nothing but documented errors, and no loss of neighbours."""

import json
from pathlib import Path

from hypothesis import given, settings, strategies as st
import msgspec
import pytest

from custom_components.gridduck_heimdall.api.gridduck.envelope import PageReader
from custom_components.gridduck_heimdall.api.gridduck.hook_message import items_of
from custom_components.gridduck_heimdall.api.gridduck.pushed import read_item
from custom_components.gridduck_heimdall.api.heimdall import endpoints
from custom_components.gridduck_heimdall.api.heimdall.endpoints import ENDPOINTS

from .answers import Answers
from .conftest import BOUNDED
from .mutate import encoded, spoiled, spoiled_bytes
from .targets import ASSETS, CORPUS, HEIMDALL, NOW, POINTS, TARGETS, attack

JSON = sorted(TARGETS.keys() - {"archive", "csv", "heimdall", "problem"})
DEEP = (1_000, 20_000, 50_000, 200_000)


@pytest.mark.parametrize(
    "path", sorted(CORPUS.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.name}"
)
def test_corpus(path: Path) -> None:
    """What once was found, or is valid, is read again."""
    attack(path.parent.name, path.read_bytes())


def test_every_target_has_a_corpus() -> None:
    assert {path.name for path in CORPUS.iterdir()} == set(TARGETS)


async def test_valid_answers(answers: Answers) -> None:
    """What the fuzzing begins with is read without any error."""
    for name, bodies in answers.items():
        if name != "problem":
            for body in bodies:
                TARGETS[name](body)


@pytest.mark.parametrize("name", JSON)
async def test_spoiled(answers: Answers, name: str) -> None:
    # A data hook has no answers of its own: it sends what the list of assets holds.
    bodies = answers[name] or answers["gridduck_assets"]
    valid = [json.loads(body) for body in bodies]

    @BOUNDED
    @given(st.sampled_from(valid).flatmap(spoiled_bytes))
    def check(body: bytes) -> None:
        attack(name, body)

    check()


@pytest.mark.parametrize("endpoint", sorted(ENDPOINTS))
async def test_spoiled_heimdall(answers: Answers, endpoint: str) -> None:
    index = HEIMDALL.index(ENDPOINTS[endpoint])
    valid = _shortened(json.loads(answers["heimdall"][index][1:]))

    @settings(BOUNDED, max_examples=40)
    @given(spoiled_bytes(valid))
    def check(body: bytes) -> None:
        attack("heimdall", bytes([index]) + body)

    check()


@pytest.mark.parametrize("name", sorted(TARGETS))
@BOUNDED
@given(body=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_random(name: str, body: bytes) -> None:
    attack(name, body)


@pytest.mark.parametrize("status", [b"\x00", b"\x64", b"\x65", b"\x81", b"\xc8"])
@BOUNDED
@given(
    after=st.text(st.characters(max_codepoint=255, exclude_characters="\n"), max_size=30),
    body=spoiled_bytes({"title": "no", "errors": {"a": ["b", {"c": 1}]}, "detail": "s3cret-t0ken"}),
)
def test_spoiled_problem(status: bytes, after: str, body: bytes) -> None:
    attack("problem", status + after.encode("latin-1") + b"\n" + body)


@pytest.mark.parametrize(
    ("reader", "valid"),
    [
        (ASSETS, {"id": "x", "name": "a", "consumption": 1, "children": ["b"], "boost_finish": 5}),
        (POINTS, {"stamp": 1795003200, "value": 1.5, "unit": "Wh"}),
    ],
    ids=["assets", "points"],
)
def test_neighbours(reader: PageReader[msgspec.Struct], valid: object) -> None:
    """One item, however spoiled, costs at most itself."""
    before, after = (
        {"id": id_, "name": id_, "stamp": stamp, "value": 1}
        for id_, stamp in (("before", 1795000000), ("after", 1795009000))
    )

    @BOUNDED
    @given(spoiled(valid))
    def check(item: object) -> None:
        page = reader.read(encoded({"results": [before, item, after], "pagination": None}))
        healthy = reader.read(encoded({"results": [before, after]})).items
        assert page.entries == 3
        assert (page.items[0], page.items[-1]) == healthy

    check()


def test_neighbours_in_a_history() -> None:
    """One point, however spoiled, costs at most itself."""
    good = [
        {"timestamp": f"2026-11-18T1{hour}:00:00Z", "value": hour, "at_span_id": "s"}
        for hour in (1, 2)
    ]

    @BOUNDED
    @given(spoiled(good[0]))
    def check(item: object) -> None:
        body = encoded({"data": {"currents": [good[0], item, good[1]]}})
        points = endpoints.CURRENTS.decoder.decode(body).currents
        assert [point.value for point in (points[0], points[-1])] == [1, 2]
        assert len(points) in {2, 3}

    check()


def test_neighbours_among_lines() -> None:
    """A line that cannot be read costs neither its facility nor the others."""
    good = {"id": "f", "name": "f", "line": {"id": "l", "name": "l"}}

    @BOUNDED
    @given(spoiled({"id": "x", "name": "x", "spans": [{"id": "s", "span_phases": []}]}))
    def check(line: object) -> None:
        facilities = [good, {"id": "g", "name": "g", "line": line}, good]
        body = encoded({"data": {"grid_owners": [{"name": "o", "facilities": facilities}]}})
        [owner] = endpoints.ASSETS.decoder.decode(body).grid_owners
        assert [one.id for one in owner.facilities] == ["f", "g", "f"]
        assert owner.facilities[0].line == owner.facilities[2].line is not None

    check()


@pytest.mark.parametrize("depth", DEEP)
@pytest.mark.parametrize(
    ("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"]
)
@pytest.mark.parametrize(
    ("name", "around"),
    [
        ("gridduck_assets", b'{"results": [{"id": "a", "tags": %s}, {"id": "b"}]}'),
        ("gridduck_assets", b'{"results": [{"id": "a", "name": %s}, {"id": "b"}], "unit": NaN}'),
        ("gridduck_data_request", b'{"id": 5, "url": 5, "more": %s}'),
        ("gridduck_hook", b'{"id": "a", "consumption": %s}'),
        ("heimdall", b'\x00{"data": {"grid_owners": [{"name": %s}, {"name": "b"}]}}'),
        ("problem", b'\x64\n{"errors": {"a": %s}}'),
        ("token", b'{"access_token": %s}'),
    ],
)
def test_nested_too_deeply(
    name: str, around: bytes, opening: bytes, closing: bytes, depth: int
) -> None:
    attack(name, around % (opening * depth + b"1" + closing * depth))


@pytest.mark.parametrize("field", ["x", "consumption"])
def test_too_deep_a_field_costs_itself_alone(field: str) -> None:
    """What no reader could decode is not decoded: the rest of the item is read."""
    nested = b"[" * 200_000 + b"]" * 200_000
    body = b'{"id": "a", "%s": %s, "delivered": 5}' % (field.encode(), nested)
    [item] = filter(None, items_of(body))
    read = read_item(item)
    assert read is not None
    assert (read.asset_id, read.changes(NOW)["delivered"]) == ("a", 5)
    assert field not in read.changes(NOW)


def _shortened(value: object) -> object:
    """Keep two items of each list: fuzzing needs the shape alone."""
    match value:
        case dict():
            return {key: _shortened(item) for key, item in value.items()}
        case list():
            return [_shortened(item) for item in value[:2]]
    return value


@pytest.mark.parametrize("body", [b"[%s]", b"%s"], ids=["list", "object"])
def test_many_brackets_are_not_read_in_one_step(body: bytes) -> None:
    """The decoder would take long to find that the last one is missing."""
    item = b'{"id":' * 60_000 + b"1" + b"}" * 60_000
    item = b'{"id":"a","more":[' + b",".join([item, item]) + b"]}"
    steps = list(items_of(body % item))
    assert [one for one in steps if one is not None] == [item]
    assert steps.count(None) > 50
