"""Compute running sums that never jump, whatever the order in which hours arrive; pure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple


class Recorded(NamedTuple):
    """A recorded row."""

    state: float | None
    sum: float | None


class Row(NamedTuple):
    """A row to be written.

    Attributes:
        hour: the hour.
        state: the hour's amount.
        sum: all amounts up to the hour's end.
    """

    hour: int
    state: float
    sum: float


def changed_rows(
    before: float, recorded: Mapping[int, Recorded], amounts: Mapping[int, float]
) -> Iterator[Row]:
    """Return the rows that differ from the recorded ones.

    Args:
        before: the sum before the first of all these hours.
        recorded: the recorder's rows, from the first new hour to the newest.
        amounts: the new amounts by hour; they take the place of recorded ones.

    The sums are computed from the recorded amounts, not from the recorded sums, which repairs an
    interrupted write or an adjusted sum.
    """
    total, former = before, before
    for hour in sorted(recorded.keys() | amounts.keys()):
        row = recorded.get(hour)
        amount = amounts.get(hour)
        if amount is None:
            amount = 0.0 if row is None else _amount(row, former)
        total += amount
        if row is not None and row.sum is not None:
            former = row.sum
        if row != (amount, total):
            yield Row(hour, amount, total)


def _amount(row: Recorded, former: float) -> float:
    """Return the amount of a recorded hour; a row that another has written may lack it."""
    if row.state is not None:
        return row.state
    return 0.0 if row.sum is None else row.sum - former
