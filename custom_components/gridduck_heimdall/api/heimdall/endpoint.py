"""Parameters and response of one endpoint. Contract: heimdall-api.md §2, §5.7."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import chain
from operator import attrgetter
from typing import Final, TypedDict

from ..addresses import path_segment
from .decoding import Decoder
from .models.assets import Line
from .models.common import Payload
from .units import WANTED, Dimension, Normalizer, UnitSystem

MAX_WINDOW: Final = timedelta(days=30)

RESPONSE_BYTES: Final = 1_000_000
"""Approximate size of a response; decoded, it takes ten times as much memory."""

# Approximate bytes per day that each part of a line adds to a response. The frequency of values
# is inferred. Contract: heimdall-api.md §5.4, §5.9.
_PHASE_BYTES: Final = 48 * 300
_SPAN_BYTES: Final = 288 * 100
_SENSOR_BYTES: Final = 1440 * 70
_SENSORS: Final = attrgetter("measurement_points")


class Quantity(StrEnum):
    """The quantity of ratings: amperes, the service's default, or MVA."""

    CURRENT = "current"
    APPARENT_POWER = "apparent_power"


class Include(StrEnum):
    """Breakdowns that a response can contain besides the value of the line."""

    SPANS = "spans"
    MEASUREMENT_POINTS = "measurement_points"


LONGEST_WINDOW: Final[Mapping[Include | None, timedelta]] = {
    None: MAX_WINDOW,
    Include.SPANS: timedelta(days=7),
    Include.MEASUREMENT_POINTS: MAX_WINDOW,
}
"""The longest window of one request, by breakdown. Contract: heimdall-api.md §5.7."""


class Parameters(TypedDict, total=False):
    """All parameters; None omits one. Each endpoint takes some of them."""

    since: datetime | None
    """Oldest time that a value may have."""
    start: datetime | None
    """Start of the window, inclusive."""
    end: datetime | None
    """End of the window, inclusive."""
    quantity: Quantity | None
    unit_system: UnitSystem | None
    include: Include | None


class Target(StrEnum):
    """The kind of target that the id in a path names."""

    ACCOUNT = "account"
    """None: the path contains no id."""
    LINE = "line"
    FACILITY = "facility"


class ResponseKind(StrEnum):
    """The kind of response, which decides the time parameters; calls are counted by it."""

    ASSETS = "assets"
    """Master data; takes no time."""
    LATEST = "measurements"
    """The newest value; takes `since`."""
    HISTORY = "history"
    """The values of a window; needs `start` and `end`."""
    FORECAST = "forecasts"
    """Values to come; takes no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint[T: Payload]:
    """One endpoint; all are GET."""

    id: str
    """Its id in the table of the contract."""
    path: str
    """Its path, with `{id}` for the id of the target."""
    target: Target
    kind: ResponseKind
    decoder: Decoder[T]
    takes_quantity: bool = False
    takes_unit_system: bool = False
    dimension: Dimension | None = None
    """Dimension of the values in the unit of the payload; for ratings, of the default quantity."""
    include: Include | None = None
    """The breakdown that can be requested."""
    by_phase: bool = False
    """Whether a response has the values of each span phase with sensors."""

    def path_of(self, target_id: str | None) -> str:
        """Return the path for a line or facility, or for the account with None.

        Raises:
            ValueError: the id is missing, does not fit into a path, or is not expected.
        """
        if (target_id is None) != (self.target is Target.ACCOUNT):
            raise ValueError(f"{self.id} is about one {self.target}")
        return self.path if target_id is None else self.path.format(id=path_segment(target_id))

    def query(self, parameters: Parameters) -> dict[str, str]:
        """Return the query, without unset parameters.

        Raises:
            ValueError: a parameter that this endpoint does not take or a value it does not know,
                a time without zone, or a window that is missing, reversed or too long.
        """
        include = parameters.get("include")
        accepted = {
            "since": self.kind is ResponseKind.LATEST,
            "start": self.kind is ResponseKind.HISTORY,
            "end": self.kind is ResponseKind.HISTORY,
            "quantity": self.takes_quantity,
            "unit_system": self.takes_unit_system,
            "include": self.include == include,
        }
        for name, value in parameters.items():
            if value is not None and not accepted.get(name, False):
                raise ValueError(f"{self.id} does not take {name}={value}")
        query: dict[str, str] = {}
        if (since := parameters.get("since")) is not None:
            query["since"] = _timestamp(since)
        if self.kind is ResponseKind.HISTORY:
            longest = LONGEST_WINDOW[include]
            query |= _window(parameters.get("start"), parameters.get("end"), longest)
        if (quantity := parameters.get("quantity")) is not None:
            query["quantity"] = Quantity(quantity).value
        if self.takes_unit_system:
            # Sent even if it is the default of the service: an account may have another default.
            query["unit_system"] = UnitSystem(
                parameters.get("unit_system") or UnitSystem.METRIC
            ).value
        if include is not None:
            query["include"] = Include(include).value
        return query

    def longest_window(self, line: Line | None, include: Include | None = None) -> timedelta:
        """Return the longest range of history of one request.

        It is the service's limit, and less if the response contains the many parts of a long line.

        Args:
            line: the line in question, if any.
            include: the requested breakdown.
        """
        longest = LONGEST_WINDOW[include]
        spans = () if line is None else line.spans
        if self.by_phase:
            # Only spans with sensors have these values.
            measured = [one.span_phases for one in spans if any(map(_SENSORS, one.span_phases))]
            a_day = _PHASE_BYTES * sum(map(len, measured))
        elif include is Include.SPANS:
            a_day = _SPAN_BYTES * len(spans)
        elif include is Include.MEASUREMENT_POINTS:
            phases = chain.from_iterable(one.span_phases for one in spans)
            a_day = _SENSOR_BYTES * sum(map(len, map(_SENSORS, phases)))
        else:
            return longest
        return min(longest, timedelta(hours=max(1, 24 * RESPONSE_BYTES // max(1, a_day))))

    def normalizer(self, parameters: Parameters) -> Normalizer:
        """Return the normalizer that converts a response to the requested units."""
        in_mva = parameters.get("quantity") == Quantity.APPARENT_POWER
        system = parameters.get("unit_system") or UnitSystem.METRIC
        return Normalizer(Dimension.POWER if in_mva else self.dimension, WANTED[system])


def _timestamp(when: datetime) -> str:
    """Return a time in UTC with a literal Z, the only form that the service accepts.

    Raises:
        ValueError: the time has no zone.
    """
    if when.utcoffset() is None:
        raise ValueError("A time without time zone is ambiguous")
    return f"{when.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def _window(start: datetime | None, end: datetime | None, longest: timedelta) -> dict[str, str]:
    """Return the query for a window of history.

    Raises:
        ValueError: an end is missing or has no zone, the window runs backwards, or it is longer
            than the service allows.
    """
    if start is None or end is None:
        raise ValueError("A window of history needs a start and an end")
    query = {"from_timestamp": _timestamp(start), "to_timestamp": _timestamp(end)}
    # Python compares times of the same zone by the wall clock, ignoring summer time.
    length = end.astimezone(UTC) - start.astimezone(UTC)
    if length < timedelta(0):
        raise ValueError("The window ends before it starts")
    if length > longest:
        raise ValueError(f"The window is longer than {longest.days} days")
    return query
