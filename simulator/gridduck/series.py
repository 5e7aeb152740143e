"""Series of measurements: what telemetry and data requests are made of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from .asset import Asset
from .load import DAY, HOUR, MINUTE

type Kind = Literal["aggregate", "instantaneous"]
type _Measure = Callable[[Asset, float, float], float]

GRANULARITIES: Final = {"minute": MINUTE, "half_hour": HOUR // 2, "hour": HOUR, "day": DAY}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A data type: its unit, which assets have it, and its value over an interval by kind."""

    name: str
    unit: str
    exists: Callable[[Asset], bool]
    measures: dict[Kind, _Measure]


def _delivered(asset: Asset, start: float, end: float) -> float:
    # In whole mWh of a running total, so that hours add up to exactly their day.
    whole = [round(asset.corrected_energy(at) * 1000) for at in (start, end)]
    return (whole[1] - whole[0]) / 1000


def _counter(asset: Asset, start: float, _end: float) -> float:
    return round(asset.reading(start), 3)


def _mean_power(asset: Asset, start: float, end: float) -> float:
    if end - start < 1:
        return float(asset.power(start) or 0)
    energy = asset.corrected_energy(end) - asset.corrected_energy(start)
    return round(energy * HOUR / (end - start), 3)


def _temperature(asset: Asset, start: float, end: float) -> float:
    return asset.temperature((start + end) / 2)


def _measures_power(asset: Asset) -> bool:
    return asset.kind.watts is not None


QUANTITIES: Final = {
    quantity.name: quantity
    for quantity in (
        Quantity(
            "delivered",
            "Wh",
            _measures_power,
            {"aggregate": _delivered, "instantaneous": _counter},
        ),
        Quantity(
            "consumption",
            "W",
            _measures_power,
            {"aggregate": _mean_power, "instantaneous": _mean_power},
        ),
        Quantity(
            "temperature",
            "°C",
            lambda asset: asset.kind.temperature is not None,
            {"aggregate": _temperature, "instantaneous": _temperature},
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` up to `end` (unix seconds), in steps that lie on multiples of `step` in UTC."""

    start: int
    end: int
    step: int

    @property
    def stamps(self) -> range:
        """The starts of the intervals that begin within the window."""
        return range(-(-self.start // self.step) * self.step, self.end, self.step)


def series(
    asset: Asset, quantity: Quantity, kind: Kind, window: Window, now: float
) -> Iterator[tuple[int, float]]:
    """Yield the start and the value of each interval that has begun.

    The interval that still runs has its value so far. Nothing is there before the asset was
    created, nor after it went offline.
    """
    if not quantity.exists(asset):
        return
    measure = quantity.measures[kind]
    horizon = asset.horizon(now)
    for stamp in window.stamps:
        if stamp >= horizon:
            return
        if stamp + window.step > asset.created:
            yield stamp, measure(asset, stamp, min(stamp + window.step, horizon))
