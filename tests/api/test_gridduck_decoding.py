"""Pages that are not quite, or not at all, what the guide shows."""

import json

import pytest

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer
from custom_components.gridduck_heimdall.api.gridduck.envelope import (
    Envelope,
    Page,
    PageReader,
    Pagination,
    without_unusable_ids,
)
from custom_components.gridduck_heimdall.api.gridduck.models import Asset

ASSETS = PageReader(Asset, Envelope[Asset])

# The example of the guide, with its traps.
GUIDE: dict[str, object] = {
    "id": "0c9fb2d1-0f2e-4b0a-8f5e-3a1f8c4f7a11",
    "name": "Lamp",
    "code": "---",
    "serial_no": None,
    "sku": "PLU-UK",
    "site_id": "5b1b3c6e-7c0c-4e0d-9d4b-1f5f0a1c2d3e",
    "site_name": "GridDuck Office",
    "gateway_id": "9a3c2f57-0b35-4a7b-8d5f-6a2d4c1b7e99",
    "gateway_name": "Hub-369C",
    "parent_asset": None,
    "children": ["x", {"id": "y", "name": "Y"}],
    "current_state": "ON",
    "user_state": "ALWAYS_ON",
    "boost_finish": 0,
    "boost_finish_stamp": 0,
    "snooze_finish": 0,
    "snooze_finish_stamp": 0,
    "consumption": 14,
    "delivered": 515,
    "imp_kwh": None,
    "price_per_kwh": "14",
    "site_price_per_kwh": "14",
    "currency": "£",
    "site_currency": "£",
    "asset_signal_strength": -74,
    "last_contacted": 1762000000,
    "lost": False,
    "disconnected": False,
    "gateway_disconnected": False,
    "read_only": False,
    "_permission": "admin",
    "interruptible": False,
    "tags": [],
    "overrides": [{"any": ["thing"]}],
    "user_id": 12,
    "created": "2024-01-01",
    "not_known_yet": {"deep": [1]},
}


def page(*results: object, **more: object) -> bytes:
    envelope = {
        "pagination": {"offset": 0, "limit": 25, "total": 1},
        "links": {"next": "http://v2.api.gridduck.com/asset?offset=25&limit=25", "prev": None},
        "results": results,
    }
    return json.dumps(envelope | more).encode()


def one(**fields: object) -> Asset:
    read = ASSETS.read(page({**GUIDE, **fields}, {"id": "other", "consumption": 5}))
    assert read.entries == len(read.items)
    assert read.pagination.total == 1
    asset, other = read.items
    # What is wrong with one asset costs no other.
    assert other.power_w == 5
    return asset


def test_the_guide() -> None:
    lamp = one()
    assert lamp.id == GUIDE["id"]
    assert lamp.permission == "admin"
    assert lamp.price == 0.14
    assert [child if isinstance(child, str) else child.id for child in lamp.children or ()] == [
        "x",
        "y",
    ]


def test_only_the_id_is_needed() -> None:
    assert ASSETS.read(page({"id": "a"})).items == (Asset(id="a"),)
    nulls = dict.fromkeys(GUIDE) | {"id": "a"}
    assert ASSETS.read(page(nulls)).items == (Asset(id="a"),)


@pytest.mark.parametrize(
    ("field", "sent", "value"),
    [
        ("consumption", "12.5", 12.5),
        ("consumption", "", None),
        ("consumption", "a lot", None),
        ("consumption", "nan", None),
        ("consumption", "Infinity", None),
        ("consumption", 1e300, None),
        ("consumption", True, None),
        ("consumption", {"w": 1}, None),
        ("consumption", float("nan"), None),
        ("consumption", float("-inf"), None),
        ("price_per_kwh", 14.5, 14.5),
        ("lost", 1, True),
        ("lost", "yes", None),
        ("name", 5, "5"),
        ("name", 5.5, None),
        ("name", ["x"], None),
        ("name", "half \ud83d", "half ?"),
        ("children", "x", None),
        ("children", None, None),
    ],
)
def test_one_field(field: str, sent: object, value: object) -> None:
    asset = one(**{field: sent})
    assert getattr(asset, field) == value
    assert asset.site_name == "GridDuck Office"
    assert asset.delivered == 515


@pytest.mark.parametrize("number", ["1e400", "9" * 400, "-1e999"])
def test_absurd_numbers(number: str) -> None:
    body = page({"id": "a", "consumption": 77777, "delivered": 5}).replace(
        b"77777", number.encode()
    )
    (asset,) = ASSETS.read(body).items
    assert asset == Asset(id="a", delivered=5)


def test_absurd_numbers_beside_nan() -> None:
    body = b'{"results": [{"id": "a", "consumption": NaN, "delivered": 1e400, "imp_kwh": %s}]}'
    assert ASSETS.read(body % (b"9" * 5000)).items == (Asset(id="a"),)


def test_wrong_utf8_and_byte_order_mark() -> None:
    body = b"\xef\xbb\xbf" + page({"id": "a", "name": "caf?"}).replace(b"caf?", b"caf\xe9")
    assert ASSETS.read(body).items == (Asset(id="a", name="caf\ufffd"),)


@pytest.mark.parametrize("bad", [{}, {"id": None}, {"id": ["a"]}, 5, None, "a", [], {"id": 1.5}])
def test_without_an_id(bad: object) -> None:
    read = ASSETS.read(page({"id": "a"}, bad, {"id": "b"}))
    assert [asset.id for asset in read.items] == ["a", "b"]
    assert read.entries == 3


def test_a_number_as_id() -> None:
    assert ASSETS.read(page({"id": 17})).items == (Asset(id="17"),)


@pytest.mark.parametrize("bad", ["", " ", ".", "..", "a\nb", "a\x7f"])
def test_ids_that_cannot_stand_in_an_address(bad: str) -> None:
    read = without_unusable_ids(ASSETS.read(page({"id": bad}, {"id": "a/../b"})))
    assert [asset.id for asset in read.items] == ["a/../b"]
    assert read.entries == 2


@pytest.mark.parametrize(
    ("pagination", "read"),
    [
        (None, Pagination()),
        ({}, Pagination()),
        ("none", Pagination()),
        ({"offset": 0, "limit": "25", "total": 7.0}, Pagination(0, 25, 7)),
        ({"offset": None, "limit": "many", "total": 7}, Pagination(total=7)),
    ],
)
def test_pagination(pagination: object, read: Pagination) -> None:
    assert ASSETS.read(page({"id": "a"}, pagination=pagination)) == Page(
        (Asset(id="a"),), 1, read, None
    )


@pytest.mark.parametrize(("unit", "read"), [("Wh", "Wh"), (None, None), (5, "5")])
def test_unit(unit: object, read: str | None) -> None:
    """What is no text is no unit, rather than none, for which the usual one would be assumed."""
    assert ASSETS.read(page({"id": "a"}, unit=unit)).unit == read
    assert ASSETS.read(page({"id": "a"}, 5, unit=unit)).unit == read


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"results": null}',
        b'{"results": {}}',
        b'{"results": "',
        b"<html>",
        b'{"results": ' + b"[" * 100_000,
        page({"id": "a"})[:-20],
    ],
)
def test_what_is_no_page(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        ASSETS.read(body)
