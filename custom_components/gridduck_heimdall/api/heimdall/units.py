"""Convert responses to the requested units.

A value in a known unit is converted. A value in an unknown unit, or in one of another dimension,
becomes None: 22.97 ft must never be shown as 22.97 m. A value without a unit is in the requested
one. Contract: heimdall-api.md §3.1, §3.2, §5.10.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from functools import lru_cache, partial
from itertools import chain
from math import sqrt
from operator import attrgetter
import re
from types import MappingProxyType
from typing import Final, NamedTuple
from unicodedata import normalize

from msgspec import Struct, structs

from ..sanitizer import sanitize_text
from .models.common import MeasuredPayload, Measurement, SpanPhaseMeasurement
from .models.forecasts import HourlyRatings


class UnitSystem(StrEnum):
    """Units of temperatures, icing, sag and clearance. Contract: heimdall-api.md §5.10."""

    METRIC = "metric"
    IMPERIAL = "imperial"


class Dimension(StrEnum):
    """The kinds of quantities that the service measures."""

    CURRENT = auto()
    POWER = auto()
    TEMPERATURE = auto()
    LENGTH = auto()
    ICE = auto()
    FORCE = auto()
    SHARE = auto()


class Unit(NamedTuple):
    """A unit, and its conversion to the first unit of its dimension.

    Attributes:
        dimension: the dimension it measures.
        factor: multiplies a value.
        offset: added to the value before multiplication.
    """

    dimension: Dimension
    factor: float = 1.0
    offset: float = 0.0

    def converted(self, value: float, wanted: Unit) -> float:
        """Return a value of this unit in another one of the same dimension."""
        return (value + self.offset) * self.factor / wanted.factor - wanted.offset


_FOOT: Final = 0.3048
_POUND: Final = 0.45359237
_POUND_FORCE: Final = 4.4482216152605

_UNITS: Final[Mapping[Unit, tuple[str, ...]]] = MappingProxyType(
    {
        Unit(Dimension.CURRENT): ("A", "amp", "Amp", "amps", "ampere", "amperes"),
        Unit(Dimension.CURRENT, 1e-3): ("mA", "milliampere", "milliamperes"),
        Unit(Dimension.CURRENT, 1e3): ("kA", "KA", "kiloampere", "kiloamperes"),
        Unit(Dimension.POWER): ("MVA", "megavolt-ampere", "megavolt-amperes"),
        Unit(Dimension.POWER, 1e-6): ("VA", "volt-ampere", "volt-amperes"),
        Unit(Dimension.POWER, 1e-3): ("kVA", "KVA", "kilovolt-ampere", "kilovolt-amperes"),
        Unit(Dimension.POWER, 1e3): ("GVA", "gigavolt-ampere", "gigavolt-amperes"),
        Unit(Dimension.TEMPERATURE): (
            "C",
            "°C",
            "° C",
            "degC",
            "deg C",
            "celsius",
            "degree celsius",
            "degrees celsius",
            "degrees C",
        ),
        Unit(Dimension.TEMPERATURE, 5 / 9, -32.0): (
            *("F", "°F", "° F", "degF", "deg F", "degrees F"),
            *("fahrenheit", "degree fahrenheit", "degrees fahrenheit"),
        ),
        Unit(Dimension.TEMPERATURE, 1.0, -273.15): ("K", "kelvin", "kelvins"),
        Unit(Dimension.LENGTH): ("m", "meter", "meters", "metre", "metres"),
        Unit(Dimension.LENGTH, 1e-3): ("mm", "millimeter", "millimeters", "millimetre"),
        Unit(Dimension.LENGTH, 1e-2): ("cm", "centimeter", "centimeters", "centimetre"),
        Unit(Dimension.LENGTH, 1e3): ("km", "kilometer", "kilometers", "kilometre"),
        Unit(Dimension.LENGTH, _FOOT / 12): ("in", "inch", "inches", '"'),
        Unit(Dimension.LENGTH, _FOOT): ("ft", "Ft", "FT", "foot", "feet", "'"),
        Unit(Dimension.LENGTH, 3 * _FOOT): ("yd", "yard", "yards"),
        Unit(Dimension.LENGTH, 5280 * _FOOT): ("mi", "mile", "miles"),
        Unit(Dimension.ICE): ("kg/m", "kg m-1", "kilogram per meter", "kilograms per meter"),
        Unit(Dimension.ICE, 1e-3): ("g/m", "kg/km"),
        Unit(Dimension.ICE, _POUND / _FOOT): (
            *("lb/ft", "lbs/ft", "lbm/ft", "pound per foot", "pounds per foot"),
        ),
        Unit(Dimension.FORCE): ("N", "newton", "newtons"),
        Unit(Dimension.FORCE, 1e3): ("kN", "KN", "kilonewton", "kilonewtons"),
        Unit(Dimension.FORCE, _POUND_FORCE): (
            "lbf",
            "Lbf",
            "LBF",
            "lb-f",
            "pound-force",
            "pounds-force",
        ),
        Unit(Dimension.FORCE, 1e3 * _POUND_FORCE): ("kip", "kips", "klbf"),
        Unit(Dimension.FORCE, 9.80665): ("kgf", "kp", "kilogram-force"),
        Unit(Dimension.SHARE): ("%", "percent", "per cent", "pct"),
    }
)
_BY_NAME: Final[Mapping[str, Unit]] = MappingProxyType(
    {name: unit for unit, names in _UNITS.items() for name in names}
)
_BY_CASE: Final = frozenset({"mA", "mm"})
"""Symbols whose case matters."""
_IN_ANY_CASE: Final[Mapping[str, Unit]] = MappingProxyType(
    {name.casefold(): unit for name, unit in _BY_NAME.items() if name not in _BY_CASE}
)
_BLANKS_AT_SLASH: Final = re.compile(r"\s*/\s*")

# The requested units, with the service's names.
_METRIC: Final[Mapping[Dimension, str]] = MappingProxyType(
    {
        Dimension.CURRENT: "Ampere",
        Dimension.POWER: "MVA",
        Dimension.TEMPERATURE: "C",
        Dimension.LENGTH: "m",
        Dimension.ICE: "kg/m",
        Dimension.FORCE: "N",
        Dimension.SHARE: "%",
    }
)
_IMPERIAL: Final[Mapping[Dimension, str]] = MappingProxyType(
    {
        **_METRIC,
        Dimension.TEMPERATURE: "F",
        Dimension.LENGTH: "ft",
        Dimension.ICE: "lb/ft",
        Dimension.FORCE: "lbf",
    }
)
WANTED: Final = {UnitSystem.METRIC: _METRIC, UnitSystem.IMPERIAL: _IMPERIAL}
"""The unit of each dimension, by system."""

# Dimension of a value with its own unit, by the name of its field.
_FIELDS: Final[Mapping[str, Dimension]] = MappingProxyType(
    {
        "ice_weight": Dimension.ICE,
        "tension": Dimension.FORCE,
        "tension_percentage_of_break_strength": Dimension.SHARE,
        "sag": Dimension.LENGTH,
        "max_sag": Dimension.LENGTH,
        "clearance": Dimension.LENGTH,
        "min_clearance": Dimension.LENGTH,
    }
)
_VALUES: Final = frozenset({"value", "min", "max"})
"""Fields that hold a value in the unit of the payload."""
_NESTED: Final = frozenset(
    {"icing", "sag_and_clearance", "max", "spans", "span_phases", "forecast"}
)
"""Fields of answers whose values have units of their own that hold more of them."""
_MIXED: Final = "multiple"
"""Prefix of the unit of a payload whose values have their own units."""
_UNIT: Final = attrgetter("unit")
_DIGITS: Final = 9
"""Significant digits of a converted value, which hides rounding errors."""


def apparent_power_mva(current_a: float, voltage_v: float) -> float:
    """Return the three-phase apparent power in MVA. Contract: heimdall-api.md §5.2.

    Args:
        current_a: phase current in amperes.
        voltage_v: voltage in volts, phase to phase.
    """
    return sqrt(3) * voltage_v * current_a / 1_000_000


@lru_cache(maxsize=256)
def unit_of(name: str) -> Unit | None:
    """Return the unit of a name; None if it is unknown."""
    # The ordinal sign is often typed instead of the degree sign.
    plain = " ".join(normalize("NFKC", name.replace("º", "°")).replace("_", " ").split())
    plain = _BLANKS_AT_SLASH.sub("/", plain).removesuffix(".")
    return _BY_NAME.get(plain) or _IN_ANY_CASE.get(plain.casefold())


@lru_cache(maxsize=256)
def _named_as(wanted: str) -> frozenset[str | None]:
    """Return all names of a requested unit, and the placeholders for no unit."""
    unit = unit_of(wanted)
    return frozenset({None, "", *(name for name, one in _BY_NAME.items() if one == unit), wanted})


@dataclass(slots=True)
class Normalizer:
    """Convert the values of one response to the requested units.

    Attributes:
        dimension: the dimension of the values in the unit of the payload; None if each has its own.
        wanted: the requested unit of each dimension, one of `WANTED`.
        unknown: the unknown units, with the dimension that was expected.
    """

    dimension: Dimension | None
    wanted: Mapping[Dimension, str]
    unknown: set[str] = field(default_factory=set)
    _unit: str | None = None

    def conforms(self, payload: MeasuredPayload) -> bool:
        """Return whether all units are already the requested ones, the usual case."""
        if self.dimension is not None:
            return payload.unit in _named_as(self.wanted[self.dimension])
        return _says_nothing(payload.unit, self.wanted) and self._all_conform((payload,))

    def _all_conform(self, nodes: tuple[Struct, ...]) -> bool:
        """Return the same for all structures of one type, of which a month has many thousands."""
        for name, dimension in _fields(type(nodes[0])) if nodes else ():
            inner = tuple(filter(None, map(attrgetter(name), nodes)))
            if dimension is not None:
                if not _named_as(self.wanted[dimension]).issuperset(map(_UNIT, inner)):
                    return False
            else:
                parts = [one if isinstance(one, tuple) else (one,) for one in inner]
                if not self._all_conform(tuple(chain.from_iterable(parts))):
                    return False
        return True

    def normalized[T: MeasuredPayload](self, payload: T) -> T:
        """Return the payload in the requested units."""
        self._unit = payload.unit
        converted = self._node(payload)
        unit = unit_of(payload.unit) if payload.unit else None
        if unit is None or self.dimension not in {None, unit.dimension}:
            return converted
        return structs.replace(converted, unit=self.wanted[unit.dimension])

    def _node[T: Struct](self, node: T) -> T:
        changed: dict[str, object] = {}
        for name in node.__struct_fields__:
            match getattr(node, name):
                case Measurement() | SpanPhaseMeasurement() as measured:
                    changed[name] = self._measured(measured, _FIELDS[name])
                case HourlyRatings() as ratings:
                    convert = partial(self._value, name=self._unit, dimension=self.dimension)
                    changed[name] = ratings.converted(convert)
                case Struct() as inner:
                    changed[name] = self._node(inner)
                case tuple() as items:
                    changed[name] = tuple(map(self._node, items))
                case int() | float() as value if name in _VALUES:
                    changed[name] = self._value(value, self._unit, self.dimension)
        return structs.replace(node, **changed) if changed else node

    def _measured[T: Measurement | SpanPhaseMeasurement](self, one: T, dimension: Dimension) -> T:
        if one.value is None:
            return one
        name = one.unit or self._unit_for(dimension)
        value = self._value(one.value, name, dimension)
        unit = name if value is None else self.wanted[dimension]
        return structs.replace(one, value=value, unit=unit)

    def _unit_for(self, dimension: Dimension) -> str | None:
        """Return the payload's unit for values without their own."""
        if _says_nothing(self._unit, self.wanted):
            return None
        unit = None if self._unit is None else unit_of(self._unit)
        return self._unit if unit is None or unit.dimension is dimension else None

    def _value(self, value: float, name: str | None, dimension: Dimension | None) -> float | None:
        if dimension is None or not name:
            return value
        unit, wanted = unit_of(name), unit_of(self.wanted[dimension])
        if unit is None or wanted is None or unit.dimension is not dimension:
            self.unknown.add(f"{sanitize_text(name)} ({dimension})")
            return None
        if unit == wanted:
            return value
        return float(f"{unit.converted(value, wanted):.{_DIGITS}g}")


def _says_nothing(name: str | None, wanted: Mapping[Dimension, str]) -> bool:
    """Return whether the unit of a payload is irrelevant for values that have their own."""
    return not name or name.casefold().startswith(_MIXED) or name in wanted.values()


@lru_cache(maxsize=64)
def _fields(kind: type[Struct]) -> tuple[tuple[str, Dimension | None], ...]:
    """Return the fields of a structure that hold values with units, or more structures."""
    return tuple(
        (field.name, _FIELDS.get(field.name))
        for field in structs.fields(kind)
        if field.name in _FIELDS or field.name in _NESTED
    )
