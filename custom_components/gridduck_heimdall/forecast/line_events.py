"""What is ahead of a line, as events of a calendar."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from homeassistant.helpers.device_registry import DeviceEntry

from ..core.device_map import name_of
from ..core.expected_load import HOUR, LineOutlook, OutlookHour
from ..core.line_forecast import Confidence, Extreme, IceForecast
from .agenda import Occurrence
from .spells import spells

CONGESTION: Final = "congestion"
ICE: Final = "ice"
KINDS: Final = (CONGESTION, ICE)

CONFIDENCE: Final = Confidence.PREDICTION
"""Of the rating that the expected current is compared with, as in the sensors of a line."""

ICE_FROM: Final = 0.1
"""Ice load from which ice is an event, kg/m; less is within what can be measured."""


def congestion_events(
    device: DeviceEntry, outlook: LineOutlook, now: datetime
) -> Iterator[Occurrence]:
    """Yield each time in which a line is expected to be congested."""
    for spell in spells(
        outlook.congested(CONFIDENCE, now), lambda one: one.start, lambda one: one.start + HOUR
    ):
        yield _congestion(device, spell)


def _congestion(device: DeviceEntry, spell: list[OutlookHour]) -> Occurrence:
    worst = max(spell, key=lambda hour: hour.shortfall(CONFIDENCE))
    return Occurrence(
        kind=CONGESTION,
        subject=device.id,
        name=name_of(device),
        start=spell[0].start,
        end=spell[-1].start + HOUR,
        values={
            "load": f"{worst.expected.centre:.0f}",
            "rating": f"{worst.in_force[CONFIDENCE]:.0f}",
        },
    )


def ice_events(device: DeviceEntry, forecast: IceForecast) -> Iterator[Occurrence]:
    """Yield each time in which ice is expected on a line."""
    for spell in spells(
        (one for one in forecast.points if one.value >= ICE_FROM),
        lambda one: one.timestamp,
        lambda one: one.timestamp + forecast.step,
    ):
        yield _ice(device, forecast, spell)


def _ice(device: DeviceEntry, forecast: IceForecast, spell: list[Extreme]) -> Occurrence:
    return Occurrence(
        kind=ICE,
        subject=device.id,
        name=name_of(device),
        start=spell[0].timestamp,
        end=spell[-1].timestamp + forecast.step,
        values={"weight": f"{max(one.value for one in spell):.1f}"},
    )
