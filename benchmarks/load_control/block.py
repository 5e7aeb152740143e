"""How long a measurement, or `shed_load`, holds the event loop with 5,000 assets and 20 limits."""

from collections.abc import Iterator
from dataclasses import replace
from gc import freeze
from random import Random
from time import process_time
from typing import Final

from custom_components.gridduck_heimdall.load_limits.control_law.estimate import Estimator
from custom_components.gridduck_heimdall.load_limits.control_law.fleet import Fleet
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import Curtailed, Ledger
from custom_components.gridduck_heimdall.load_limits.control_law.models import (
    AssetState,
    Candidate,
    LoadLimit,
    LoadMeasurement,
    Request,
    Wanted,
)
from custom_components.gridduck_heimdall.load_limits.control_law.reconcile import Pass
from custom_components.gridduck_heimdall.load_limits.control_law.requested import (
    RequestPlan,
    plan_of,
)
from custom_components.gridduck_heimdall.load_limits.control_law.situation import Snapshot

ASSETS: Final = 5_000
LIMITS: Final = 20
NOW: Final = 1_000_000.0
RATING: Final = 4e6
METER: Final = "meter"
"""Measures all assets, and cannot be curtailed itself."""


def estate(off: int = 0) -> Snapshot:
    """Return 20 lines whose limits share all of 5,000 assets.

    Args:
        off: how many assets are curtailed for the first of them.
    """
    random = Random(1)
    candidates = {
        str(key): Candidate(key=str(key), rank=random.randrange(3)) for key in range(ASSETS)
    }
    requests = [
        Request(id=str(line), candidates=candidates, limit=LoadLimit(source=str(line)))
        for line in range(LIMITS)
    ]
    fleet, ledger = Fleet(requests), Ledger()
    for key in candidates:
        power = random.uniform(100, 1_000)
        if int(key) < off:
            ledger.add(_curtailed(key, power, random.uniform(800, 2_600)))
            power = 0.0
        interruptible = random.random() < 0.9
        fleet.show(
            AssetState(key=key, seen=NOW, power=power, above=(METER,), interruptible=interruptible)
        )
    # As Home Assistant does with what it keeps: no collection in between looks at it.
    freeze()
    return Snapshot(
        requests={one.id: one for one in requests},
        estimates={},
        ledger=ledger,
        fleet=fleet,
        now=NOW,
    )


def _curtailed(key: str, power: float, ago: float) -> Curtailed:
    since = NOW - ago
    return Curtailed(
        key=key, request="0", since=since, renewed=since, until=since + 5_400, power=power
    )


def measured(snapshot: Snapshot, loading: float) -> float:
    """Return the longest processor time of a step after one measurement of the first line, s."""
    estimators = {source: Estimator() for source in snapshot.requests}
    for source, estimator in estimators.items():
        estimator.note(NOW - 60, snapshot.fleet.drawn[source])
        estimator.measure(_measurement(NOW - 60, 0.9))
        estimator.note(NOW, snapshot.fleet.drawn[source])
    estimator = estimators["0"]
    begin = process_time()
    estimator.measure(_measurement(NOW, loading))
    most = process_time() - begin
    estimates = {
        source: found for source, one in estimators.items() if (found := one.estimate()) is not None
    }
    one = Pass(replace(snapshot, estimates=estimates), ["0"])
    return max(most, _longest_step(one.steps()))


def planned(snapshot: Snapshot, share: float) -> float:
    """Return the longest processor time of a step of planning to shed a share of all load, s."""
    power = share * sum(one.power or 0.0 for one in snapshot.fleet.states.values())
    wanted = Wanted(power=power, duration=3_600.0)
    return _longest_step(plan_of(snapshot.requests["0"], wanted, snapshot, RequestPlan()))


def _longest_step(steps: Iterator[None]) -> float:
    most, begin = 0.0, process_time()
    for _ in steps:
        most, begin = max(most, process_time() - begin), process_time()
    return max(most, process_time() - begin)


def _measurement(time: float, loading: float) -> LoadMeasurement:
    return LoadMeasurement(time=time, value=loading * RATING, limit=RATING, readings=5)


def longest() -> Iterator[tuple[str, float]]:
    """Yield cases, with the longest processor time of each in five, s."""
    for off in (0, 500, ASSETS):
        for loading in (0.8, 1.02, 1.2):
            snapshot = estate(off)
            yield (
                f"{off} off, loading {loading:.0%}",
                max(measured(snapshot, loading) for _ in range(5)),
            )
        for share in (0.01, 0.5, 2.0):
            snapshot = estate(off)
            yield f"{off} off, shed {share:.0%}", max(planned(snapshot, share) for _ in range(5))
