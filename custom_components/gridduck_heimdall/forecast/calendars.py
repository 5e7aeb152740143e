"""Calendars of accounts: what is expected of lines, and which overrides run."""

from collections.abc import (
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Iterable,
    Iterator,
)
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.const import EVENT_RECORDER_HOURLY_STATISTICS_GENERATED
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..api.override import Override, RunningOverride
from ..const import LOGGER
from ..core.asset_account import AssetAccount
from ..core.backend import Account
from ..core.line_account import LineAccount
from ..core.slices import in_slices
from ..core.texts import template
from ..core.worklist import Worklist
from .agenda import Agenda, Occurrence
from .line_events import CONGESTION, ICE, KINDS, congestion_events, ice_events
from .runtime import LOAD_FORECASTS

_OVERRIDES: Final = (Override.BOOST, Override.SNOOZE)

PLANNED: Final = "planned_snooze"
PLANNED_BOOST: Final = "planned_boost"
"""The kinds of a snooze and a boost that are expected; keys of the translations."""

PLAN_AFTER: Final = 300.0
"""Seconds after which plans are read: when the account is opened, and when the recorder has
computed an hour, from which loads are then expected anew."""

type Plans = Callable[[AssetAccount], Awaitable[Iterable[Occurrence]]]
"""Returns the overrides that are planned for the assets of an account."""

LOOK_EVERY: Final = 10.0
"""Seconds between two looks at the lines while their forecasts change."""

KEPT_WITHOUT_FORECAST: Final = timedelta(hours=6)
"""How long events of a line are kept while its forecast is not known."""


