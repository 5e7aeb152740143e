"""What is known of the sources that load limits measure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from homeassistant.util import dt as dt_util

from .active_limit import ActiveLimit
from .control_law.estimate import Estimate, Estimator
from .control_law.fleet import Fleet
from .control_law.models import LoadMeasurement, Mode
from .control_law.window import WindowMean
from .record import Record


class Sources:
    """Measures the sources, follows their windows, and estimates their course."""

    def __init__(self, record: Record) -> None:
        """Begin with none; windows, and decisions with the load after them, are in the record."""
        self._record = record
        self._estimators = defaultdict[str, Estimator](Estimator)

    def retain(self, sources: Iterable[str]) -> None:
        """Forget all sources but these."""
        for source in self._estimators.keys() - set(sources):
            del self._estimators[source]

    def note_drawn(self, fleet: Fleet, now: float) -> None:
        """Note what candidates draw, for the estimators."""
        for source, drawn in fleet.drawn.items():
            self._estimators[source].note(now, drawn)

    def recount(self, counted: Mapping[str, float]) -> None:
        """Note that the candidates of sources are others now, which draw that much more, W."""
        for source, change in counted.items():
            if source in self._estimators:
                self._estimators[source].recount(change)

    def estimates(self) -> dict[str, Estimate]:
        """Return what is known, by source."""
        return {
            source: estimate
            for source, estimator in self._estimators.items()
            if (estimate := estimator.estimate()) is not None
        }

    def measure(self, limits: Iterable[ActiveLimit], now: float) -> None:
        """Read all loads and limits."""
        of_source = defaultdict[str, list[ActiveLimit]](list)
        for one in limits:
            one.read(now)
            of_source[one.source].append(one)
        for source, sharing in of_source.items():
            base, reading = _base(sharing), sharing[0].reading
            if reading is None or base is None:
                continue
            for one in sharing:
                one.scale(base)
            self._estimators[source].measure(replace(reading, limit=base))
            self._estimators[source].limit(base)
            for one in sharing:
                self._measure_window(one, reading)
                load = one.load
                if load is not None and self._record.journal.note_load(one.id, load, now):
                    self._record.save_soon()

    def _measure_window(self, limit: ActiveLimit, reading: LoadMeasurement) -> None:
        length = 60.0 * limit.config.window
        before = self._record.windows.get(limit.id)
        if not length:
            self._record.forget_window(limit.id)
            return
        if before is None or before.length != length:
            before = WindowMean(length=length)
        local = dt_util.as_local(dt_util.utc_from_timestamp(reading.time))
        offset = (local.utcoffset() or timedelta()).total_seconds()
        self._record.note_window(limit.id, before.add(reading.time, reading.value, offset))


def _base(sharing: Iterable[ActiveLimit]) -> float | None:
    """Return the limit of a source, W or VA: the smallest of its load limits; None without one.

    Those that may not act matter only where none may: noise and steps are shares of it.
    """
    known = [(one.config.mode is not Mode.AUTOMATIC, one.limit) for one in sharing if one.limit]
    return min(known)[1] if known else None
