"""A calendar of holidays: its days count as Sundays."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import override

from homeassistant.components.calendar import DOMAIN as CALENDAR, CalendarEntity, CalendarEvent
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import EntityComponent
from homeassistant.setup import async_setup_component
import pytest

from custom_components.gridduck_heimdall.forecast.holidays import TIMEOUT, Holidays
from custom_components.gridduck_heimdall.forecast.runtime import LOAD_FORECASTS
from tests.heimdall.home import Home

from .history import record
from .test_runtime import hour_recorded, line

THURSDAY = date(2026, 11, 19)


class DaysOff(CalendarEntity):
    """A calendar with a holiday, and an appointment that is none."""

    _attr_name = "Holidays"
    _attr_unique_id = "holidays"
    error: Exception | None = None
    hangs = gone = False

    @property
    @override
    def available(self) -> bool:
        return not self.gone

    @property
    @override
    def event(self) -> None:
        return None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        if self.error is not None:
            raise self.error
        if self.hangs:
            await asyncio.Event().wait()
        return [
            CalendarEvent(start=THURSDAY, end=THURSDAY + timedelta(days=1), summary="Holiday"),
            CalendarEvent(
                start=datetime(2026, 11, 18, 9, tzinfo=UTC),
                end=datetime(2026, 11, 18, 10, tzinfo=UTC),
                summary="Appointment",
            ),
        ]


@pytest.fixture
async def days_off(home: Home) -> DaysOff:
    """Return a calendar."""
    assert await async_setup_component(home.hass, CALENDAR, {})
    component: EntityComponent[CalendarEntity] = home.hass.data[CALENDAR]
    entity = DaysOff()
    await component.async_add_entities([entity])
    await home.hass.async_block_till_done()
    return entity


@pytest.fixture
def calendar(days_off: DaysOff) -> str:
    """Return the entity of the calendar."""
    return days_off.entity_id


def load(moment: datetime) -> float:
    """Return a load that is low on Sundays."""
    return 50.0 if moment.weekday() == 6 else 100.0


async def choose(home: Home, **chosen: object) -> None:
    """Choose options of the account in the form."""
    flows = home.hass.config_entries.options
    flow = await flows.async_init(home.entry.entry_id)
    await flows.async_configure(flow["flow_id"], {"entities": "automatic", **chosen})
    await home.hass.async_block_till_done(wait_background_tasks=True)


async def thursday(home: Home) -> float:
    """Return what is expected of Thursday noon."""
    await record(home.hass, home.sensor(home.line), "A", load, unit_class="electric_current")
    await hour_recorded(home)
    expected = home.hass.data[LOAD_FORECASTS].expected_load(line(home))
    assert expected is not None
    noon = datetime(2026, 11, 19, 12, tzinfo=UTC)
    return next(one.centre for one in expected.hours if one.start == noon)


async def test_a_holiday_counts_as_a_sunday(home: Home, calendar: str) -> None:
    assert await thursday(home) == pytest.approx(100)
    await choose(home, holidays=calendar)
    assert await thursday(home) == pytest.approx(50)
    registry = er.async_get(home.hass)
    registry.async_update_entity(calendar, new_entity_id="calendar.days_off")
    await home.hass.async_block_till_done()
    assert await thursday(home) == pytest.approx(50)
    await choose(home)
    assert await thursday(home) == pytest.approx(100)


async def test_the_form_shows_the_calendar(home: Home, calendar: str) -> None:
    await choose(home, holidays=calendar)
    flow = await home.hass.config_entries.options.async_init(home.entry.entry_id)
    schema = flow["data_schema"]
    assert schema is not None
    suggested = {key: key.description for key in schema.schema}
    assert suggested["holidays"] == {"suggested_value": calendar}


async def test_only_whole_days_are_holidays(home: Home, calendar: str) -> None:
    assert await Holidays(home.hass).async_of(calendar) == {THURSDAY}


async def test_a_calendar_that_is_gone_has_no_holidays(home: Home) -> None:
    assert await Holidays(home.hass).async_of("calendar.gone") == frozenset()


@pytest.mark.parametrize("error", [RuntimeError("broken"), TimeoutError(), None])
async def test_a_calendar_that_fails_keeps_its_holidays(
    home: Home,
    days_off: DaysOff,
    caplog: pytest.LogCaptureFixture,
    error: Exception | None,
) -> None:
    """Any integration can provide it; what it does wrong costs no forecast."""
    await choose(home, holidays=days_off.entity_id)
    assert await thursday(home) == pytest.approx(50)
    days_off.error, days_off.gone = error, error is None
    days_off.async_write_ha_state()
    for _ in range(2):
        await home.wait(hours=1)
        assert await thursday(home) == pytest.approx(50)
    assert caplog.text.count("The holidays of calendar.holidays cannot be read") == 1


async def test_a_calendar_that_does_not_answer(home: Home, days_off: DaysOff) -> None:
    """The forecasts of all accounts wait for it, though not for ever."""
    found = Holidays(home.hass)
    assert await found.async_of(days_off.entity_id) == {THURSDAY}
    days_off.hangs = True
    reading = asyncio.create_task(found.async_of(days_off.entity_id))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not reading.done()
    home.freezer.tick(TIMEOUT + 1)
    assert await reading == {THURSDAY}
