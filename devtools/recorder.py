"""What Home Assistant's recorder holds as long-term statistics."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal

import msgspec

from .hass import Hass

_HOUR_MS: Final = 3_600_000
_TYPES: Final = ("mean", "min", "max", "sum")


class Statistic(msgspec.Struct, frozen=True):
    """One statistic; those of an entity have no name of their own."""

    statistic_id: str
    name: str | None = None


class Row(msgspec.Struct, frozen=True):
    """One period of a statistic; `start` in milliseconds since 1970."""

    start: int
    mean: float | None = None
    min: float | None = None
    max: float | None = None
    sum: float | None = None

    @property
    def hour(self) -> int:
        """The hour since 1970."""
        return self.start // _HOUR_MS


async def statistics(hass: Hass) -> dict[str, Statistic]:
    """Return all statistics by id."""
    found = await hass.command("recorder/list_statistic_ids", list[Statistic])
    return {each.statistic_id: each for each in found}


async def recorded(
    hass: Hass,
    ids: Collection[str],
    start: datetime,
    end: datetime | None = None,
    period: Literal["5minute", "hour"] = "hour",
) -> dict[str, list[Row]]:
    """Return the rows of statistics from one time to another, oldest first.

    A statistic without rows is left out. Values are in the units of display.
    """
    until = {} if end is None else {"end_time": end.isoformat()}
    return await hass.command(
        "recorder/statistics_during_period",
        dict[str, list[Row]],
        statistic_ids=[*ids],
        period=period,
        types=[*_TYPES],
        start_time=start.isoformat(),
        **until,
    )
