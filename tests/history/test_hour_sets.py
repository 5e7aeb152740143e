"""Sets of hours behave as sets of numbers do."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from custom_components.gridduck_heimdall.history.hours import (
    Hours,
    Span,
    hour_of,
    next_hour,
    start_of,
)

spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)


def numbers(given_spans: list[Span]) -> set[int]:
    return {hour for start, end in given_spans for hour in range(start, end)}


@given(spans, spans)
def test_as_a_set(one: list[Span], other: list[Span]) -> None:
    first, second = Hours.of(*one), Hours.of(*other)
    assert set(first) == numbers(one)
    assert list(first | second) == sorted(numbers(one) | numbers(other))
    assert list(first - second) == sorted(numbers(one) - numbers(other))
    assert list(first & second) == sorted(numbers(one) & numbers(other))
    assert len(first) == len(numbers(one))
    assert bool(first) is bool(numbers(one))
    assert all((hour in first) is (hour in numbers(one)) for hour in range(41))


@given(spans, spans)
def test_one_form_only(one: list[Span], other: list[Span]) -> None:
    """Equal sets are equal, and spans neither touch nor are empty."""
    joined = Hours.of(*one) | Hours.of(*other)
    assert joined == Hours.of(*other, *one)
    assert all(start < end for start, end in joined.spans)
    assert all(
        before[1] < after[0] for before, after in zip(joined.spans, joined.spans[1:], strict=False)
    )


def test_ends() -> None:
    hours = Hours.of((3, 5), (9, 12))
    assert (hours.first, hours.last) == (3, 12)
    assert Hours.of_each([7, 3, 4]) == Hours.of((3, 5), (7, 8))


def test_hours_of_moments() -> None:
    full = datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert start_of(hour_of(full)) == full
    assert hour_of(full) == next_hour(full)
    later = full + timedelta(minutes=1)
    assert hour_of(later) == hour_of(full)
    assert next_hour(later) == hour_of(full) + 1
