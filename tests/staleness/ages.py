"""How old everything that is shown may be: the one table of it, for the tests of this folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, Platform

HOUR: Final = timedelta(hours=1)
NOTHING: Final = frozenset({STATE_UNAVAILABLE, STATE_UNKNOWN})
"""What is shown in place of a value that is too old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entity, and how old what it shows may be.

    Attributes:
        item: what it is of.
        key: of its description.
        age: None where the value has no time of its own: it is as old as the last poll.
        platform: of the entity.
    """

    item: str
    key: str
    age: timedelta | None
    platform: Platform = Platform.SENSOR


def _of(
    item: str, age: timedelta | None, *keys: str, platform: Platform = Platform.SENSOR
) -> Iterator[Shown]:
    for key in keys:
        yield Shown(item=item, key=key, age=age, platform=platform)


GRIDDUCK: Final = (
    *_of("asset", HOUR, "power", "energy", "override", "override_ends"),
    *_of("asset", HOUR, "switch", platform=Platform.SWITCH),
    *_of("asset", HOUR, "end_override", platform=Platform.BUTTON),
    *_of("warm asset", timedelta(minutes=30), "temperature"),
    *_of("site", HOUR, "power"),
    *_of("site", None, "price", "assets_online", "assets_disconnected", "assets_snoozed"),
    *_of("asset", None, "mode", "last_contact"),
    *_of("asset", None, "connection", platform=Platform.BINARY_SENSOR),
)

DERIVED: Final = ("loading", "headroom")

HEIMDALL: Final = {
    "current": (
        *_of("line", HOUR, "current", "apparent_power", *DERIVED),
        *_of("sensor", HOUR, "current"),
    ),
    "temperature": (
        *_of("line", HOUR, "conductor_temperature_max", "conductor_temperature_min"),
        *_of("sensor", HOUR, "conductor_temperature"),
    ),
    "dlr": (
        *_of("line", HOUR, "dlr", "limiting_span"),
        *_of("line", HOUR, "dlr_fallback", platform=Platform.BINARY_SENSOR),
        *_of("span", HOUR, "dlr"),
    ),
    "aar": (*_of("line", HOUR, "aar"), *_of("span", HOUR, "aar")),
    "transient": tuple(_of("line", HOUR, "transient_rating_15")),
    "circuit": (
        *_of("facility", HOUR, "circuit_rating", "limiting_component"),
        *_of("facility", HOUR, "circuit_fallback", platform=Platform.BINARY_SENSOR),
    ),
    "circuit_transient": tuple(_of("facility", HOUR, "circuit_transient_rating_15")),
    "icing": (
        *_of("line", HOUR, "ice_load", "tension", "breaking_strength_share"),
        *_of("span", HOUR, "ice_load"),
    ),
    "sag": (
        *_of("line", HOUR, "sag_max", "clearance_min"),
        *_of("span", HOUR, "sag_max", "clearance_min"),
    ),
    "dlr_forecast": tuple(
        _of("line", timedelta(days=3), "dlr_forecast_lowest", "dlr_forecast_lowest_time")
    ),
    "aar_forecast": tuple(
        _of("line", timedelta(days=10), "aar_forecast_lowest", "aar_forecast_lowest_time")
    ),
    "circuit_forecast": tuple(
        _of(
            "facility",
            timedelta(days=3),
            "circuit_forecast_lowest",
            "circuit_forecast_lowest_time",
        )
    ),
    "icing_forecast": tuple(
        _of("line", timedelta(days=3), "ice_load_forecast_peak", "ice_load_forecast_peak_time")
    ),
}
"""What shows each of the service's products, by its name in `tests.heimdall.home.PATHS`. A forecast
lasts until its last hour has passed."""

STATIC: Final = tuple(_of("facility", None, "voltage"))
"""What the assets of the service say: no measurement, and true until they say otherwise."""
