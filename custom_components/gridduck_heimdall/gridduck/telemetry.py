"""Fetch telemetry of any range in parts that fit in one request."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import re
from types import MappingProxyType
from typing import Final
from unicodedata import normalize

from homeassistant.const import UnitOfEnergy, UnitOfPower, UnitOfTemperature
from homeassistant.util.unit_conversion import (
    BaseUnitConverter,
    EnergyConverter,
    PowerConverter,
    TemperatureConverter,
)

from ..api.errors import UnexpectedAnswer
from ..api.gridduck import (
    Feature,
    Granularity,
    GridDuckClient,
    TelemetryPoint,
    TelemetrySeries,
    TelemetryType,
)
from ..api.gridduck.const import POINTS_AGGREGATE, POINTS_INSTANTANEOUS
from ..api.gridduck.telemetry import windows
from ..api.sanitizer import sanitize_text

type FetchTelemetry = Callable[
    [GridDuckClient, str, TelemetryType, datetime, datetime, Granularity],
    Awaitable[TelemetrySeries],
]


class TelemetryKind(StrEnum):
    """The kinds of telemetry of an asset."""

    ENERGY = "energy"
    DEMAND = "demand"
    TEMPERATURE = "temperature"


@dataclass(frozen=True, slots=True)
class TelemetryEndpoint:
    """One of the two endpoints of telemetry.

    Attributes:
        feature: the feature that it belongs to.
        most: maximum number of points per request.
        ask: the client's method.

    Contract: gridduck-api.md, "Telemetry".
    """

    feature: Feature
    most: int
    ask: FetchTelemetry


AGGREGATE: Final = TelemetryEndpoint(
    Feature.AGGREGATE, POINTS_AGGREGATE, GridDuckClient.async_telemetry_aggregate
)
INSTANTANEOUS: Final = TelemetryEndpoint(
    Feature.INSTANTANEOUS, POINTS_INSTANTANEOUS, GridDuckClient.async_telemetry_instantaneous
)


_PREFIXES: Final = {"": "", "kilo": "k", "mega": "M", "giga": "G"}
_NAMED_UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{f"{name}watt": f"{prefix}W" for name, prefix in _PREFIXES.items()},
        **{f"{name}watthour": f"{prefix}Wh" for name, prefix in _PREFIXES.items()},
        **{f"{one}c": UnitOfTemperature.CELSIUS for one in ("deg", "degree", "degrees")},
        **{f"{one}f": UnitOfTemperature.FAHRENHEIT for one in ("deg", "degree", "degrees")},
        **{f"{one}celsius": UnitOfTemperature.CELSIUS for one in ("", "degree", "degrees")},
        **{f"{one}fahrenheit": UnitOfTemperature.FAHRENHEIT for one in ("", "degree", "degrees")},
    }
)
"""Units by their names in words, in the singular and without punctuation."""
_PUNCTUATION: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How one kind of telemetry is read.

    Attributes:
        name: the service's name for it.
        endpoint: where it is read.
        sent_in: the unit of values sent without one.
        unit: the unit of returned values.
        converter: converts between the units.
    """

    name: TelemetryType
    endpoint: TelemetryEndpoint
    sent_in: str
    unit: str
    converter: type[BaseUnitConverter]

    def conversion(self, sent_in: str | None) -> Callable[[float], float]:
        """Return a function that converts a value.

        Args:
            sent_in: the unit that the service names, if any.

        Raises:
            UnexpectedAnswer: the unit does not fit the kind.
        """
        sent = (sent_in or "").strip() or self.sent_in
        if (unit := self._unit_of(sent)) is None:
            raise UnexpectedAnswer(f"Telemetry of {self.name} came in {sanitize_text(sent)}")
        return self.converter.converter_factory(unit, self.unit)

    def _unit_of(self, name: str) -> str | None:
        """Return a unit by its name, in any case where that leaves no doubt (mWh is no MWh)."""
        valid = self.converter.VALID_UNITS
        if name in valid:
            return name
        if (named := _named_unit(name)) in valid:
            return named
        plain = normalize("NFKC", name).casefold()
        found = [
            one for one in valid if one and plain in {one.casefold(), one.casefold().lstrip("°")}
        ]
        return found[0] if len(found) == 1 else None


MEASURES: Final[Mapping[TelemetryKind, Measure]] = MappingProxyType(
    {
        TelemetryKind.ENERGY: Measure(
            name=TelemetryType.DELIVERED,
            endpoint=AGGREGATE,
            sent_in=UnitOfEnergy.WATT_HOUR,
            unit=UnitOfEnergy.KILO_WATT_HOUR,
            converter=EnergyConverter,
        ),
        TelemetryKind.DEMAND: Measure(
            name=TelemetryType.CONSUMPTION,
            endpoint=INSTANTANEOUS,
            sent_in=UnitOfPower.WATT,
            unit=UnitOfPower.WATT,
            converter=PowerConverter,
        ),
        TelemetryKind.TEMPERATURE: Measure(
            name=TelemetryType.TEMPERATURE,
            endpoint=INSTANTANEOUS,
            sent_in=UnitOfTemperature.CELSIUS,
            unit=UnitOfTemperature.CELSIUS,
            converter=TemperatureConverter,
        ),
    }
)


def _named_unit(name: str) -> str:
    """Return the symbol of a unit that is named in words; "" for any other text."""
    plain = _PUNCTUATION.sub("", name.casefold())
    return _NAMED_UNITS.get(plain) or _NAMED_UNITS.get(plain.removesuffix("s"), "")


async def async_points(
    client: GridDuckClient,
    asset_id: str,
    kind: TelemetryKind,
    start: datetime,
    end: datetime,
    granularity: Granularity,
) -> list[TelemetryPoint]:
    """Return telemetry of an asset in the unit of its kind, sorted by time, without duplicates.

    Args:
        client: of the account.
        asset_id: which asset.
        kind: which telemetry.
        start: the first moment that is wanted.
        end: the first moment that is not wanted any more.
        granularity: interval of the points.

    Contract: gridduck-api.md, "Telemetry".

    Raises:
        ApiError: a part could not be read; `FeatureUnavailable` where this server has none.
        ValueError: times without a zone, or nothing between them.
    """
    measure = MEASURES[kind]
    values = dict[datetime, float]()
    for since, until in windows(start, end, granularity, measure.endpoint.most):
        at: datetime | None = since
        while at is not None and at < until:
            part = await measure.endpoint.ask(
                client, asset_id, measure.name, at, until, granularity
            )
            convert = measure.conversion(part.unit)
            values |= {one.at: convert(one.value) for one in part.points}
            at = _rest(part, at)
    return [TelemetryPoint(at, values[at]) for at in sorted(values) if start <= at < end]


def _rest(part: TelemetrySeries, asked_from: datetime) -> datetime | None:
    """Return where to continue after a truncated part; None if it is complete."""
    if part.complete or not part.points:
        return None
    following = part.points[-1].at + part.granularity.length
    return following if following > asked_from else None
