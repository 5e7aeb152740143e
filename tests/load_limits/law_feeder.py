"""A feeder in minutes: uncontrolled load that a test gives, and assets that the law controls."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
import math
from random import Random

from custom_components.gridduck_heimdall.load_limits.control_law.estimate import Estimator
from custom_components.gridduck_heimdall.load_limits.control_law.fleet import Fleet
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import Ledger
from custom_components.gridduck_heimdall.load_limits.control_law.models import (
    Action,
    AssetState,
    Candidate,
    Decision,
    LoadLimit,
    LoadMeasurement,
    Request,
    Status,
)
from custom_components.gridduck_heimdall.load_limits.control_law.observe import observe
from custom_components.gridduck_heimdall.load_limits.control_law.reconcile import decide
from custom_components.gridduck_heimdall.load_limits.control_law.situation import Snapshot

LIMIT = 100_000.0
NOISE = 0.004
"""Of a reading, share of the load."""
FLICKER = 0.05
"""Of what an asset draws, as a share of that."""


@dataclass(kw_only=True)
class Feeder:
    """A feeder with ten assets of 4 kW.

    Attributes:
        base: the uncontrolled load, W, by minute.
        limit: the limit, W, by minute.
        response: change of the load for a change of what the assets draw.
        readings: how many readings a measurement is the highest of.
        measured: whether there is a measurement in a minute.
        seed: of the noise.
        loads: what was measured.
        decisions: what was decided.
        statuses: what the load limit was doing.
    """

    base: Callable[[int], float]
    limit: Callable[[int], float] = lambda _: LIMIT
    response: float = 1.0
    readings: int = 1
    measured: Callable[[int], bool] = lambda _: True
    seed: int = 0
    loads: list[float] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)

    def run(self, minutes: int) -> None:
        """Let minutes pass under control of the law."""
        noise = Random(self.seed)  # noqa: S311
        off_until = dict.fromkeys(map(str, range(10)), 0.0)
        request = Request(
            id="limit",
            candidates={key: Candidate(key=key) for key in off_until},
            limit=LoadLimit(source="line"),
        )
        fleet, estimator, ledger = Fleet([request]), Estimator(), Ledger()
        for minute in range(minutes):
            now = 60.0 * minute
            for key, until in off_until.items():
                off = until > now
                fleet.show(
                    AssetState(
                        key=key,
                        seen=now,
                        power=0.0 if off else 4_000.0 * (1 + FLICKER * noise.gauss(0, 1)),
                        off_until=until if off else None,
                    )
                )
            drawn = fleet.drawn["line"]
            load = abs(self.base(minute) + self.response * drawn)
            self.loads.append(load * (1 + NOISE * noise.gauss(0, 1)))
            estimator.note(now, drawn)
            list(observe(ledger, fleet.states, now))
            if self.measured(minute):
                value = max(self.loads[-self.readings :])
                estimator.measure(
                    LoadMeasurement(
                        time=now,
                        value=value,
                        limit=self.limit(minute),
                        readings=self.readings,
                    )
                )
            if (estimate := estimator.estimate()) is None:
                continue
            assert math.isfinite(estimate.level + estimate.trend + estimate.response)
            snapshot = Snapshot(
                requests={"limit": request},
                estimates={"line": estimate},
                ledger=ledger,
                fleet=fleet,
                now=now,
            )
            outcome = decide(snapshot)
            ledger.blocked.update(outcome.blocked)
            self.statuses.append(outcome.statuses["limit"])
            for decision in outcome.decisions:
                self.decisions.append(decision)
                ledger.apply(decision)
                off_until[decision.key] = decision.until or 0.0
                if decision.action is not Action.EXTEND:
                    on = decision.action is Action.RETURN
                    state = fleet.states[decision.key]
                    power = 4_000.0 if on else 0.0
                    fleet.show(replace(state, power=power, off_until=decision.until))
            estimator.note(now + 1, fleet.drawn["line"])
