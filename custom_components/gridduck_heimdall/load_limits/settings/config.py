"""A load limit as a config subentry stores it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
import math
from types import MappingProxyType
from typing import Any, Final, Self

from homeassistant.const import (
    PERCENTAGE,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfPower,
    UnitOfTime,
)
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..control_law.models import Mode, Thresholds
from .quantities import CURRENT_UNITS, POWER_UNITS

SUBENTRY_TYPE: Final = "load_limit"

CONF_MEASURED: Final = "measured"
CONF_DEVICE: Final = "device"
CONF_SENSOR: Final = "sensor"
CONF_LIMIT: Final = "limit"
CONF_LIMIT_UNIT: Final = "limit_unit"
CONF_LIMIT_ENTITY: Final = "limit_entity"
CONF_REPEATS: Final = "limit_entity_repeats"
CONF_UNIT: Final = "unit"
CONF_CANDIDATES: Final = "candidates"
CONF_ORDER: Final = "order"
CONF_BOOST_AHEAD: Final = "boost_ahead"
CONF_MODE: Final = "mode"
CONF_WINDOW: Final = "window"
CONF_ACT_ABOVE: Final = "act_above"
CONF_DOWN_TO: Final = "down_to"
CONF_RELEASE_BELOW: Final = "release_below"
CONF_NON_INTERRUPTIBLE: Final = "allow_non_interruptible"
CONF_MIN_TIME_ON: Final = "min_time_on"
CONF_LONGEST_OFF: Final = "longest_off"
CONF_BEHIND: Final = "behind"
CONF_FLOOR: Final = "floor"
CONF_WATCH_ABOVE: Final = "watch_above"
CONF_FAILSAFE_AFTER: Final = "failsafe_after"
CONF_VOLTAGE: Final = "voltage"
CONF_PHASES: Final = "phases"


class Measured(StrEnum):
    """What a load limit measures."""

    LINE = "line"
    SITE = "site"
    SENSOR = "sensor"


class LimitUnit(StrEnum):
    """What the number of a limit means."""

    RATING = "rating"
    """Percent of the rating in force."""
    AMPERE = "ampere"
    KILOWATT = "kilowatt"
    OF_SENSOR = "of_sensor"
    """The unit that the sensor had when the number was entered; it is stored as well."""

    def unit(self, of_sensor: str | None) -> str:
        """Return the unit of the number; a line or site has none of a sensor."""
        match self:
            case LimitUnit.RATING:
                return PERCENTAGE
            case LimitUnit.AMPERE:
                return UnitOfElectricCurrent.AMPERE
            case LimitUnit.OF_SENSOR if of_sensor is not None:
                return of_sensor
            case _:
                return UnitOfPower.KILO_WATT


UNITS: Final[Mapping[Measured, tuple[LimitUnit, ...]]] = MappingProxyType(
    {
        Measured.LINE: (LimitUnit.RATING, LimitUnit.AMPERE),
        Measured.SITE: (LimitUnit.KILOWATT,),
        Measured.SENSOR: (LimitUnit.OF_SENSOR,),
    }
)
"""What the number of a limit can mean; the first is suggested."""

WINDOWS: Final = (0, 15, 30, 60)
"""Minutes of the clock-aligned windows that a mean can be limited over; 0 for the load now."""


HIGHEST_LIMIT: Final = 1e9


def _finite(number: float) -> float:
    """Return a number.

    Raises:
        vol.Invalid: it is infinite or not a number, which no comparison refuses.
    """
    if not math.isfinite(number):
        raise vol.Invalid("not a finite number")
    return number


_NUMBER: Final = vol.All(vol.Coerce(float), _finite)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A number that most people leave as it is, and what kinds of load it matters for."""

    first: float | None
    lowest: float
    highest: float
    unit: str
    step: float = 1
    of: frozenset[Measured] = frozenset(Measured)

    @property
    def validator(self) -> Callable[[object], Any]:
        """Validates a value as it is stored."""
        in_range = vol.All(_NUMBER, vol.Range(min=self.lowest, max=self.highest))
        return vol.Any(None, in_range) if self.first is None else in_range


