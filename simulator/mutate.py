"""Changes to a decoded JSON body, for the faults that spoil an answer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import re
from typing import Final

# Keys of heimdall-api.md §3 that may be absent or null.
_HEIMDALL_OPTIONAL: Final = frozenset(
    {
        "operational_voltage",
        "line",
        "mast_name_a",
        "mast_name_b",
        "unregistered_timestamp",
        "heimdall_span_dlrs",
        "heimdall_span_aars",
        "at_facility_component_id",
        "limiting_component_id",
        "measurement_point_currents",
        "measurement_point_temperatures",
        "min",
        "min_at_span_id",
        "min_clearance",
        "clearance",
    }
)
# The guide of the service marks no field as optional: only identity is kept.
_GRIDDUCK_KEPT: Final = frozenset({"id", "access_token", "token_type", "total", "limit", "offset"})
_ISO: Final = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|\+00:00)$", re.ASCII)
_STAMP_KEYS: Final = re.compile(r"(^stamp|_stamp|_at|timestamp|_contacted|^time|^from|^to)$")
_UNIX: Final = (1_000_000_000, 10_000_000_000)

type Visit = Callable[[str, object], object]


def is_optional(service: str, key: str, value: object) -> bool:
    """Tell whether a service may send null for this key."""
    if service == "heimdall":
        return key in _HEIMDALL_OPTIONAL
    return key not in _GRIDDUCK_KEPT and not isinstance(value, dict | list)


def walk(value: object, visit: Visit, key: str = "") -> object:
    """Return a copy of `value` in which `visit(key, item)` has replaced each item, leaves first."""
    match value:
        case dict():
            return visit(key, {name: walk(item, visit, name) for name, item in value.items()})
        case list():
            return visit(key, [walk(item, visit, key) for item in value])
        case _:
            return visit(key, value)


def null_optionals(body: object, service: str) -> object:
    """Null everything that may be null."""

    def visit(_key: str, item: object) -> object:
        if not isinstance(item, dict):
            return item
        nulled = {k: None if is_optional(service, k, v) else v for k, v in item.items()}
        # A span phase's name is optional; the names of everything else are not.
        if "measurement_points" in item and "name" in item:
            nulled["name"] = None
        return nulled

    return walk(body, visit)


def extra_keys(body: object) -> object:
    """Add unknown keys to every object."""

    def visit(_key: str, item: object) -> object:
        if not isinstance(item, dict):
            return item
        return {"_unknown": {"nested": [1, None]}, **item, "_later": "added in a later version"}

    return walk(body, visit)


def empty_lists(body: object) -> object:
    """Empty every list."""
    return walk(body, lambda _key, item: [] if isinstance(item, list) else item)


def seven_digits(body: object) -> object:
    """Write every ISO timestamp with seven digits of a second."""

    def visit(_key: str, item: object) -> object:
        if isinstance(item, str) and (found := _ISO.match(item)):
            return f"{found[1]}.{(found[2] or '').ljust(7, '0')[:7]}{found[3]}"
        return item

    return walk(body, visit)


def shift_back(body: object, seconds: float) -> object:
    """Move every timestamp back: ISO texts, and unix seconds or milliseconds under such a key."""

    def visit(key: str, item: object) -> object:
        match item:
            case str() if found := _ISO.match(item):
                moved = datetime.fromisoformat(f"{found[1]}+00:00") - timedelta(seconds=seconds)
                fraction = f".{found[2]}" if found[2] else ""
                return f"{moved.astimezone(UTC):%Y-%m-%dT%H:%M:%S}{fraction}{found[3]}"
            case bool():
                return item
            case int() | float() if _STAMP_KEYS.search(key):
                return _shifted_unix(item, seconds)
            case _:
                return item

    return walk(body, visit)


def _shifted_unix(value: float, seconds: float) -> float:
    low, high = _UNIX
    if low <= value < high:
        return type(value)(value - seconds)
    if low * 1000 <= value < high * 1000:
        return type(value)(value - seconds * 1000)
    return value


def merge_patch(body: object, patch: object) -> object:
    """Apply a JSON merge patch (RFC 7396): null removes a key."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(body) if isinstance(body, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def set_pointer(body: object, pointer: str, value: object) -> None:
    """Set what a JSON pointer names, in place; `*` is every item of a list or object.

    Raises ValueError where the pointer leads nowhere.
    """
    parts = [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")]
    if parts[0] or not parts[1:]:
        msg = f"{pointer!r} is not a JSON pointer"
        raise ValueError(msg)
    places = [body]
    for part in parts[1:-1]:
        places = [child for place in places for child in _children(place, part, pointer)]
    for place in places:
        _assign(place, parts[-1], value, pointer)


def _children(place: object, part: str, pointer: str) -> list[object]:
    match place:
        case dict() if part == "*":
            return [*place.values()]
        case list() if part == "*":
            return [*place]
        case dict() if part in place:
            return [place[part]]
        case list() if part.isdecimal() and int(part) < len(place):
            return [place[int(part)]]
        case _:
            msg = f"{pointer!r} leads nowhere at {part!r}"
            raise ValueError(msg)


def _assign(place: object, part: str, value: object, pointer: str) -> None:
    match place:
        case dict() if part == "*":
            place.update(dict.fromkeys(place, value))
        case list() if part == "*":
            place[:] = [value] * len(place)
        case dict():
            place[part] = value
        case list() if part == "-":
            place.append(value)
        case list() if part.isdecimal() and int(part) < len(place):
            place[int(part)] = value
        case _:
            msg = f"{pointer!r} leads nowhere at {part!r}"
            raise ValueError(msg)
