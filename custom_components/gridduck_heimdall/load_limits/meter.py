"""Reads the load and the limit of one load limit."""

from datetime import datetime, timedelta
from enum import StrEnum
import math
from typing import Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import PERCENTAGE, UnitOfElectricCurrent, UnitOfPower
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import AnyDeviceEntry

from ..const import DOMAIN
from ..core.device_map import line_account_of
from ..core.line_account import LineAccount, LineState
from .control_law.clock import is_near
from .control_law.models import LoadMeasurement
from .settings.config import LimitConfig, Measured
from .settings.quantities import converted, number_of, shown_in, unit_of

LEAST: Final = 1e-3
"""What is less, in its unit, is as good as no limit: the load is divided by it."""
LINE_READINGS: Final = 5
"""The current of a line is the highest of as many readings, a minute apart."""


HELD: Final = 300.0
"""Seconds after which a sensor that reports nothing is taken to measure what it did before."""
RATING_HELD: Final = 900.0
"""Seconds for which the last measured rating of a line stands in for a fallback."""
WATCHED: Final = timedelta(minutes=5)
"""How long a line is polled every minute once there was a reason."""
STALE: Final = 3600.0
"""Seconds after which a sensor that reports nothing is taken to have failed."""


class Problem(StrEnum):
    """Why a load limit cannot work as it is configured; the values are translation keys."""

    SOURCE_MISSING = "load_limit_source_missing"
    VOLTAGE_UNKNOWN = "load_limit_voltage_unknown"
    RATING_FALLBACK = "load_limit_rating_fallback"
    LIMIT_SILENT = "load_limit_silent"
    NO_CANDIDATES = "load_limit_no_candidates"
    NO_RESPONSE = "load_limit_no_response"
    NOT_ENOUGH = "load_limit_not_enough"


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
        # Since when the entity that gives the limit is silent; None while it is not.
        self._silent_since: float | None = None
        # When a line had a rating in force that is no fallback, and what it was, A.
        self._last_rating: tuple[float, float] | None = None
        # The line as it was read last.
        self._line: LineState | None = None
        self.problems = set[Problem]()

    @callback
    def configure(self, config: LimitConfig) -> None:
        """Apply a changed configuration; the last limit of the same entity still holds."""
        before, self._config = self._config, config
        if (before.limit_entity, before.limit_unit, before.unit) != (
            config.limit_entity,
            config.limit_unit,
            config.unit,
        ):
            self._last_limit = self._silent_since = None

    @property
    def limit_unit(self) -> str:
        """The unit of the number that limits."""
        return self._config.limit_unit.unit(self._config.unit or self.unit)

    @property
    def unit(self) -> str:
        """The unit in which people see the load and the limit."""
        of_current = self._config.measured is Measured.LINE or self._config.voltage is not None
        return UnitOfElectricCurrent.AMPERE if of_current else UnitOfPower.KILO_WATT

    def shown(self, value: float | None) -> float | None:
        """Return a load, W or VA, in the unit that people see."""
        if value is None or self.unit == UnitOfPower.KILO_WATT:
            return None if value is None else value / 1000
        volts = self.volts()
        return None if volts is None else value / volts

    def entities(self) -> set[str]:
        """Return the ids of the entities that it reads."""
        found = {self._entity(self._config.limit_entity)}
        if self._config.measured is not Measured.LINE:
            found.add(self.source())
        return {entity_id for entity_id in found if entity_id is not None}

    def read(self, now: float) -> tuple[LoadMeasurement | None, float | None]:
        """Return the load, and the limit in W or VA; None for what is not known."""
        match self._line_account():
            case (account, device):
                self._line = account.line_state(device)
            case None:
                self._line = None
        return self._load(now), self._limit(now)

    def _load(self, now: float) -> LoadMeasurement | None:
        of_line, line = self._config.measured is Measured.LINE, self._line
        reading = self._line_load() if of_line else self._sensor_load(now)
        without_voltage = line is not None and line.current is not None and reading is None
        self._note(Problem.VOLTAGE_UNKNOWN, is_one=without_voltage)
        self._note(Problem.SOURCE_MISSING, is_one=reading is None and not without_voltage)
        return reading

    @callback
    def watch(self, now: datetime) -> None:
        """Poll the current of a line every minute for some time."""
        match self._line_account():
            case (account, device):
                account.async_watch_line(device, now + WATCHED)

    def _note(self, problem: Problem, *, is_one: bool) -> None:
        if is_one:
            self.problems.add(problem)
        else:
            self.problems.discard(problem)

    def _sensor_load(self, now: float) -> LoadMeasurement | None:
        source = self.source()
        state = None if source is None else self._hass.states.get(source)
        if state is None:
            return None
        value = _times(shown_in(state, UnitOfElectricCurrent.AMPERE), self.volts())
        if value is None:
            value = shown_in(state, UnitOfPower.WATT)
        silent = now - state.last_reported_timestamp
        # The power of a site is written when it changes; where its polls fail, it is unavailable.
        failed = silent > STALE and self._config.measured is Measured.SENSOR
        if value is None or failed:
            return None
        return LoadMeasurement(time=now - min(max(silent, 0.0), HELD), value=value)

    def _limit(self, now: float) -> float | None:
        return self.limit_with(self._rating(now) if self.limit_unit == PERCENTAGE else None, now)

    def limit_with(self, rating: float | None, now: float) -> float | None:
        """Return the limit for a rating (A) if it is relative to one, as `read` does."""
        number = self._limit_number(now)
        limit = None if number is None else self._in_watts(number, rating)
        # A line may have a rating of zero.
        return None if limit is None or limit < LEAST else limit

    def _in_watts(self, number: float, rating: float | None) -> float | None:
        """Return a number in the unit of the limit in W or VA."""
        unit, volts = self.limit_unit, self.volts()
        if unit == PERCENTAGE:
            return None if rating is None else _times(number / 100 * rating, volts)
        if (current := converted(number, unit, UnitOfElectricCurrent.AMPERE)) is not None:
            return _times(current, volts)
        return converted(number, unit, UnitOfPower.WATT)

    def _rating(self, now: float) -> float | None:
        """Return the rating in force, A; None where it is not known.

        A fallback is not calculated from measurements: nothing is curtailed for it. What was
        measured before stands in for it for a while.
        """
        line = self._line
        rating = None if line is None else line.limit
        is_fallback = line is not None and bool(line.fallback)
        self._note(Problem.RATING_FALLBACK, is_one=is_fallback)
        if rating is not None and not is_fallback:
            self._last_rating = now, rating
            return rating
        if is_fallback and self._last_rating is not None:
            since, last = self._last_rating
            return last if 0 <= now - since <= RATING_HELD else None
        return None

    def _limit_number(self, now: float) -> float | None:
        """Return the limit in its unit: what the entity gives, or the failsafe limit.

        It is unknown while the entity has not given one since the start, until that takes too
        long.
        """
        self.problems.discard(Problem.LIMIT_SILENT)
        config, patience = self._config, self._config.failsafe_after.total_seconds()
        if config.limit_entity is None:
            return config.limit
        entity_id = self._entity(config.limit_entity)
        state = None if entity_id is None else self._hass.states.get(entity_id)
        number = None if state is None else self._given(state)
        if number is not None and state is not None:
            self._last_limit = number
            self._silent_since = state.last_reported_timestamp if config.repeats else None
        elif self._silent_since is None:
            self._silent_since = now
        if self._silent_since is None or is_near(self._silent_since, now, patience):
            return self._last_limit
        self.problems.add(Problem.LIMIT_SILENT)
        return config.limit

    def _given(self, state: State) -> float | None:
        """Return the limit that an entity gives, in the unit of the limit; None without one."""
        # A helper may have no unit: it is read in that of the limit.
        number = number_of(state) if unit_of(state) is None else shown_in(state, self.limit_unit)
        return None if number is None or number < LEAST else number

    def _line_load(self) -> LoadMeasurement | None:
        line, volts = self._line, self.volts()
        if line is None or line.current is None or line.measured_at is None or volts is None:
            return None
        return LoadMeasurement(
            time=line.measured_at.timestamp(),
            value=line.current * volts,
            readings=LINE_READINGS,
            short_time={seconds: amperes * volts for seconds, amperes in line.short_time.items()},
        )

    def _line_account(self) -> tuple[LineAccount, AnyDeviceEntry] | None:
        """Return the account and the device of the line; None where it is not in use."""
        config = self._config
        if config.measured is not Measured.LINE or config.device_id is None:
            return None
        return line_account_of(self._hass, config.device_id)

    def volts(self) -> float | None:
        """Return the factor from current to power, V; None for a load in W."""
        match self._config.measured:
            case Measured.LINE:
                volts = None if self._line is None else self._line.voltage
                return None if volts is None else math.sqrt(3) * volts
            case Measured.SENSOR if self._config.voltage is not None:
                return self._config.voltage * (math.sqrt(3) if self._config.three_phase else 1)
            case _:
                return None

    def source(self) -> str | None:
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


def _times(number: float | None, volts: float | None) -> float | None:
    return None if number is None or volts is None else number * volts
