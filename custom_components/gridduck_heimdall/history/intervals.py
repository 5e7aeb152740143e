"""Sets of whole hours; an hour is its number since 1970 (UTC)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, Self

import msgspec

SECONDS: Final = 3600
HOUR: Final = timedelta(seconds=SECONDS)

type Span = tuple[int, int]
"""The first hour, and the one after the last."""


def hour_of(moment: datetime) -> int:
    """Return the hour that a time is in."""
    return int(moment.timestamp() // SECONDS)


def next_hour(moment: datetime) -> int:
    """Return the first hour that starts at or after a time."""
    return -int(-moment.timestamp() // SECONDS)


def start_of(hour: int) -> datetime:
    """Return the start of an hour."""
    return datetime.fromtimestamp(hour * SECONDS, UTC)


# Thousands of sources have several each: the garbage collector does not track them.
class Hours(msgspec.Struct, frozen=True, gc=False):
    """A set of hours, as sorted, disjoint and non-empty spans."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, *spans: Span) -> Self:
        """Return the hours of spans in any order, which may overlap or be empty."""
        joined: list[Span] = []
        for start, end in sorted(spans):
            if start >= end:
                continue
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return cls(tuple(joined))

    @classmethod
    def of_each(cls, hours: Iterable[int]) -> Self:
        """Return the set of single hours."""
        return cls.of(*((hour, hour + 1) for hour in hours))

    @property
    def first(self) -> int:
        """The first hour; raises IndexError if there is none."""
        return self.spans[0][0]

    @property
    def last(self) -> int:
        """The hour after the last; raises IndexError if there is none."""
        return self.spans[-1][1]

    def __or__(self, other: Hours) -> Hours:
        """Return the hours of either."""
        return Hours.of(*self.spans, *other.spans)

    def __sub__(self, other: Hours) -> Hours:
        """Return the hours that are not in the other."""
        # Both are sorted, so one pass is enough.
        left, taken, index = list[Span](), other.spans, 0
        for start, end in self.spans:
            at = start
            while index < len(taken) and taken[index][1] <= start:
                index += 1
            further = index
            while further < len(taken) and taken[further][0] < end:
                left.append((at, taken[further][0]))
                at = taken[further][1]
                further += 1
            left.append((at, end))
        return Hours.of(*left)

    def __and__(self, other: Hours) -> Hours:
        """Return the hours of both."""
        return self - (self - other)

    def __len__(self) -> int:
        """Return the number of hours."""
        return sum([end - start for start, end in self.spans])

    def __contains__(self, hour: int) -> bool:
        """Return whether an hour is in the set."""
        return any(start <= hour < end for start, end in self.spans)

    def __iter__(self) -> Iterator[int]:
        """Iterate over the hours in order."""
        for span in self.spans:
            yield from range(*span)
