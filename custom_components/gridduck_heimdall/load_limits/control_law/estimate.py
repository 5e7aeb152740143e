"""What a source would carry with nothing curtailed changing: its level, trend and response.

The load of a source is the part that is not controlled plus what the candidates draw, as far as
the source sees it. A Kalman filter follows level and trend of the uncontrolled part. How much of
a change the source sees is unknown: a filter runs for each of a few responses, and measurements
weigh them against each other. With reverse flow the response is negative.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
import math
from typing import Final

from .models import LoadMeasurement, Urgency
from .tuning import DEFAULT, Tuning

MINUTE: Final = 60.0
PRIOR: Final = ((1.03, 0.86), (0.66, 0.05), (0.33, 0.04), (0.0, 0.03), (-0.5, 0.01), (-1.0, 0.01))
"""Responses, with how likely each is at first. The first is above 1, as powers are W and loads VA.
"""
NO_RESPONSE_BELOW: Final = 0.2
_LEAST_WEIGHT: Final = 1e-4
_STEADY: Final = 0.03
"""Share of the limit within which what candidates draw is the same."""
_CLOSE: Final = 5.0
"""Seconds between a command and a measurement that leave open which of them was first."""
_LONGEST_GAP: Final = 20 * MINUTE
"""The filter begins anew after a longer gap, or where a clock is set back by more."""
_REMEMBERED: Final = 15 * MINUTE
_AT_ONCE: Final = 1.0
"""Seconds within which only the last note counts."""
_BLIND: Final = 8 * MINUTE
"""For as long a trend is projected over the age of a measurement."""
_OUTLIER: Final = 25.0
"""Squared error of a measurement, in variances, which no hypothesis explains any more."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Level and trend of the uncontrolled part if the source responds in a certain way.

    Attributes:
        response: change of the load for a change of what candidates draw.
        weight: probability of that response.
        level: the uncontrolled part, W.
        trend: its change, W a minute.
        covariance: of level and trend: both variances, the covariance between.
    """

    response: float
    weight: float
    level: float
    trend: float
    covariance: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What is known of a source.

    Attributes:
        level: its uncontrolled part, W.
        trend: change of that, W a minute.
        response: expected response.
        proven: probability of the full response.
        doubt: probability of no response, or of the wrong one.
        doubtful_for: seconds for which that has been considerable.
        damping: factor by which the trend falls in a minute.
        lowest_limit: the lowest limit of the last minutes, W or VA: assets do not follow one that
            flaps.
    """

    measured: LoadMeasurement
    level: float
    trend: float
    response: float
    proven: float
    doubt: float
    damping: float
    lowest_limit: float
    doubtful_for: float = 0.0

    def uncontrolled(self, now: float, ahead: float = 0.0) -> float:
        """Return the uncontrolled part some seconds ahead, W; a falling one is not projected."""
        if self.trend <= 0:
            return self.level
        # The clock of a service may be ahead of ours.
        age = min(max(now - self.measured.time, 0.0), _BLIND)
        minutes = (age + ahead) / MINUTE
        return self.level + self.trend * (1 - math.pow(self.damping, minutes)) / (1 - self.damping)

    def urgency(self, load: float) -> Urgency:
        """Return how long a load, W or VA, may last, by the short-time ratings."""
        ratings = [value for _, value in sorted(self.measured.short_time.items())]
        if not ratings or load <= min(ratings):
            return Urgency.NORMAL
        return Urgency.CRITICAL if load > ratings[0] else Urgency.HIGH


