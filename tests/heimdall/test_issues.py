"""Since when something holds, by a clock that may be wrong."""

from datetime import UTC, datetime, timedelta

from homeassistant.core import HomeAssistant

from custom_components.gridduck_heimdall.heimdall.issues import ConditionTimer

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
DAY = timedelta(days=1)


async def test_a_clock_that_was_ahead(hass: HomeAssistant) -> None:
    """What was noted 40 days ahead does not stand in the way until then."""
    lasting = ConditionTimer(hass, "entry")
    await lasting.async_load()
    lasting.note("no_line", NOW + 40 * DAY)
    for hours in (0, 12, 24):
        lasting.note("no_line", NOW + timedelta(hours=hours))
    assert lasting.lasts("no_line", DAY)
    assert not lasting.lasts("no_line", 2 * DAY)
    await lasting.async_close()
