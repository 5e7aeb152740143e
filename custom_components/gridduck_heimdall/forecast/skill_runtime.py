"""Compares forecasts with what came, each hour, for all accounts."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import batched, product
from typing import Any, Final
from zlib import crc32

from homeassistant.components.recorder import get_instance
from homeassistant.const import EVENT_RECORDER_HOURLY_STATISTICS_GENERATED
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..core.backend import Account
from ..core.description import ForecastKind
from ..core.device_map import name_of
from ..core.issues import FORECASTS_TOO_SURE, async_clear, async_raise
from ..core.line_account import LineAccount, LineStatistic
from ..core.line_forecast import Confidence
from ..core.slices import in_slices
from ..history.hours import hour_of
from ..history.statistics import recorder_loaded
from .rows import HourRange, read_rows, values_of
from .runtime import LOAD_FORECASTS
from .skill import DAYS, ENOUGH_HOURS, LEADS, Forecast, ForecastQuantity, Score, Skill
from .skill_record import SkillRecord, key_of

AFTER_THE_HOUR: Final = 180.0
"""Seconds after the recorder has computed an hour; by then loads are expected anew."""
SPREAD: Final = 120
"""Seconds over which accounts are spread."""
WAITS: Final = 48
"""Hours that a forecast waits for what came: the daily correction imports what was missed."""
READ_AT_ONCE: Final = 100
"""Statistics that are read at once."""
NAMED: Final = 10
"""Lines that the issue names; it only counts the others."""


class ForecastSkill:
    """The skill of the forecasts of all accounts."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; nothing is read yet."""
        self._hass = hass
        self._accounts = dict[str, tuple[Account, SkillRecord]]()
        self._timer: CALLBACK_TYPE | None = None
        self._reported = dict[str, list[str]]()

    @callback
    def async_setup(self) -> None:
        """Look each hour from now on."""
        self._hass.bus.async_listen(EVENT_RECORDER_HOURLY_STATISTICS_GENERATED, self._hour_recorded)

    async def async_follow(self, account: Account) -> None:
        """Compare the forecasts of an account until it is closed."""
        entry = account.entry
        record = SkillRecord(self._hass, entry.entry_id)
        await record.async_load()
        self._accounts[entry.entry_id] = account, record

        async def async_unfollow() -> None:
            del self._accounts[entry.entry_id]
            self._reported.pop(entry.entry_id, None)
            await record.async_close()

        entry.async_on_unload(async_unfollow)

    def report(self, account: Account, device_id: str, days: int) -> dict[str, Any]:
        """Return how well the forecasts of a line or site came true in the last days."""
        record = self._accounts[account.entry.entry_id][1]
        since = hour_of(dt_util.utcnow()) // 24 + 1 - days
        return {
            quantity.value: [
                {
                    "lead": lead,
                    **record.skill(quantity, device_id).scores.total(lead, since).as_dict(),
                }
                for lead in LEADS
            ]
            for quantity in ForecastQuantity
        }

    async def async_diagnostics(self, entry_id: str) -> dict[str, Any]:
        """Return the scores of all lines and sites of an account together; they name none."""
        if entry_id not in self._accounts:
            return {}
        _, record = self._accounts[entry_id]
        totals = await in_slices(
            (_quantity_of(key), lead, skill.scores.total(lead, skill.scores.first))
            for key, skill in tuple(record.items())
            for lead in LEADS
        )
        sums = dict.fromkeys(product(ForecastQuantity, LEADS), Score())
        for quantity, lead, score in totals:
            sums[quantity, lead] += score
        return {f"{quantity}_{lead}_h": one.as_dict() for (quantity, lead), one in sums.items()}

    @callback
    def _hour_recorded(self, _event: Event) -> None:
        if self._timer is None and self._accounts:
            delay = AFTER_THE_HOUR + crc32("".join(self._accounts).encode()) % SPREAD
            job = HassJob(self._async_look, f"{DOMAIN} skill", cancel_on_shutdown=True)
            self._timer = async_call_later(self._hass, delay, job)

    async def _async_look(self, _now: datetime) -> None:
        self._timer = None
        if not recorder_loaded(self._hass):
            return
        for account, record in tuple(self._accounts.values()):
            now = hour_of(dt_util.utcnow())
            await self._async_settle(account, record, now)
            await in_slices(self._note(account, record, now))
            if isinstance(account, LineAccount):
                await self._async_judge(account, record)

    # What came

    async def _async_settle(self, account: Account, record: SkillRecord, now: int) -> None:
        """Compare the forecasts whose hours have been recorded."""
        due = {key for key, skill in record.items() if any(hour < now for hour, _ in skill.pending)}
        ids = {key: one for key, one in await in_slices(_statistics(account)) if key in due}
        span = HourRange(now - WAITS - 24, now)
        recorder = get_instance(self._hass)
        for some in batched(ids.items(), READ_AT_ONCE, strict=False):
            read = partial(read_rows, self._hass, {one for _, one in some}, span, ("mean",))
            rows = await recorder.async_add_executor_job(read)
            came = {key: values_of(rows.get(one, ()), "mean") for key, one in some}
            await in_slices(_settled(record, came, now))
        # Of what has no statistic any more, forecasts and scores grow old.
        await in_slices(_settled(record, {key: {} for key in due - ids.keys()}, now))
        await in_slices(_forgotten(record, now))

    # What is forecast

    def _note(self, account: Account, record: SkillRecord, now: int) -> Iterator[None]:
        """Take what is forecast now."""
        if isinstance(account, LineAccount):
            for device in account.line_devices():
                forecast = account.hourly_forecast(device, hours=LEADS[-1] + 2)
                hours = () if forecast is None else forecast.hours
                ratings = {
                    hour_of(one.start): Forecast(
                        levels[Confidence.PREDICTION], levels[Confidence.P95]
                    )
                    for one in hours
                    if (levels := one.ratings.get(ForecastKind.DLR, {})).keys()
                    >= {Confidence.PREDICTION, Confidence.P95}
                }
                _take(record, key_of(ForecastQuantity.RATING, device.id), now, ratings)
                yield
        for load in account.measured_loads():
            expected = self._hass.data[LOAD_FORECASTS].expected_load(load.device_id)
            if expected is not None and hour_of(expected.updated) == now:
                loads = {
                    hour_of(one.start): Forecast(one.centre, one.high) for one in expected.hours
                }
                _take(record, key_of(ForecastQuantity.LOAD, load.device_id), now, loads)
            yield

    # What follows

    async def _async_judge(self, account: LineAccount, record: SkillRecord) -> None:
        """Raise an issue for lines whose ratings fall below the level of 95 % too often."""
        judged = await in_slices(
            (name_of(device), _is_overconfident(record.skill(ForecastQuantity.RATING, device.id)))
            for device in account.line_devices()
        )
        entry, names = account.entry, [name for name, failed in judged if failed]
        if entry.entry_id not in self._accounts or names == self._reported.get(entry.entry_id):
            return
        self._reported[entry.entry_id] = names
        if names:
            lines = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
            async_raise(self._hass, entry, FORECASTS_TOO_SURE, lines=lines, count=str(len(names)))
        else:
            async_clear(self._hass, entry, FORECASTS_TOO_SURE)


