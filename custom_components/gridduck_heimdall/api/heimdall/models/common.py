"""Parts of responses that all three Heimdall modules share.

Contract: heimdall-api.md §2.2, §3.1, §3.2, §9 (rule 5). The id of an item and the time of a value
are required. Everything else may be absent or null.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, field

from ...decoding import Number

type Identifier = Annotated[str, Meta(min_length=1)]
"""The service's own id of an item, a UUID in canonical form."""

type Timestamp = Annotated[datetime, Meta(tz=True)]
"""An aware time; the service writes 0 to 7 fractional digits, rounded here to microseconds."""


# Nothing here can be part of a reference cycle, so the collector need not track the thousands of
# points of a history.
class Model(Struct, frozen=True, kw_only=True, gc=False):
    """Base of everything that is decoded; unknown keys are ignored."""


class Payload(Model, frozen=True, kw_only=True):
    """The `data` member of a response. Contract: heimdall-api.md §3.1."""

    malformed: int = field(default=0, name="(malformed)")
    """Malformed parts of the response that were left out; not a key of the service."""


class MeasuredPayload(Payload, frozen=True, kw_only=True):
    """A payload with a label and a unit, both free text. Contract: heimdall-api.md §3.1."""

    metric: str | None = None
    unit: str | None = None


class Point(Model, frozen=True, kw_only=True):
    """One value and its time, in the unit of the payload it is part of."""

    timestamp: Timestamp
    value: Number | None = None


class Measurement(Model, frozen=True, kw_only=True):
    """A value with its own unit. Contract: heimdall-api.md §3.2."""

    value: Number | None = None
    unit: str | None = None


class SpanPhaseMeasurement(Point, frozen=True, kw_only=True):
    """An extreme value and the span phase where it occurred. Contract: heimdall-api.md §3.2."""

    span_phase_id: str | None = None
    unit: str | None = None


class SpanBreakdown[Entry](Model, frozen=True, kw_only=True):
    """Entries of one span, by span phase. Contract: heimdall-api.md §3.13, §3.16, §3.18."""

    span_id: Identifier
    span_phases: tuple[Entry, ...] = ()
