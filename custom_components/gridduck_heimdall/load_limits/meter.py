"""Reads the load and the limit of one load limit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
import math
from typing import Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import PERCENTAGE, UnitOfElectricCurrent, UnitOfPower
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..core.device_map import account_of
from ..core.line_account import LineAccount, LineState
from .config import LimitConfig, LimitUnit, Measured
from .quantities import amperes_of, number_of, unit_of, watts_of

LINE_READINGS: Final = 5
"""The current of a line is the highest of as many readings, a minute apart."""


class Problem(StrEnum):
    """Why a load limit cannot work as it is configured; the values are translation keys."""

    SOURCE_MISSING = "load_limit_source_missing"
    LIMIT_SILENT = "load_limit_silent"
    NO_CANDIDATES = "load_limit_no_candidates"
    NO_RESPONSE = "load_limit_no_response"
    NOT_ENOUGH = "load_limit_not_enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A load at some time.

    Attributes:
        time: Unix time of the newest reading.
        value: the load, W (of a current: VA).
        readings: how many readings the load is the highest of.
        short_time: limits that hold for a short time, as `value`, by seconds.
    """

    time: float
    value: float
    readings: int = 1
    short_time: Mapping[float, float] = field(default_factory=dict)


class Meter:
    """Reads what a load limit measures, and its limit.

    Attributes:
        problems: what is wrong with the entities that it reads.
    """

    def __init__(self, hass: HomeAssistant, config: LimitConfig) -> None:
        """Prepare to read; nothing is read yet."""
        self._hass = hass
        self._config = config
        self._last_limit: float | None = None
        self._silent_since: float | None = None
        self.problems = set[Problem]()

    @property
    def unit(self) -> str:
        """The unit in which people see the load and the limit."""
        of_current = self._config.measured is Measured.LINE or self._config.voltage is not None
        return UnitOfElectricCurrent.AMPERE if of_current else UnitOfPower.KILO_WATT

    def shown(self, value: float | None) -> float | None:
        """Return a load in the unit that people see.

        Args:
            value: W or VA.
        """
        if value is None or self.unit == UnitOfPower.KILO_WATT:
            return None if value is None else value / 1000
        volts = self._volts()
        return None if volts is None else value / volts

    def entities(self) -> set[str]:
        """Return the ids of the entities that it reads."""
        found = {self._entity(self._config.limit_entity)}
        if self._config.measured is not Measured.LINE:
            found.add(self._source())
        return {entity_id for entity_id in found if entity_id is not None}

    def load(self, now: float) -> Reading | None:
        """Return the load; None where it is not known."""
        self.problems.discard(Problem.SOURCE_MISSING)
        if self._config.measured is Measured.LINE:
            return self._line_load()
        source = self._source()
        state = None if source is None else self._hass.states.get(source)
        if state is None:
            self.problems.add(Problem.SOURCE_MISSING)
            return None
        if self._config.voltage is not None and (current := amperes_of(state)) is not None:
            return Reading(time=now, value=current * (self._volts() or 0.0))
        value = watts_of(state)
        return None if value is None else Reading(time=now, value=value)

    def limit(self, now: float) -> float | None:
        """Return the limit in W or VA; None where it is not known."""
        number = self._limit_number(now)
        match self._config.limit_unit:
            case LimitUnit.RATING:
                line = self._line()
                volts = self._volts()
                if line is None or line.limit is None or volts is None:
                    return None
                return number / 100 * line.limit * volts
            case LimitUnit.AMPERE:
                return _times(number, self._volts())
            case LimitUnit.KILOWATT:
                return number * 1000
            case LimitUnit.OF_SENSOR:
                return self._in_unit_of_sensor(number)

    def _in_unit_of_sensor(self, number: float) -> float | None:
        """Return a number that is in the unit of the sensor, in W or VA."""
        source = self._source()
        state = None if source is None else self._hass.states.get(source)
        if state is None:
            return None
        like = State(state.entity_id, str(number), state.attributes, validate_entity_id=False)
        if (current := amperes_of(like)) is not None:
            return _times(current, self._volts())
        return watts_of(like)

    def _limit_number(self, now: float) -> float:
        """Return the limit in its unit: what the entity gives, or the failsafe limit."""
        self.problems.discard(Problem.LIMIT_SILENT)
        config = self._config
        if config.limit_entity is None:
            return config.limit
        entity_id = self._entity(config.limit_entity)
        state = None if entity_id is None else self._hass.states.get(entity_id)
        number = None if state is None else self._converted(state)
        if number is not None and number > 0:
            self._last_limit, self._silent_since = number, None
            return number
        if self._silent_since is None:
            self._silent_since = now
        patience = config.failsafe_after.total_seconds()
        if self._last_limit is not None and now - self._silent_since < patience:
            return self._last_limit
        self.problems.add(Problem.LIMIT_SILENT)
        return config.limit

    def _converted(self, state: State) -> float | None:
        """Return the limit that an entity gives, in the unit of the limit."""
        unit = unit_of(state)
        match self._config.limit_unit:
            case _ if unit is None or unit == PERCENTAGE:
                return number_of(state)
            case LimitUnit.AMPERE:
                return amperes_of(state)
            case LimitUnit.KILOWATT:
                watts = watts_of(state)
                return None if watts is None else watts / 1000
            case LimitUnit.OF_SENSOR:
                source = self._source()
                measured = None if source is None else self._hass.states.get(source)
                one = None if measured is None else _unity(measured)
                value = watts_of(state) if amperes_of(state) is None else amperes_of(state)
                return None if one is None or value is None else value / one
            case _:
                return number_of(state)

    def _line_load(self) -> Reading | None:
        line, volts = self._line(), self._volts()
        if line is None:
            self.problems.add(Problem.SOURCE_MISSING)
            return None
        if line.current is None or line.measured_at is None or volts is None:
            return None
        return Reading(
            time=line.measured_at.timestamp(),
            value=line.current * volts,
            readings=LINE_READINGS,
            short_time={seconds: amperes * volts for seconds, amperes in line.short_time.items()},
        )

    def _line(self) -> LineState | None:
        if (device_id := self._config.device_id) is None:
            return None
        match account_of(self._hass, device_id):
            case (LineAccount() as account, device):
                return account.line_state(device)
            case _:
                return None

    def _volts(self) -> float | None:
        """Return what a current is multiplied by to have its power; None for a load in W."""
        match self._config.measured:
            case Measured.LINE:
                line = self._line()
                volts = None if line is None else line.voltage
                return None if volts is None else math.sqrt(3) * volts
            case Measured.SENSOR if self._config.voltage is not None:
                return self._config.voltage * (math.sqrt(3) if self._config.three_phase else 1)
            case _:
                return None

    def _source(self) -> str | None:
        """Return the entity that is measured."""
        if self._config.measured is Measured.SENSOR:
            return self._entity(self._config.sensor)
        registry = er.async_get(self._hass)
        # Of a site, its power; whatever it is called.
        found = (
            entry.entity_id
            for entry in er.async_entries_for_device(registry, self._config.device_id or "")
            if entry.platform == DOMAIN and entry.original_device_class == SensorDeviceClass.POWER
        )
        return next(found, None)

    def _entity(self, registry_or_entity_id: str | None) -> str | None:
        if registry_or_entity_id is None:
            return None
        return er.async_resolve_entity_id(er.async_get(self._hass), registry_or_entity_id)


def _times(number: float, volts: float | None) -> float | None:
    return None if volts is None else number * volts


def _unity(state: State) -> float | None:
    """Return what 1 in the unit of an entity is in W or A."""
    like = State(state.entity_id, "1", state.attributes, validate_entity_id=False)
    return watts_of(like) if amperes_of(like) is None else amperes_of(like)
