"""Request a range of history of any length in windows that the service accepts.

Contract: heimdall-api.md §5.1, §5.7.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import Final, Unpack

from ..api.errors import NotFound
from ..api.heimdall import Endpoint, HeimdallClient, Include, Parameters, endpoints
from ..api.heimdall.endpoint import LONGEST_WINDOW
from ..api.heimdall.models.assets import Line
from ..api.heimdall.models.common import Payload

ANSWER_BYTES: Final = 1_000_000
"""Approximate size of a response; decoded, it takes ten times as much memory."""

# Approximate bytes per day that each part of a line adds to a response. The frequency of values
# is inferred. Contract: heimdall-api.md §5.4, §5.9.
_PHASE_BYTES: Final = 48 * 300
_SPAN_BYTES: Final = 288 * 100
_SENSOR_BYTES: Final = 1440 * 70

_BY_PHASE: Final = (endpoints.ICINGS, endpoints.SAGS_AND_CLEARANCES)


def longest_window[T: Payload](
    endpoint: Endpoint[T], line: Line | None, include: Include | None = None
) -> timedelta:
    """Return the longest range of one request.

    It is the service's limit, and less if the response contains the many parts of a long line.

    Args:
        endpoint: one with history.
        line: the line in question, if any.
        include: the requested breakdown.
    """
    longest = LONGEST_WINDOW[include]
    a_day = 0 if line is None else _bytes_a_day(endpoint, line, include)
    if a_day == 0:
        return longest
    hours = max(1, 24 * ANSWER_BYTES // a_day)
    return min(longest, timedelta(hours=hours))


def _bytes_a_day[T: Payload](endpoint: Endpoint[T], line: Line, include: Include | None) -> int:
    if endpoint in _BY_PHASE:
        # Only spans with sensors have these values.
        measured = [
            span.span_phases
            for span in line.spans
            if any(map(attrgetter("measurement_points"), span.span_phases))
        ]
        return _PHASE_BYTES * sum(map(len, measured))
    match include:
        case Include.SPANS:
            return _SPAN_BYTES * len(line.spans)
        case Include.MEASUREMENT_POINTS:
            phases = chain.from_iterable(span.span_phases for span in line.spans)
            return _SENSOR_BYTES * sum(len(phase.measurement_points) for phase in phases)
    return 0


def windows(
    start: datetime, end: datetime, longest: timedelta
) -> Iterator[tuple[datetime, datetime]]:
    """Split a range into consecutive windows, oldest first.

    Args:
        start: in UTC, where an hour is always an hour.
        end: in UTC, as `start`.
        longest: the longest part.
    """
    while start < end:
        stop = min(start + longest, end)
        yield start, stop
        start = stop


async def async_windows[T: Payload](
    client: HeimdallClient,
    endpoint: Endpoint[T],
    target_id: str | None,
    parts: Iterable[tuple[datetime, datetime]],
    **parameters: Unpack[Parameters],
) -> AsyncGenerator[T]:
    """Request one window after the other, and yield the responses that have data.

    Both ends of a window are inclusive: a value at a shared boundary is in both responses.

    Raises:
        ApiError: a window could not be read. Missing data is no error.
    """
    for start, end in parts:
        window: Parameters = {**parameters, "start": start, "end": end}
        try:
            answer = await client.async_fetch(endpoint, target_id, **window)
        except NotFound as error:
            if error.without_token:
                raise
            continue
        # Decoding a month takes some milliseconds: let other tasks run.
        await asyncio.sleep(0)
        yield answer
        # Two responses at a time would take twice the memory.
        del answer
