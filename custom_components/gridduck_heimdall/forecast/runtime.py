"""The expected loads of all accounts: refreshed each hour, joined with forecast ratings."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final
from zlib import crc32

from homeassistant.const import EVENT_RECORDER_HOURLY_STATISTICS_GENERATED
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..core.backend import Account
from ..core.description import RATING_KINDS
from ..core.device_map import account_of, line_account_of
from ..core.expected_load import HOURS_AHEAD, ExpectedLoad, LineOutlook
from ..core.holidays import holiday_calendar
from ..core.line_account import LineAccount
from ..core.measured_load import MeasuredLoad
from ..core.slices import in_slices
from ..core.worklist import Worklist
from ..history.hours import hour_of
from ..history.statistics import recorder_loaded
from .expected import HOURS_BEHIND, LoadModel
from .holidays import Holidays
from .local_hours import LocalHour, local_hours
from .outlook import line_outlook, with_begun_hour
from .recorded import RecordedLoads

SOON: Final = 10.0
"""Seconds after which a new account is read first."""
SPREAD: Final = 120
"""Seconds within which loads are read once the recorder has computed an hour: others also begin
to read then."""


class LoadForecasts:
    """What lines and sites are expected to carry, over all accounts."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; nothing is read yet."""
        self._hass = hass
        self._accounts = dict[str, Account]()
        self._recorded = RecordedLoads(hass)
        self._holidays = Holidays(hass)
        self._expected: Mapping[str, ExpectedLoad] = {}
        self._outlooks = dict[str, LineOutlook]()
        self._listeners = defaultdict[str, dict[object, CALLBACK_TYPE]](dict)
        # What ends following the forecast ratings of a line, by its device.
        self._followed = dict[str, CALLBACK_TYPE]()
        # Devices whose expected load or forecast rating has changed.
        self._changed = Worklist[str](self._async_show, self._start)
        self._timer: CALLBACK_TYPE | None = None
        self._one_at_a_time = asyncio.Lock()

    @callback
    def async_setup(self) -> None:
        """Refresh each hour from now on."""
        self._hass.bus.async_listen(EVENT_RECORDER_HOURLY_STATISTICS_GENERATED, self._hour_recorded)

    @callback
    def async_follow(self, account: Account) -> None:
        """Look ahead for an account until it is closed."""
        entry = account.entry
        self._accounts[entry.entry_id] = account
        entry.async_on_unload(partial(self._unfollow, account))
        if recorder_loaded(self._hass):
            entry.async_on_unload(async_at_started(self._hass, self._started))
            entry.async_on_unload(account.importer.async_on_imported(self.async_read_anew))

    def expected_load(self, device_id: str) -> ExpectedLoad | None:
        """Return the load that is expected of a line or site; None if it is unknown.

        That of an asset is known only while it has a listener.
        """
        return self._expected.get(self._line_or_self(device_id))

    def outlook(self, device_id: str) -> LineOutlook | None:
        """Return the hours ahead of a line; None if load or rating is unknown.

        Args:
            device_id: the line, or a facility or sensor of one.
        """
        return self._outlooks.get(self._line_or_self(device_id))

    async def async_expected_load(self, device_id: str) -> ExpectedLoad | None:
        """Return the load that is expected of a line, site or asset; None if it is unknown."""
        if (known := self.expected_load(device_id)) is not None:
            return known
        if not recorder_loaded(self._hass):
            return None
        device_id = self._line_or_self(device_id)
        return (await self._async_expect_one(device_id)).get(device_id)

    async def async_expect(
        self, account: Account, loads: Iterable[MeasuredLoad]
    ) -> Mapping[str, ExpectedLoad]:
        """Return what is expected of any loads, by device; without those that are unknown.

        Args:
            account: whose calendar of holidays counts.
            loads: where they are recorded.
        """
        if not recorder_loaded(self._hass):
            return {}
        return await self._async_expect(account, loads)

    @callback
    def async_read_anew(self) -> None:
        """Read all statistics as a whole before long: earlier hours have changed."""
        self._recorded.forget()
        self._refresh_in(SOON)

    @callback
    def async_listen(self, device_id: str, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener when the expected load or the outlook of a device has changed.

        Returns:
            Stops the calls.
        """
        device_id, token = self._line_or_self(device_id), object()
        self._listeners[device_id][token] = listener
        if device_id not in self._expected and recorder_loaded(self._hass):
            self._refresh_in(SOON)

        @callback
        def remove() -> None:
            listeners = self._listeners[device_id]
            listeners.pop(token, None)
            if not listeners:
                del self._listeners[device_id]

        return remove

    def _line_or_self(self, device_id: str) -> str:
        """Return the device of a line; of a device that belongs to none, the device itself."""
        found = line_account_of(self._hass, device_id)
        line = None if found is None else found[0].line_device(found[1])
        return device_id if line is None else line.id

    @callback
    def _unfollow(self, account: Account) -> None:
        """Forget what depends on an account; the loads hold, and it may be back in a moment."""
        del self._accounts[account.entry.entry_id]
        for device_id in tuple(self._outlooks.keys() | self._followed.keys()):
            found = line_account_of(self._hass, device_id)
            if found is None or found[0] is account:
                self._outlooks.pop(device_id, None)
                if (stop := self._followed.pop(device_id, None)) is not None:
                    stop()

    # When

    @callback
    def _started(self, _hass: HomeAssistant) -> None:
        self._refresh_in(SOON)

    @callback
    def _hour_recorded(self, _event: Event) -> None:
        self._refresh_in(SOON + crc32("".join(self._accounts).encode()) % SPREAD)

    @callback
    def _refresh_in(self, seconds: float) -> None:
        """Refresh before long; several reasons at once lead to one refresh."""
        if self._timer is None and self._accounts:
            job = HassJob(self._async_due, f"{DOMAIN} loads", cancel_on_shutdown=True)
            self._timer = async_call_later(self._hass, seconds, job)

    async def _async_due(self, _now: datetime) -> None:
        self._timer = None
        await self.async_refresh()

    async def async_refresh(self) -> None:
        """Expect all loads anew."""
        async with self._one_at_a_time:
            expected = dict[str, ExpectedLoad]()
            for account in tuple(self._accounts.values()):
                loads = await in_slices(account.measured_loads())
                measured = {load.device_id for load in loads}
                loads += self._listened(account, self._listeners.keys() - measured)
                expected |= await self._async_expect(account, loads)
            self._recorded.retain(hour_of(dt_util.utcnow()))
            before, self._expected = self._expected, expected
        self._changed.add(before.keys() | expected.keys())

    def _listened(self, account: Account, device_ids: Iterable[str]) -> Iterator[MeasuredLoad]:
        """Yield the loads of further devices of an account that have listeners, such as assets."""
        for device_id in device_ids:
            match account_of(self._hass, device_id):
                case (owner, device) if owner is account:
                    if (load := account.measured_load(device)) is not None:
                        yield load

    async def _async_expect_one(self, device_id: str) -> Mapping[str, ExpectedLoad]:
        """Return what is expected of a device, by its id; nothing if that is unknown."""
        match account_of(self._hass, device_id):
            case (account, device) if (load := account.measured_load(device)) is not None:
                return await self._async_expect(account, [load])
            case _:
                return {}

    # What

    async def _async_expect(
        self, account: Account, loads: Iterable[MeasuredLoad]
    ) -> Mapping[str, ExpectedLoad]:
        """Return what is expected of loads, by device; without those that are unknown."""
        updated = dt_util.utcnow()
        now = hour_of(updated)
        model = LoadModel(await self._async_local_hours(account, now), now)
        found = dict[str, ExpectedLoad]()
        async for some in self._recorded.async_means(loads, now):
            expected = await in_slices(
                (load.device_id, ExpectedLoad.of(updated, load.unit, model.expect(past)))
                for load, past in some
            )
            found |= {device_id: one for device_id, one in expected if one.starts}
        return found

    async def _async_local_hours(self, account: Account, now: int) -> Mapping[int, LocalHour]:
        calendar = holiday_calendar(self._hass, account.entry.options)
        holidays = frozenset() if calendar is None else await self._holidays.async_of(calendar)
        zone = dt_util.get_default_time_zone()
        return local_hours(now - HOURS_BEHIND, now + HOURS_AHEAD, zone, holidays)

    # Showing

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._hass.async_create_task(work, f"{DOMAIN} outlooks", eager_start=False)

    async def _async_show(self, device_ids: Iterable[str]) -> None:
        """Join loads with ratings, and notify; several changes at once lead to one pass."""
        await in_slices(map(self._show, device_ids))

    def _show(self, device_id: str) -> None:
        if (found := line_account_of(self._hass, device_id)) is not None:
            self._follow_rating(*found)
            self._join(*found)
        for listener in tuple(self._listeners.get(device_id, {}).values()):
            listener()

    def _follow_rating(self, account: LineAccount, device: AnyDeviceEntry) -> None:
        """Join anew whenever the forecast rating of a line changes, once its load is expected."""
        if device.id in self._followed or device.id not in self._expected:
            return
        changed = partial(self._changed.add, (device.id,))
        stop = account.async_follow_forecast(device, RATING_KINDS, changed)
        if stop is not None:
            self._followed[device.id] = stop

    def _join(self, account: LineAccount, device: AnyDeviceEntry) -> None:
        """Join the expected load of a line with its forecast rating."""
        outlook: LineOutlook | None = None
        expected = self._expected.get(device.id)
        forecast = account.hourly_forecast(device, hours=HOURS_AHEAD)
        line = account.line_state(device)
        if expected is not None and forecast is not None and line is not None:
            former, now = self._outlooks.get(device.id), dt_util.utcnow()
            outlook = line_outlook(expected, forecast, line.voltage)
            outlook = with_begun_hour(outlook, former, now)
        if outlook is None or not outlook.hours:
            outlook = None
            self._outlooks.pop(device.id, None)
        else:
            self._outlooks[device.id] = outlook
        account.async_show_outlook(device, outlook)


LOAD_FORECASTS: Final = HassKey[LoadForecasts](f"{DOMAIN}.load_forecasts")
