"""What is recorded of a line: its statistics, and the fallbacks that no statistic holds."""

from datetime import datetime
from typing import Final

from homeassistant.const import Platform, UnitOfElectricCurrent
from homeassistant.helpers import entity_registry as er

from ..api.errors import PermissionDenied
from ..api.heimdall import HeimdallClient, endpoints
from ..api.heimdall.units import apparent_power_mva
from ..const import DOMAIN
from ..core.line_account import Fallbacks, LineStatistic, LineStatistics
from ..core.measured_load import MeasuredLoad
from .catalog import BY_KEY
from .inventory import Kind, LineItem
from .runtime_data import HeimdallData
from .sensor_line import LINE_CURRENT

MOST_CALLS: Final = 24
"""Requests for the fallbacks of one range, of 30 days each: almost two years."""


def line_statistics(data: HeimdallData, item: LineItem) -> LineStatistics:
    """Return the statistics of a line, those of disabled entities included."""
    registry = er.async_get(data.hass)
    descriptions = BY_KEY[Kind.LINE]
    found = {
        one: registry.async_get_entity_id(
            Platform.SENSOR, DOMAIN, data.unique_id(item, descriptions[one.value])
        )
        for one in LineStatistic
    }
    return LineStatistics(
        ids={one: entity_id for one, entity_id in found.items() if entity_id is not None},
        static_rating=data.ratings.static.get(item.id),
        mva_per_ampere=None if item.voltage is None else apparent_power_mva(1, item.voltage),
    )


def measured_load(data: HeimdallData, item: LineItem) -> MeasuredLoad | None:
    """Return where the current of a line is recorded; None without a device."""
    if (device := data.device_of(item)) is None:
        return None
    unique_id = data.unique_id(item, LINE_CURRENT)
    return MeasuredLoad(
        device_id=device.id,
        unit=UnitOfElectricCurrent.AMPERE,
        entity_id=er.async_get(data.hass).async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id),
    )


async def async_fallbacks(
    client: HeimdallClient, item: LineItem, start: datetime, end: datetime
) -> Fallbacks | None:
    """Return how many of the dynamic line ratings of a range were fallbacks; None if unknown.

    Raises:
        ApiError: a window could not be read. Missing data is no error.
    """
    endpoint = endpoints.DLRS
    if (end - start) / endpoint.longest_window(item.asset) > MOST_CALLS:
        return None
    ratings = fallback = 0
    # Both ends of a window are inclusive.
    last: datetime | None = None
    try:
        target_id = item.target_ids.get(endpoint.target)
        async for answer in client.async_history(endpoint, target_id, start, end, line=item.asset):
            for one in answer.ratings:
                if one.value is not None and (last is None or one.timestamp > last):
                    ratings += 1
                    fallback += bool(one.is_fallback)
            last = max((one.timestamp for one in answer.ratings), default=last)
    except PermissionDenied as error:
        if error.without_token:
            raise
        # A product that the account may not read counts as missing.
        return None
    return Fallbacks(ratings, fallback) if ratings else None