_LINE: Final = frozenset({Measured.LINE})
_SENSOR: Final = frozenset({Measured.SENSOR})

DETAILS: Final[Mapping[str, Detail]] = MappingProxyType(
    {
        CONF_ACT_ABOVE: Detail(first=100, lowest=1, highest=200, unit=PERCENTAGE, step=0.5),
        CONF_DOWN_TO: Detail(first=98.5, lowest=1, highest=200, unit=PERCENTAGE, step=0.5),
        CONF_RELEASE_BELOW: Detail(first=93.5, lowest=1, highest=200, unit=PERCENTAGE, step=0.5),
        CONF_MIN_TIME_ON: Detail(first=15, lowest=0, highest=1440, unit=UnitOfTime.MINUTES),
        CONF_LONGEST_OFF: Detail(first=4, lowest=0.5, highest=24, unit=UnitOfTime.HOURS, step=0.5),
        CONF_FLOOR: Detail(first=0, lowest=0, highest=1e6, unit=UnitOfPower.KILO_WATT, step=0.1),
        CONF_FAILSAFE_AFTER: Detail(first=10, lowest=1, highest=1440, unit=UnitOfTime.MINUTES),
        CONF_BEHIND: Detail(first=100, lowest=1, highest=100, unit=PERCENTAGE, of=_LINE | _SENSOR),
        CONF_WATCH_ABOVE: Detail(first=90, lowest=10, highest=100, unit=PERCENTAGE, of=_LINE),
        CONF_VOLTAGE: Detail(
            first=None, lowest=1, highest=1e6, unit=UnitOfElectricPotential.VOLT, of=_SENSOR
        ),
    }
)
"""The numbers of the section that most people leave closed."""