class AgendaCalendar(CalendarEntity):
    """A calendar that shows an agenda, and writes only when the event that it shows changes.

    It belongs to the account and not to each line or asset, of which there are hundreds and
    thousands. No device represents an account, so its name starts with that of the account.
    """

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, account: Account, key: str) -> None:
        """Show the agenda of an account.

        Args:
            account: the account.
            key: the key of the entity.
        """
        self._agenda: Final = Agenda(account.hass, account.entry.entry_id)
        self._entry: Final = account.entry
        self._key: Final = key
        self._attr_unique_id = f"{account.identity}_{key}"
        self._attr_translation_key = key
        self._attr_translation_placeholders = {"account": account.entry.title}
        self._shown: tuple[str, Occurrence] | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Read what was shown before a restart."""
        await super().async_added_to_hass()
        await self._agenda.async_load()

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Write what has changed."""
        await super().async_will_remove_from_hass()
        await self._agenda.async_close()

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """The event that runs, or the next one."""
        found = self._agenda.next(dt_util.utcnow())
        return None if found is None else self._event(*found)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return the events of a range; what is over is kept for a day."""
        found = self._agenda.between(start_date, end_date)
        return await in_slices(self._event(uid, one) for uid, one in found)

    def _work(self, work: Coroutine[object, object, None]) -> None:
        """Work in the background until the account is closed."""
        self._entry.async_create_background_task(self.hass, work, f"{self._entry.title} calendar")

    def _drop(self, topics: Collection[str]) -> bool:
        """Drop the events of lines or assets that are gone; return whether there were any."""
        now = dt_util.utcnow()
        for topic in topics:
            self._agenda.update(topic, (), now)
        return bool(topics)

    @callback
    def _changed(self, *, force: bool = False) -> None:
        """Write the state if the event that it shows differs, and update open calendars."""
        found = self._agenda.next(dt_util.utcnow())
        if force or found != self._shown:
            self._shown = found
            self.async_write_ha_state()
        else:
            self.async_update_event_listeners()

    def _event(self, uid: str, one: Occurrence) -> CalendarEvent:
        return CalendarEvent(
            start=dt_util.as_local(one.start),
            end=dt_util.as_local(one.end),
            summary=self._text("message", one) or one.name,
            description=self._text("description", one),
            location=one.location,
            uid=uid,
        )

    def _text(self, attribute: str, one: Occurrence) -> str | None:
        """Return a text of an event in the language of Home Assistant; None if it has none."""
        path = f"calendar.{self._key}.state_attributes.{attribute}.state.{one.kind}"
        text = template(self.hass, "entity", path)
        return None if text is None else text.format(name=one.name, **one.values)


class LineCalendar(AgendaCalendar):
    """What is expected of the lines of an account."""

    def __init__(self, account: LineAccount) -> None:
        """Show what is expected of the lines of an account."""
        super().__init__(account, "line_forecasts")
        self._account: Final = account
        self._known_at: dict[str, datetime] = {}
        # Of many lines, one forecast changes after the other.
        self._looks: Final = Debouncer(
            account.hass,
            LOGGER,
            cooldown=LOOK_EVERY,
            immediate=True,
            function=self._async_refresh,
            background=True,
        )
        self._loads: Final = account.hass.data[LOAD_FORECASTS]

    @override
    async def async_added_to_hass(self) -> None:
        """Show what is expected now, and follow the forecasts."""
        await super().async_added_to_hass()
        self._attr_available = self._account.forecasts_serving
        await self._async_look()
        self._shown = self._agenda.next(dt_util.utcnow())
        self.async_on_remove(self._looks.async_shutdown)
        look_soon = self._looks.async_schedule_call
        self.async_on_remove(self._account.async_follow_forecasts(look_soon))

    async def _async_refresh(self) -> None:
        serving = self._account.forecasts_serving
        became, self._attr_available = serving != self._attr_available, serving
        if await self._async_look() or became:
            self._changed(force=became)

    async def _async_look(self) -> bool:
        """Take the forecasts of all lines; return whether an event changed."""
        devices = self._account.line_devices()
        looked = await in_slices(self._look(device) for device in devices)
        topics = {f"{kind} {device.id}" for device in devices for kind in KINDS}
        return self._drop(set(self._agenda.topics) - topics) or any(looked)

    def _look(self, device: DeviceEntry) -> bool:
        """Take what is expected of a line."""
        now = dt_util.utcnow()
        outlook, ice = self._loads.outlook(device.id), self._account.ice_forecast(device)
        congested = None if outlook is None else congestion_events(device, outlook, now)
        icy = None if ice is None else ice_events(device, ice)
        return any(
            [
                self._take(f"{CONGESTION} {device.id}", congested, now),
                self._take(f"{ICE} {device.id}", icy, now),
            ]
        )

    def _take(self, topic: str, found: Iterable[Occurrence] | None, now: datetime) -> bool:
        """Take the events of a topic; where they are not known, the former ones stay for a while.

        Returns:
            Whether anything changed.
        """
        if found is not None:
            self._known_at[topic] = now
        elif now - self._known_at.setdefault(topic, now) < KEPT_WITHOUT_FORECAST:
            return False
        return self._agenda.update(topic, found or (), now)


class OverrideCalendar(AgendaCalendar):
    """The boosts and snoozes of an account that run, and the snoozes that are planned."""

    def __init__(self, account: AssetAccount, plans: Plans) -> None:
        """Show the overrides of an account.

        Args:
            account: the account.
            plans: returns what is planned.
        """
        super().__init__(account, "overrides")
        self._account: Final = account
        self._plans: Final = plans
        self._timer: CALLBACK_TYPE | None = None
        # Assets whose control state may have changed.
        self._assets = Worklist[str](self._async_look, self._work)

    @override
    async def async_added_to_hass(self) -> None:
        """Show what runs now, and follow the assets."""
        await super().async_added_to_hass()
        listed = set(self._account.asset_ids)
        await in_slices(self._look(one) for one in listed)
        kinds = (*_OVERRIDES, PLANNED, PLANNED_BOOST)
        topics = {f"{kind} {one}" for one in listed for kind in kinds}
        self._drop(set(self._agenda.topics) - topics)
        self._shown = self._agenda.next(dt_util.utcnow())
        self.async_on_remove(self._account.async_follow_control(self._assets.add))
        self.async_on_remove(
            self.hass.bus.async_listen(EVENT_RECORDER_HOURLY_STATISTICS_GENERATED, self._plan_later)
        )
        self.async_on_remove(self._stop_timer)
        self._plan_later()

    @callback
    def _plan_later(self, _event: Event | None = None) -> None:
        if self._timer is None:
            job = HassJob(self._plan, f"{self._entry.title} plans", cancel_on_shutdown=True)
            self._timer = async_call_later(self.hass, PLAN_AFTER, job)

    @callback
    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer()
            self._timer = None

    @callback
    def _plan(self, _now: datetime) -> None:
        self._timer = None
        self._work(self._async_plan())

    async def _async_plan(self) -> None:
        """Take what is planned."""
        found = dict[str, list[Occurrence]]()
        for one in await self._plans(self._account):
            found.setdefault(one.topic, []).append(one)
        now, before = dt_util.utcnow(), set(self._agenda.topics)
        planned = (f"{PLANNED} ", f"{PLANNED_BOOST} ")
        gone = {topic for topic in before if topic.startswith(planned)} - found.keys()
        changed = await in_slices(
            self._agenda.update(topic, found.get(topic, ()), now) for topic in (*found, *gone)
        )
        if any(changed):
            self._changed()

    async def _async_look(self, asset_ids: Iterable[str]) -> None:
        """Look at the assets that have changed, all of thousands in slices."""
        if any(await in_slices(map(self._look, asset_ids))):
            self._changed()

    def _look(self, asset_id: str) -> bool:
        """Take the override of an asset; while it is unavailable, its event stays as it is."""
        control = self._account.control_of(asset_id)
        if control is None and self._account.has_asset(asset_id):
            return False
        running = None if control is None else control.running
        now, changed = dt_util.utcnow(), False
        for kind in _OVERRIDES:
            topic = f"{kind} {asset_id}"
            if running is not None and running.kind is kind:
                changed |= self._agenda.update(
                    topic, (self._event_of(asset_id, running, now),), now
                )
            elif topic in self._agenda.topics:
                changed |= self._agenda.update(topic, (), now)
        return changed

    def _event_of(self, asset_id: str, running: RunningOverride, now: datetime) -> Occurrence:
        cause = self._account.cause_of(asset_id, running)
        site, _ = self._account.site_names(asset_id)
        return Occurrence(
            kind=running.kind,
            subject=asset_id,
            name=self._account.asset_name(asset_id) or asset_id,
            # The service does not say when it has begun.
            start=now,
            end=running.end,
            location=site,
            values={"why": "" if cause is None else cause.why or ""},
        )


def calendars_of(account: Account, plans: Plans) -> Iterator[CalendarEntity]:
    """Yield the calendar of an account.

    Args:
        account: the account.
        plans: returns the overrides that are planned for an account of assets.
    """
    match account:
        case LineAccount():
            yield LineCalendar(account)
        case AssetAccount():
            yield OverrideCalendar(account, plans)
