"""Spoil what is valid: take parts away, put others in their place, nest and enlarge them."""

from collections.abc import Callable, Iterator
from copy import deepcopy
import json
from typing import Any, Final

from hypothesis import strategies as st

type Place = tuple[Any, Any]
"""A dict or a list, and a key of it."""

_DEPTH: Final = 3000
ODD: Final[tuple[object, ...]] = (
    *(None, True, False, 0, -1, 0.5, 10**18, -(10**40), 1e308, 1e15, float("nan"), float("-inf")),
    *("", " ", "0", "nan", "-Infinity", "1e999", "٣", "true", "..", "a/../b", "\x00", "\u202e"),
    *("\ud800", "x" * 10_000, "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.9999999-23:59"),
    *("2026-11-18T18:00:00", "2026-02-30T00:00:00Z", [], {}, [None], {"id": {}}, [[[]]], [{}] * 50),
)
"""Values of every kind, at home in none of the answers."""
odd: Final = st.sampled_from(ODD) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def _places(value: object) -> Iterator[Place]:
    match value:
        case dict():
            for key, item in value.items():
                yield value, key
                yield from _places(item)
        case list():
            for index, item in enumerate(value):
                yield value, index
                yield from _places(item)


def _drop(holder: Any, key: Any, _: object) -> None:
    del holder[key]


def _replace(holder: Any, key: Any, other: object) -> None:
    holder[key] = other


def _nest(holder: Any, key: Any, _: object) -> None:
    holder[key] = [{"nested": holder[key]}]


def _unwrap(holder: Any, key: Any, _: object) -> None:
    match holder[key]:
        case [first, *_]:
            holder[key] = first
        case {**inner} if inner:
            holder[key] = next(iter(inner.values()))


def _enlarge(holder: Any, key: Any, _: object) -> None:
    match holder[key]:
        case list() as items:
            holder[key] = items * 20
        case str() as text:
            holder[key] = text * 500
        case dict() as inner:
            inner.update({f"extra_{number}": number for number in range(200)})
        case int() | float() as number:
            holder[key] = number * 10**20


def _as_text(holder: Any, key: Any, _: object) -> None:
    holder[key] = str(holder[key])


OPERATIONS: Final[tuple[Callable[[Any, Any, object], None], ...]] = (
    _drop,
    _replace,
    _replace,
    _nest,
    _unwrap,
    _enlarge,
    _as_text,
)


@st.composite
def spoiled(draw: st.DrawFn, valid: object, most: int = 4) -> Any:
    """Return a valid answer with one to some of its parts spoiled."""
    value = {"": deepcopy(valid)}
    for _ in range(draw(st.integers(1, most))):
        if not (places := list(_places(value))):
            break
        holder, key = draw(st.sampled_from(places))
        draw(st.sampled_from(OPERATIONS))(holder, key, deepcopy(draw(odd)))
    return value.get("")


@st.composite
def spoiled_bytes(draw: st.DrawFn, valid: object) -> bytes:
    """Return an answer as bytes: spoiled, and perhaps cut, nested or with bytes put in."""
    body = encoded(draw(spoiled(valid)))
    match draw(st.integers(0, 7)):
        case 0:
            return body[: draw(st.integers(0, len(body)))]
        case 1:
            at = draw(st.integers(0, len(body)))
            return body[:at] + draw(st.binary(min_size=1, max_size=8)) + body[at:]
        case 2:
            return b"[" * _DEPTH + body + b"]" * _DEPTH
        case 3:
            return b"\xef\xbb\xbf" + body
        case _:
            return body


def encoded(value: object) -> bytes:
    """Return a value as JSON as lenient writers have it: with NaN and half characters."""
    return json.dumps(value).encode()
