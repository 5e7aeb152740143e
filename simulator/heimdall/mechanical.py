"""The module `grid_insights`, icing and sag: G7-G11. Contract: heimdall-api.md §3.16-3.18."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from .answers import iso
from .asked import Asked, Payload
from .assets import Product, SpanPhase
from .mechanics import PhaseState

# What G7 and G10 take for `since` where it is left out. Contract: §5.3.
_DEFAULT_SINCE: Final = 1800.0
# Without a current this young there is no icing forecast. Contract: §5.1.
_CURRENT_WITHIN: Final = 1200.0


@dataclass(frozen=True, slots=True)
class _Unit:
    name: str
    factor: float
    digits: int

    def measurement(self, value: float) -> Payload:
        return {"value": round(value * self.factor, self.digits), "unit": self.name}

    def extreme(self, at: float, phase: SpanPhase, value: float) -> Payload:
        """Return a SpanPhaseMeasurement."""
        place: Payload = {"timestamp": iso(at), "span_phase_id": phase.id}
        return place | self.measurement(value)


# By "imperial". Contract: heimdall-api.md §5.10.
_ICE: Final = {False: _Unit("kg/m", 1.0, 3), True: _Unit("lb/ft", 0.671969, 3)}
_TENSION: Final = {False: _Unit("N", 1.0, 1), True: _Unit("lbf", 0.224809, 1)}
_LENGTH: Final = {False: _Unit("m", 1.0, 2), True: _Unit("ft", 3.28084, 2)}
_PERCENT: Final = _Unit("%", 1.0, 2)


def latest_icing(asked: Asked) -> Payload | None:
    """G7."""
    return _icing(asked, _latest(asked))


def icing_history(asked: Asked) -> Payload | None:
    """G8."""
    return _icing(asked, _history(asked))


def icing_forecast(asked: Asked) -> Payload | None:
    """G9."""
    line = asked.line
    if Product.CURRENT not in line.products:
        return None
    if line.newest(asked.now) < asked.now - _CURRENT_WITHIN:
        return None
    forecasts = asked.models.mechanics.ice_forecast(line, asked.now)
    unit = _ICE[asked.query.imperial]
    value, at, phase = max(
        ((ice, at, f.phase) for f in forecasts for at, ice in f.points), key=lambda peak: peak[0]
    )
    spans: list[Payload] = [
        {
            "span_id": span_id,
            "span_phases": [
                {
                    "span_phase_id": forecast.phase.id,
                    "forecast": [
                        {"timestamp": iso(at), "ice_weight": unit.measurement(ice)}
                        for at, ice in forecast.points
                    ],
                }
                for forecast in group
            ],
        }
        for span_id, group in groupby(forecasts, key=lambda f: f.span.id)
    ]
    return {
        "metric": "Icing forecast",
        "unit": unit.name,
        "icing": {"max": {"ice_weight": unit.extreme(at, phase, value)}, "spans": spans},
    }


def latest_sag(asked: Asked) -> Payload | None:
    """G10."""
    return _sag(asked, _latest(asked))


def sag_history(asked: Asked) -> Payload | None:
    """G11."""
    return _sag(asked, _history(asked))


def _latest(asked: Asked) -> list[PhaseState]:
    since = asked.query.since
    if since is None:
        since = asked.now - _DEFAULT_SINCE
    return asked.models.mechanics.newest(asked.line, asked.now, since)


def _history(asked: Asked) -> list[PhaseState]:
    query = asked.query
    return asked.models.mechanics.history(asked.line, query.start, query.end, asked.now)


def _by_span(
    states: Iterable[PhaseState], describe: Callable[[PhaseState], Payload]
) -> list[Payload]:
    return [
        {
            "span_id": span_id,
            "span_phases": [
                {"span_phase_id": state.phase.id, "timestamp": iso(state.at)} | describe(state)
                for state in group
            ],
        }
        for span_id, group in groupby(states, key=lambda s: s.span.id)
    ]


def _icing(asked: Asked, states: list[PhaseState]) -> Payload | None:
    if not states:
        return None
    ice, tension = _ICE[asked.query.imperial], _TENSION[asked.query.imperial]
    iciest = max(states, key=lambda s: s.ice)
    tightest = max(states, key=lambda s: s.tension)
    nearest = max(states, key=lambda s: s.share)

    def describe(state: PhaseState) -> Payload:
        return {
            "ice_weight": ice.measurement(state.ice),
            "tension": tension.measurement(state.tension),
            "tension_percentage_of_break_strength": _PERCENT.measurement(state.share),
        }

    return {
        "metric": "Icing",
        "unit": "Multiple (see measurements)",
        "icing": {
            "max": {
                "ice_weight": ice.extreme(iciest.at, iciest.phase, iciest.ice),
                "tension": tension.extreme(tightest.at, tightest.phase, tightest.tension),
                "tension_percentage_of_break_strength": _PERCENT.extreme(
                    nearest.at, nearest.phase, nearest.share
                ),
            },
            "spans": _by_span(states, describe),
        },
    }


def _sag(asked: Asked, states: list[PhaseState]) -> Payload | None:
    if not states:
        return None
    unit = _LENGTH[asked.query.imperial]
    deepest = max(states, key=lambda s: s.sag)
    clear = [(s.clearance, s) for s in states if s.clearance is not None]
    lowest = min(clear, key=lambda pair: pair[0], default=None)

    def describe(state: PhaseState) -> Payload:
        clearance = None if state.clearance is None else unit.measurement(state.clearance)
        return {"sag": unit.measurement(state.sag), "clearance": clearance}

    return {
        "metric": "SagAndClearance",
        "unit": "Multiple (see measurements)",
        "sag_and_clearance": {
            "max_sag": unit.extreme(deepest.at, deepest.phase, deepest.sag),
            "min_clearance": None
            if lowest is None
            else unit.extreme(lowest[1].at, lowest[1].phase, lowest[0]),
            "spans": _by_span(states, describe),
        },
    }
