"""Forecasts of ratings that the simulators of a process compute once.

Each test has a world of its own, mostly of the same seed and at the same time, whose forecasts
took a quarter of the time of a test that sets an account of Heimdall Power up. The tests of the
simulator compute their own.
"""

from collections.abc import Callable
from typing import Final

from simulator.heimdall.assets import Line
from simulator.heimdall.ratings import Bucket, Kind, Ratings, SpanRating
from simulator.server import Simulator

type Forecast = list[Bucket[SpanRating]]

_MOST: Final = 512
_known: Final = dict[object, Forecast]()


def share_forecasts(simulator: Simulator) -> None:
    """Let a simulator take a forecast that another one has computed from the same values."""
    ratings, options = simulator.heimdall.models.ratings, simulator.options
    compute: Callable[[Line, Kind, float, int], Forecast] = ratings.forecast

    def forecast(line: Line, kind: Kind, now: float, hours: int) -> Forecast:
        key = (
            *(options.seed, options.forecast_start),
            *(ratings.kind(line, kind), ratings.issued(line, now), hours),
            *_values(line),
        )
        if key not in _known:
            if len(_known) >= _MOST:
                _known.clear()
            _known[key] = compute(line, kind, now, hours)
        return _known[key]

    vars(ratings).update({Ratings.forecast.__name__: forecast})


def _values(line: Line) -> tuple[object, ...]:
    """Return what a line's ratings depend on."""
    spans = ((one.id, one.exposure, one.warmer, one.uncertainty) for one in line.spans)
    return (line.id, line.conductor, line.sub_conductors, line.cold_spells, *spans)
