"""Reading and checking of query parameters. Contract: heimdall-api.md §2.1, §2.2, §5.7."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Flag, auto
import re
from typing import Final

from multidict import MultiMapping

_DAY: Final = 86_400.0
_LONGEST: Final = 30 * _DAY
_LONGEST_WITH_SPANS: Final = 7 * _DAY
_STAMP: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?Z", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class Takes(Flag):
    """The parameters that an endpoint takes (shorthand of heimdall-api.md §2)."""

    NOTHING = 0
    SINCE = auto()
    WINDOW = auto()
    QUANTITY = auto()
    UNITS = auto()
    SPANS = auto()
    POINTS = auto()


class InvalidParametersError(Exception):
    """Parameters that the service refuses, with the reasons by parameter."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        """Hold the reasons."""
        super().__init__("invalid parameters")
        self.errors = errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """The parameters of a request; times in unix seconds."""

    since: float | None = None
    start: float = 0.0
    end: float = 0.0
    apparent_power: bool = False
    imperial: bool = False
    include: bool = False


def is_uuid(text: str) -> bool:
    """Tell whether this is a UUID in its canonical form: lower case, with hyphens."""
    return _UUID.fullmatch(text) is not None


def parse_timestamp(text: str) -> float | None:
    """Return the unix time of a timestamp in UTC with `Z`, or None for anything else."""
    found = _STAMP.fullmatch(text)
    if found is None:
        return None
    try:
        whole = datetime.fromisoformat(f"{found[1]}+00:00").timestamp()
    except ValueError:
        return None
    return whole + float(f"0.{found[2] or 0}")


def parse_query(query: MultiMapping[str], takes: Takes) -> Query:
    """Return the checked parameters; raise InvalidParametersError naming every bad one."""
    allowed = _allowed(takes)
    errors: dict[str, list[str]] = {}
    for name in query:
        if name not in allowed:
            errors[name] = ["The parameter is not known."]
        elif len(query.getall(name)) > 1:
            errors[name] = ["The parameter may occur only once."]
        elif not _valid(query[name], allowed[name]):
            errors[name] = [f"The value '{query[name]}' is not valid."]
    if Takes.WINDOW in takes:
        for name in ("from_timestamp", "to_timestamp"):
            if name not in query:
                errors[name] = [f"The {name} field is required."]
    if errors:
        raise InvalidParametersError(errors)
    return _checked(query, takes)


def _allowed(takes: Takes) -> Mapping[str, frozenset[str] | None]:
    """Return the parameters by name, with their values (None: a timestamp)."""
    return {
        name: values
        for flag, params in _PARAMETERS.items()
        if flag in takes
        for name, values in params.items()
    }


_PARAMETERS: Final[dict[Takes, dict[str, frozenset[str] | None]]] = {
    Takes.SINCE: {"since": None},
    Takes.WINDOW: {"from_timestamp": None, "to_timestamp": None},
    Takes.QUANTITY: {"quantity": frozenset({"current", "apparent_power"})},
    Takes.UNITS: {"unit_system": frozenset({"metric", "imperial"})},
    Takes.SPANS: {"include": frozenset({"spans"})},
    Takes.POINTS: {"include": frozenset({"measurement_points"})},
}


def _valid(text: str, values: frozenset[str] | None) -> bool:
    return parse_timestamp(text) is not None if values is None else text in values


def _checked(query: MultiMapping[str], takes: Takes) -> Query:
    parsed = Query(
        since=parse_timestamp(query["since"]) if "since" in query else None,
        start=parse_timestamp(query.get("from_timestamp", "")) or 0.0,
        end=parse_timestamp(query.get("to_timestamp", "")) or 0.0,
        apparent_power=query.get("quantity") == "apparent_power",
        imperial=query.get("unit_system") == "imperial",
        include="include" in query,
    )
    longest = _LONGEST_WITH_SPANS if parsed.include and Takes.SPANS in takes else _LONGEST
    if parsed.end < parsed.start:
        raise InvalidParametersError({"to_timestamp": ["The end lies before the start."]})
    if parsed.end - parsed.start > longest:
        days = longest / _DAY
        raise InvalidParametersError(
            {"to_timestamp": [f"The window must not exceed {days:.0f} days."]}
        )
    return parsed
