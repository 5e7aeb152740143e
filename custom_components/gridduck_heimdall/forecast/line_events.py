"""What is ahead of a line, as events of a calendar."""

from collections.abc import Iterator
from typing import Final

from homeassistant.helpers.device_registry import DeviceEntry

from ..core.line_forecast import Extreme, IceForecast
from .agenda import Occurrence

ICE: Final = "ice"
KINDS: Final = (ICE,)

ICE_FROM: Final = 0.1
"""Ice load from which ice is an event, kg/m; less is within what can be measured."""


def line_name(device: DeviceEntry) -> str:
    """Return what users call a line."""
    return device.name_by_user or device.name or device.id


def ice_events(device: DeviceEntry, forecast: IceForecast) -> Iterator[Occurrence]:
    """Yield each time in which ice is expected on a line."""
    spell = list[Extreme]()
    for point in forecast.points:
        if point.value < ICE_FROM:
            continue
        if spell and point.timestamp > spell[-1].timestamp + forecast.step:
            yield _ice(device, forecast, spell)
            spell = []
        spell.append(point)
    if spell:
        yield _ice(device, forecast, spell)


def _ice(device: DeviceEntry, forecast: IceForecast, spell: list[Extreme]) -> Occurrence:
    return Occurrence(
        kind=ICE,
        subject=device.id,
        name=line_name(device),
        start=spell[0].timestamp,
        end=spell[-1].timestamp + forecast.step,
        values={"weight": f"{max(one.value for one in spell):.1f}"},
    )
