"""The figures of an evening."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .plant import STEP, VA_PER_A, Plant, PlantAsset

_TEN_MINUTES = 60
"""Steps."""
_SLACK = 30.0
"""Seconds by which a limit of an asset may be exceeded: the plant moves in steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """What was sent in an evening.

    Attributes:
        sent: number of commands.
        returns: step and asset of each return by command.
        out_of_order: curtailments of an asset while one of an earlier rank could be curtailed.
        detected: when a measurement first exceeded the rating; None if none did.
        alarms: how often a line was found not to respond.
        polls: of currents.
    """

    sent: int
    returns: frozenset[tuple[int, int]]
    out_of_order: int
    detected: float | None
    alarms: int
    polls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """An evening in figures; times in minutes.

    Attributes:
        above: time for which a line is above its rating.
        later: of these, later than 10 minutes after detection.
        before: of these, before detection.
        unavoidable: time for which all flexible load together does not suffice.
        uncontrolled: time above the rating with nothing done.
        asset_minutes: time for which assets are off, added up.
        fewest: fewest asset-minutes for 95 % of the rating, clairvoyant.
        commands: sent.
        curtailments: how often an asset is switched off.
        repeats: curtailments within 30 minutes after the asset came back.
        quick_repeats: the same within 15 minutes.
        out_of_order: curtailments out of order.
        ended: curtailments that ended in the evening.
        by_command: of these, by a command.
        violations: of the longest time off, the shortest time on, read-only, and interruptible.
        left_off: assets that are still off two hours after the peak.
        alarms: how often a line was found not to respond.
        highest: highest loading, %.
        longest_off: of one asset.
        polls: of currents.
    """

    above: float
    later: float
    before: float
    unavoidable: float
    uncontrolled: float
    asset_minutes: float
    fewest: float
    commands: float
    curtailments: float
    repeats: float
    quick_repeats: float
    out_of_order: float
    ended: float
    by_command: float
    violations: float
    left_off: float
    alarms: float
    highest: float
    longest_off: float
    polls: float


def figures(plant: Plant, twin: Plant, commands: Commands) -> Figures:
    """Return the figures of an evening.

    Args:
        plant: after the evening.
        twin: the same with nothing done.
        commands: what was sent.
    """
    steps = len(plant.powers)
    spans = [list(_spans(plant, asset)) for asset in range(len(plant.assets))]
    gaps = [
        (asset, (after[0] - before[1]) * STEP)
        for asset, own in enumerate(spans)
        for before, after in pairwise(own)
    ]
    ends = [(end, asset) for asset, own in enumerate(spans) for _, end in own if end < steps]
    detected = steps if commands.detected is None else plant.index(commands.detected)
    fewest, _ = _fewest(twin, 0.95)
    _, unavoidable = _fewest(twin, 1.0)
    relieved = min(steps - 1, plant.index(plant.end + plant.delays[-1] + 7200))
    return Figures(
        above=plant.minutes_above(),
        later=plant.minutes_above(min(steps, detected + _TEN_MINUTES)),
        before=plant.minutes_above(0, detected),
        unavoidable=unavoidable,
        uncontrolled=twin.minutes_above(),
        asset_minutes=sum(map(sum, plant.snoozed)) * STEP / 60,
        fewest=fewest,
        commands=commands.sent,
        curtailments=sum(map(len, spans)),
        repeats=sum(gap < 1800 for _, gap in gaps),
        quick_repeats=sum(gap < 900 - STEP / 2 for _, gap in gaps),
        out_of_order=commands.out_of_order,
        ended=len(ends),
        by_command=sum(
            any((end + late, asset) in commands.returns for late in (-1, 0, 1))
            for end, asset in ends
        ),
        violations=sum(_violations(plant, spans, gaps)),
        left_off=sum(plant.snoozed[relieved]) if plant.end + 7200 < plant.now else 0,
        alarms=commands.alarms,
        highest=max(
            100 * current / rating
            for line in plant.lines
            for current, rating in zip(plant.currents[line], plant.ratings[line], strict=True)
        ),
        longest_off=max((end - start for own in spans for start, end in own), default=0)
        * STEP
        / 60,
        polls=commands.polls,
    )


def _spans(plant: Plant, asset: int) -> Iterator[tuple[int, int]]:
    """Yield the first step of each time off, and the first one after it."""
    start = None
    for step, flags in enumerate(plant.snoozed):
        if flags[asset] and start is None:
            start = step
        elif not flags[asset] and start is not None:
            yield start, step
            start = None
    if start is not None:
        yield start, len(plant.snoozed)


def _violations(
    plant: Plant, spans: list[list[tuple[int, int]]], gaps: list[tuple[int, float]]
) -> Iterator[bool]:
    for asset, own in zip(plant.assets, spans, strict=True):
        yield bool(own) and (asset.read_only or not asset.interruptible)
        if asset.max_time_off is not None:
            for start, end in own:
                yield (end - start) * STEP > asset.max_time_off + _SLACK
    for number, gap in gaps:
        yield gap < (plant.assets[number].min_time_on or 0.0) - _SLACK


def _fewest(twin: Plant, share: float) -> tuple[float, float]:
    """Return the fewest asset-minutes for a share of the rating, and the minutes that stay above.

    Each minute stands for itself: what is drawn with nothing done, the largest first.
    """
    total = short = 0.0
    for step in range(0, len(twin.powers), 6):
        off = set[int]()
        for line in twin.lines:
            excess = twin.currents[line][step] - share * twin.ratings[line][step]
            if excess > 0 and not _relieve(twin, line, step, excess * VA_PER_A, off):
                short += 1
        total += len(off)
    return total, short


def _relieve(twin: Plant, line: int, step: int, excess: float, off: set[int]) -> bool:
    """Switch off the fewest assets, the largest first; return whether they suffice."""

    def apparent(asset: int) -> float:
        return twin.powers[step][asset] / twin.assets[asset].power_factor

    able = sorted(filter(lambda a: _able(twin.assets[a]), twin.behind[line]), key=apparent)
    saved = sum(apparent(asset) for asset in able if asset in off)
    for asset in reversed(able):
        if saved >= excess:
            break
        if asset not in off and apparent(asset) > 0:
            off.add(asset)
            saved += apparent(asset)
    return saved >= excess


def _able(asset: PlantAsset) -> bool:
    return asset.interruptible and not asset.read_only
