"""One load limit in use: what is configured, what is measured, what it does."""

from collections.abc import Callable, Mapping
from dataclasses import replace
import time
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..core.expected_load import ExpectedHour
from ..core.slices import in_slices
from ..forecast.runtime import LOAD_FORECASTS
from .candidates import CandidateAsset, async_resolve, rank
from .control_law.clock import lies_ahead
from .control_law.models import Candidate, LoadLimit, LoadMeasurement, Mode, Request, State, Status
from .control_law.window import WindowMean
from .journal import Entry
from .meter import Meter, Problem
from .settings.config import SUBENTRY_TYPE, LimitConfig, Measured

PAUSE: Final = 900.0
"""Seconds for which nothing is curtailed after a person has restored what was."""
PEAK_HOURS: Final = 24
"""Hours ahead in which the expected peak of a site is looked for."""


class ActiveLimit:
    """A load limit in use.

    Attributes:
        id: of its config subentry.
        name: its title.
        reading: the load as read last; None where it is not known.
        limit: the limit as read last, W or VA; None where it is not known.
        window: of a mean: the window that is under way.
        paused_until: nothing is curtailed before, as a person has restored what was.
    """

    def __init__(
        self, hass: HomeAssistant, entry_id: str, subentry_id: str, name: str, config: LimitConfig
    ) -> None:
        """Take the configuration; nothing is read yet."""
        self._hass = hass
        self.entry_id = entry_id
        self.id = subentry_id
        self._candidates: Mapping[str, Candidate] = {}
        self._complete = False
        self._listeners: list[CALLBACK_TYPE] = []
        self._decision_listeners: list[Callable[[Entry], None]] = []
        self.paused_until = 0.0
        # The limit as a share of the one of the source.
        self._share = 1.0
        self.status = Status(state=State.NO_DATA)
        self.window: WindowMean | None = None
        self.reading: LoadMeasurement | None = None
        self.limit: float | None = None
        self.problems = frozenset[Problem]()
        self.name, self.config = name, config
        self.meter = Meter(hass, config)

    @callback
    def configure(self, name: str, config: LimitConfig) -> None:
        """Apply a changed configuration."""
        renamed = name != self.name
        self.name, self.config = name, config
        self.meter.configure(config)
        if renamed:
            self._update_device()
        self.notify()

    def _update_device(self) -> None:
        """Rename the device with the title; a name given by the user stays."""
        if self.device is not None:
            dr.async_get(self._hass).async_get_or_create(
                config_entry_id=self.entry_id, config_subentry_id=self.id, **self.device_info
            )

    @property
    def device_info(self) -> DeviceInfo:
        """Its device, as Home Assistant registers it."""
        return DeviceInfo(
            identifiers={self.identifier},
            # It measures a device that has the same name.
            translation_key=SUBENTRY_TYPE,
            translation_placeholders={"name": self.name},
            model="Load limit",
            entry_type=DeviceEntryType.SERVICE,
        )

    @property
    def identifier(self) -> tuple[str, str]:
        """The identifier of its device."""
        return DOMAIN, f"{SUBENTRY_TYPE}:{self.id}"

    @property
    def device(self) -> dr.AnyDeviceEntry | None:
        """Its device; None before its entities are added, and once it is removed."""
        registry = dr.async_get(self._hass)
        return registry.async_get_device_by_identifier(self.identifier, self.entry_id)

    @property
    def shape(self) -> tuple[object, ...]:
        """What its entities and their units depend on."""
        has_number = self.config.limit_entity is None
        return self.meter.unit, self.meter.limit_unit, self.config.window > 0, has_number

    @property
    def source(self) -> str:
        """What is measured; load limits with the same source share its excess."""
        config = self.config
        measured = config.device_id or config.sensor or ""
        if config.voltage is not None:
            # In VA, its current is another load with another voltage.
            measured = f"{measured} {self.meter.volts()}"
        # A mean is limited by what is left of its window, which only this load limit has.
        return f"{measured} {self.id}" if config.window else measured

    async def async_resolve(self, known: Mapping[str, CandidateAsset]) -> dict[str, CandidateAsset]:
        """Resolve the candidates, and return them by key.

        Args:
            known: what was found before: it stands for the assets of accounts that are closed.
        """
        found = await async_resolve(self._hass, self.config.candidates)
        self._complete = not found.not_loaded
        behind = 1.0 if self.config.measured is Measured.SITE else self.config.behind
        minutes = self.config.min_time_on.total_seconds()
        assets = dict(
            await in_slices(
                (
                    (one.account.key_of(one.asset_id), replace(one, min_time_on=minutes))
                    for one in found.assets
                ),
                at_once=50,
            )
        )
        if found.not_loaded:
            closed = {
                key: known[key]
                for key in self._candidates.keys() & known.keys()
                if known[key].account.lifetime.closed
            }
            assets = closed | assets
        candidates = (
            Candidate(
                key=key, rank=rank(self._hass, one.device_id, self.config.order), behind=behind
            )
            for key, one in assets.items()
        )
        self._candidates = {one.key: one for one in await in_slices(candidates, at_once=20)}
        return assets

    @callback
    def read(self, now: float) -> None:
        """Read load and limit."""
        reading, self.limit = self.meter.read(now)
        self.reading = None if reading is None else replace(reading, limit=self.limit or 0.0)

    @callback
    def watch(self, now: float) -> None:
        """Poll a line every minute near its limit, and while load is curtailed for it."""
        if self.at(now).mode is Mode.OFF:
            return
        load = None if self.reading is None else self.reading.value
        near = (
            load is not None
            and self.limit is not None
            and load >= self.config.watch_above * self.limit
        )
        if near or self.status.assets:
            self.meter.watch(dt_util.utc_from_timestamp(now))

    def is_paused(self, now: float) -> bool:
        """Return whether nothing is curtailed, as a person has restored what was."""
        paused = lies_ahead(self.paused_until, now, 2 * PAUSE)
        return paused and self.config.mode is not Mode.OFF

    @property
    def request(self) -> Request:
        """The request with the thresholds as configured: as shares of its own limit."""
        config = self.config
        return Request(
            id=self.id,
            candidates=self._candidates,
            mode=config.mode,
            limit=LoadLimit(
                source=self.source,
                thresholds=config.thresholds,
                window=60.0 * config.window,
                floor=config.floor,
            ),
            longest_off=config.longest_off.total_seconds(),
            allow_non_interruptible=config.allow_non_interruptible,
            complete=self._complete,
        )

    def at(self, now: float) -> Request:
        """Return the request that holds at some time, with thresholds that fit its source."""
        request = self.request
        if self.is_paused(now):
            return replace(request, mode=Mode.OFF)
        if self.limit is None and self.reading is not None:
            # The estimate of its source has the limit of another.
            unknown = replace(request.limit, source=f"{self.source} without a limit")
            return replace(request, limit=unknown)
        if self._share != 1.0:
            thresholds = request.limit.thresholds.scaled(self._share)
            return replace(request, limit=replace(request.limit, thresholds=thresholds))
        return request

    @callback
    def scale(self, base: float) -> None:
        """Express the thresholds as shares of the limit of the source, W or VA."""
        self._share = 1.0 if self.limit is None else self.limit / base

    def shown_limit(self, limit: float | None) -> float | None:
        """Return what a decision names as the limit of the source, W or VA, as its own limit."""
        return None if limit is None else self.meter.shown(round(limit * self._share, 3))

    @property
    def load(self) -> float | None:
        """The load as measured last, in the unit that people see."""
        return None if self.reading is None else self.meter.shown(self.reading.value)

    @property
    def expected_peak(self) -> ExpectedHour | None:
        """The hour of the next day in which its site is expected to draw most, kW.

        None if that is unknown, or it measures something else.
        """
        site = self.config.device_id if self.config.measured is Measured.SITE else None
        load = None if site is None else self._hass.data[LOAD_FORECASTS].expected_load(site)
        return None if load is None else load.peak(dt_util.utcnow(), PEAK_HOURS)

    @property
    def headroom(self) -> float | None:
        """What is left of the limit, in the unit that people see."""
        if self.reading is None or self.limit is None:
            return None
        return self.meter.shown(self.limit - self.reading.value)

    @callback
    def take(self, status: Status, window: WindowMean | None) -> None:
        """Apply what the control law says, and notify the listeners."""
        if status.state is State.IDLE and self.is_paused(time.time()):
            status = replace(status, state=State.PAUSED)
        problems = set(self.meter.problems)
        if not self._candidates:
            problems.add(Problem.NO_CANDIDATES)
        if status.state is State.NO_RESPONSE:
            problems.add(Problem.NO_RESPONSE)
        if status.state is State.NOT_ENOUGH:
            problems.add(Problem.NOT_ENOUGH)
        self.status, self.window, self.problems = status, window, frozenset(problems)
        self.notify()

    @callback
    def async_follow(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener after each pass; return what removes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def async_follow_decisions(self, listener: Callable[[Entry], None]) -> CALLBACK_TYPE:
        """Call a listener with each decision; return what removes it."""
        self._decision_listeners.append(listener)
        return lambda: self._decision_listeners.remove(listener)

    @callback
    def decided(self, entry: Entry) -> None:
        """Notify listeners of a decision that was carried out, given as advice, or failed."""
        for listener in tuple(self._decision_listeners):
            listener(entry)

    @callback
    def notify(self) -> None:
        """Call all listeners."""
        for listener in tuple(self._listeners):
            listener()

    @callback
    def close(self) -> None:
        """Show nothing any more, as it is no longer in use."""
        self.status = Status(state=State.NO_DATA)
        self.reading = self.limit = None
        self.notify()