def _statistics(account: Account) -> Iterator[tuple[str, str]]:
    """Yield the statistics of what comes, by the key of the skill."""
    if isinstance(account, LineAccount):
        for device in account.line_devices():
            found = account.line_statistics(device)
            if found is not None and (dlr := found.ids.get(LineStatistic.DLR)) is not None:
                yield key_of(ForecastQuantity.RATING, device.id), dlr
    for load in account.measured_loads():
        if load.entity_id is not None:
            yield key_of(ForecastQuantity.LOAD, load.device_id), load.entity_id


def _quantity_of(key: str) -> ForecastQuantity:
    return ForecastQuantity(key.partition(" ")[0])


def _settled(
    record: SkillRecord, came: Mapping[str, Mapping[int, float]], now: int
) -> Iterator[str]:
    """Compare forecasts with what came, and yield their keys."""
    for key, actual in came.items():
        if (before := record.get(key)) is not None:
            settled = before.settled(_quantity_of(key), actual, now, WAITS)
            if settled != before:
                record[key] = settled
        yield key


def _take(record: SkillRecord, key: str, now: int, forecasts: Mapping[int, Forecast]) -> None:
    before = record.get(key) or Skill()
    noted = before.noted(now, forecasts)
    if noted != before:
        record[key] = noted


def _forgotten(record: SkillRecord, now: int) -> Iterator[str]:
    """Drop what has had no forecast for as long as scores are kept, and yield all keys."""
    for key, skill in tuple(record.items()):
        if not skill.pending and skill.scores.end <= now // 24 - DAYS:
            del record[key]
        yield key


def _is_overconfident(skill: Skill) -> bool:
    return any(skill.scores.latest(lead, ENOUGH_HOURS).is_overconfident for lead in LEADS)


FORECAST_SKILL: Final = HassKey[ForecastSkill](f"{DOMAIN}.forecast_skill")