@dataclass(slots=True)
class Estimator:
    """Follows one source.

    Attributes:
        drawn: when candidates drew how much, W, oldest first.
        bank: the hypotheses; empty before the first measurement.
        likely_at: time of the last measurement after which a response was likely.
        limits: times and values of the limit in the last minutes, W or VA.
    """

    tuning: Tuning = DEFAULT
    drawn: list[tuple[float, float]] = field(default_factory=list)
    bank: tuple[Hypothesis, ...] = ()
    last: LoadMeasurement | None = None
    likely_at: float = 0.0
    limits: list[tuple[float, float]] = field(default_factory=list)

    def note(self, now: float, power: float) -> None:
        """Note what candidates draw, W: when polled, and before and after a command."""
        drawn = self.drawn
        while drawn and drawn[-1][0] > now + _AT_ONCE:
            # The clock was set back.
            drawn.pop()
        if drawn and now - drawn[-1][0] < _AT_ONCE:
            drawn[-1] = drawn[-1][0], power
        else:
            drawn.append((now, power))
        while len(drawn) > 1 and drawn[1][0] < now - _REMEMBERED:
            del drawn[0]

    def recount(self, change: float) -> None:
        """Count candidates that draw more, W, than those before: that was uncontrolled so far."""
        self.drawn = [(time, power + change) for time, power in self.drawn]
        self.bank = tuple(
            replace(one, level=one.level - one.response * change) for one in self.bank
        )

    def measure(self, measurement: LoadMeasurement) -> bool:
        """Take in a measurement; return whether it is new and could be used."""
        before = self.last
        if not (self.drawn and measurement.limit > 0 and math.isfinite(measurement.value)):
            return False
        time, limit = measurement.time, measurement.limit
        if before is not None and 0 <= before.time - time <= _LONGEST_GAP:
            return False
        if measurement.readings == 1 and not self._is_steady(time - _CLOSE, time + _CLOSE, limit):
            # It may be of before or after a command.
            return False
        self.last = measurement
        since = time - self.tuning.limit_held
        self.limits = [one for one in self.limits if since < one[0] < time]
        self.limits.append((time, limit))
        if before is None or abs(time - before.time) > _LONGEST_GAP:
            self._begin(measurement)
            self.likely_at = time
        else:
            self._update(measurement, before)
            if self._doubt <= self.tuning.lasting_doubt:
                self.likely_at = time
        return True

    def limit(self, limit: float) -> None:
        """Take a limit, W or VA, that changes between two measurements."""
        if self.last is not None and self.last.limit != limit:
            self.last = replace(self.last, limit=limit)

    def estimate(self) -> Estimate | None:
        """Return what is known; None before the first measurement."""
        if self.last is None:
            return None
        return Estimate(
            measured=self.last,
            level=sum(one.weight * one.level for one in self.bank),
            trend=sum(one.weight * one.trend for one in self.bank),
            response=sum(one.weight * one.response for one in self.bank),
            proven=self.bank[0].weight,
            doubt=self._doubt,
            doubtful_for=self.last.time - self.likely_at,
            damping=self.tuning.damping,
            lowest_limit=min(limit for _, limit in self.limits),
        )

    @property
    def _doubt(self) -> float:
        return sum(one.weight for one in self.bank if one.response < NO_RESPONSE_BELOW)

    def _drawn_at(self, time: float) -> float:
        """Return what candidates drew, W: as noted nearest to a time."""
        place = bisect_left(self.drawn, (time,))
        around = self.drawn[max(0, place - 1) : place + 1]
        return min(around, key=lambda noted: abs(noted[0] - time))[1]

    def _begin(self, measurement: LoadMeasurement) -> None:
        """Begin with level and trend; what is known of the response stays."""
        percent = measurement.limit / 100
        drawn = self._drawn_in(measurement)
        most, spread = max(drawn), max(drawn) - min(drawn)
        bias = self._bias(measurement)
        weights = [one.weight for one in self.bank] or [weight for _, weight in PRIOR]
        self.bank = tuple(
            Hypothesis(
                response,
                weight,
                level=measurement.value - response * most - bias,
                trend=0.0,
                covariance=((2 * percent) ** 2 + (response * spread) ** 2, 0.0, (percent / 2) ** 2),
            )
            for (response, _), weight in zip(PRIOR, weights, strict=True)
        )

    def _drawn_in(self, measurement: LoadMeasurement) -> list[float]:
        """Return what candidates drew at each reading, W, newest first."""
        times = (measurement.time - MINUTE * back for back in range(measurement.readings))
        return [self._drawn_at(time) for time in times]

    def _update(self, measurement: LoadMeasurement, before: LoadMeasurement) -> None:
        minutes = (measurement.time - before.time) / MINUTE
        drawn = self._drawn_in(measurement)
        updated = [self._updated(one, measurement, drawn, minutes) for one in self.bank]
        surprise = min(error for _, error, _ in updated)
        first = before.time - MINUTE * before.readings
        if surprise > self.tuning.jump and self._is_steady(
            first, measurement.time + MINUTE, measurement.limit
        ):
            # The uncontrolled part has jumped: a trend that follows it would last for minutes.
            self._begin(measurement)
            return
        self.bank = tuple(one for one, _, _ in updated)
        drawn += self._drawn_in(before)
        if max(drawn) > min(drawn):
            # As long as candidates draw the same, all hypotheses expect the same.
            self._weigh([0.5 * (min(_OUTLIER, error) + spread) for _, error, spread in updated])
        self._forget(minutes)

    def _is_steady(self, first: float, last: float, limit: float) -> bool:
        """Return whether candidates draw the same from one time to another."""
        drawn = [power for time, power in self.drawn if first <= time <= last]
        return not drawn or max(drawn) - min(drawn) < _STEADY * limit

    def _weigh(self, misfits: list[float]) -> None:
        """Weigh the hypotheses by how badly each fits a measurement, in negative logarithms."""
        least = min(misfits)
        self._normalize(
            max(one.weight, _LEAST_WEIGHT) * math.exp(self.tuning.tempering * (least - misfit))
            for one, misfit in zip(self.bank, misfits, strict=True)
        )

    def _forget(self, minutes: float) -> None:
        """Let old evidence fade: the grid may be switched, and small errors add up."""
        kept = math.pow(1 - self.tuning.forgetting, minutes)
        self._normalize(
            math.pow(one.weight, kept) * math.pow(weight, 1 - kept)
            for one, (_, weight) in zip(self.bank, PRIOR, strict=True)
        )

    def _normalize(self, found: Iterable[float]) -> None:
        weights = list(found)
        total = sum(weights)
        self.bank = tuple(
            replace(one, weight=weight / total)
            for one, weight in zip(self.bank, weights, strict=True)
        )

    def _updated(
        self, one: Hypothesis, measurement: LoadMeasurement, drawn: list[float], minutes: float
    ) -> tuple[Hypothesis, float, float]:
        """Return a hypothesis after a measurement, with its squared error and log variance.

        The error is in variances.
        """
        tuning, percent = self.tuning, measurement.limit / 100
        damping = math.pow(tuning.damping, minutes)
        level, trend = one.level + minutes * one.trend, one.trend * damping
        a, b, c = one.covariance
        a += 2 * minutes * b + minutes**2 * c + (tuning.level_noise * percent) ** 2 * minutes
        b = damping * (b + minutes * c)
        c = damping**2 * c + (tuning.trend_noise * percent) ** 2 * minutes
        # The highest reading is the one that the model expects to be the highest.
        back = max(range(len(drawn)), key=lambda k: one.response * drawn[k] - k * trend)
        expected = level - back * trend + one.response * drawn[back] + self._bias(measurement)
        error = measurement.value - expected
        to_level, to_trend = a - back * b, b - back * c
        variance = to_level - back * to_trend + (tuning.reading_noise * percent) ** 2
        after = Hypothesis(
            one.response,
            one.weight,
            level=level + to_level / variance * error,
            trend=trend + to_trend / variance * error,
            covariance=(
                a - to_level**2 / variance,
                b - to_level * to_trend / variance,
                c - to_trend**2 / variance,
            ),
        )
        return after, error**2 / variance, math.log(variance)

    def _bias(self, measurement: LoadMeasurement) -> float:
        if measurement.readings == 1:
            return 0.0
        return self.tuning.highest_bias * measurement.limit / 100