_ID: Final = vol.All(cv.string, vol.Length(min=1, max=255))
_IDS: Final = vol.Any(str, [str])
SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_MEASURED): vol.Coerce(Measured),
        vol.Optional(CONF_DEVICE): _ID,
        vol.Optional(CONF_SENSOR): _ID,
        vol.Required(CONF_LIMIT): vol.All(
            _NUMBER, vol.Range(min=0, min_included=False, max=HIGHEST_LIMIT)
        ),
        vol.Required(CONF_LIMIT_UNIT): vol.Coerce(LimitUnit),
        vol.Optional(CONF_UNIT): vol.In(POWER_UNITS | CURRENT_UNITS),
        vol.Optional(CONF_LIMIT_ENTITY): _ID,
        vol.Optional(CONF_REPEATS, default=False): cv.boolean,
        vol.Required(CONF_CANDIDATES): {str: vol.Any(_IDS, {str: _IDS})},
        vol.Optional(CONF_ORDER, default=list): [_ID],
        vol.Optional(CONF_BOOST_AHEAD, default=list): [_ID],
        vol.Required(CONF_MODE): vol.Coerce(Mode),
        vol.Optional(CONF_WINDOW, default=0): vol.All(vol.Coerce(int), vol.In(WINDOWS)),
        vol.Optional(CONF_NON_INTERRUPTIBLE, default=False): cv.boolean,
        vol.Optional(CONF_PHASES, default="3"): vol.In(("1", "3")),
        **{
            vol.Optional(name, default=detail.first): detail.validator
            for name, detail in DETAILS.items()
        },
    },
    extra=vol.REMOVE_EXTRA,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitConfig:
    """A load limit as a user has configured it.

    Attributes:
        device_id: the device of the line or site; None for a sensor.
        sensor: registry id or entity id of the sensor; None for a line or site.
        limit: the number; with `limit_entity` the failsafe limit.
        limit_unit: what the number means.
        unit: unit of `limit` where that is the sensor's; None for others.
        limit_entity: registry id or entity id of the entity that gives the limit; None without.
        repeats: whether `limit_entity` repeats its value, so that it is silent without that.
        candidates: a target of Home Assistant's: what may be curtailed.
        order: ids of labels; assets with the first are curtailed first.
        boost_ahead: ids of labels; assets with one of them are boosted before they are curtailed.
        window: minutes of the window whose mean is limited; 0 for the load now.
        min_time_on: shortest time on of an asset that names none.
        behind: share of the power of the candidates, 0 to 1, that the measured load contains.
        floor: power of the candidates that always stays on, W.
        watch_above: share of the limit, 0 to 1, above which a line is polled every minute.
        failsafe_after: how long `limit_entity` may be silent before the failsafe limit holds.
        voltage: for a sensor of current, V; None for others.
        three_phase: whether a sensor of current measures one of three phases.
    """

    measured: Measured
    device_id: str | None
    sensor: str | None
    limit: float
    limit_unit: LimitUnit
    unit: str | None
    limit_entity: str | None
    repeats: bool
    candidates: Mapping[str, Any]
    order: Sequence[str]
    boost_ahead: Sequence[str]
    mode: Mode
    window: int
    thresholds: Thresholds
    allow_non_interruptible: bool
    min_time_on: timedelta
    longest_off: timedelta
    behind: float
    floor: float
    watch_above: float
    failsafe_after: timedelta
    voltage: float | None
    three_phase: bool

    @property
    def scope(self) -> tuple[object, ...]:
        """What is measured and what may be curtailed."""
        return (
            self.measured,
            self.device_id,
            self.sensor,
            self.window,
            self.candidates,
            self.order,
            self.behind,
            self.min_time_on,
        )

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Return what the data of a config subentry says.

        Raises:
            vol.Invalid: it is not of a load limit.
        """
        data = SCHEMA(dict(stored))
        _check(data)
        return cls(
            measured=data[CONF_MEASURED],
            device_id=data.get(CONF_DEVICE),
            sensor=data.get(CONF_SENSOR),
            limit=data[CONF_LIMIT],
            limit_unit=data[CONF_LIMIT_UNIT],
            unit=data.get(CONF_UNIT),
            limit_entity=data.get(CONF_LIMIT_ENTITY),
            repeats=data[CONF_REPEATS],
            candidates=data[CONF_CANDIDATES],
            order=tuple(data[CONF_ORDER]),
            boost_ahead=tuple(data[CONF_BOOST_AHEAD]),
            mode=data[CONF_MODE],
            window=data[CONF_WINDOW],
            thresholds=thresholds_of(data),
            allow_non_interruptible=data[CONF_NON_INTERRUPTIBLE],
            min_time_on=timedelta(minutes=data[CONF_MIN_TIME_ON]),
            longest_off=timedelta(hours=data[CONF_LONGEST_OFF]),
            behind=data[CONF_BEHIND] / 100,
            floor=1000 * data[CONF_FLOOR],
            watch_above=data[CONF_WATCH_ABOVE] / 100,
            failsafe_after=timedelta(minutes=data[CONF_FAILSAFE_AFTER]),
            voltage=data[CONF_VOLTAGE],
            three_phase=data[CONF_PHASES] == "3",
        )


def thresholds_of(data: Mapping[str, Any]) -> Thresholds:
    """Return thresholds that were entered in percent."""
    return Thresholds(
        act_above=data[CONF_ACT_ABOVE] / 100,
        down_to=data[CONF_DOWN_TO] / 100,
        release_below=data[CONF_RELEASE_BELOW] / 100,
    )


def _check(data: Mapping[str, Any]) -> None:
    """Check what no field shows by itself: the form ensures it, a damaged file need not.

    Raises:
        vol.Invalid: the fields do not fit together.
    """
    source = CONF_SENSOR if data[CONF_MEASURED] is Measured.SENSOR else CONF_DEVICE
    if source not in data:
        raise vol.RequiredFieldInvalid(f"{source} is missing")
    if data[CONF_LIMIT_UNIT] not in UNITS[data[CONF_MEASURED]]:
        raise vol.Invalid(f"{data[CONF_LIMIT_UNIT]} is no unit of a {data[CONF_MEASURED]}")
    if (misplaced := thresholds_of(data).misplaced) is not None:
        raise vol.Invalid(f"{misplaced} is out of order")
