"""The report of a line: what its dynamic rating was worth, and how it was loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.core import HomeAssistant

from ..core.line_account import LineStatistic, LineStatistics
from ..history.hours import Hours, start_of
from .reports import distribution, rounded, share
from .rows import Hourly, HourRange, read_rows, values_of

LEVELS: Final = (80, 90, 100)
"""Loadings above which hours are counted, %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineHours:
    """The hourly values of a line: means, A and %, and the highest loading of each hour, %."""

    current: Hourly
    dlr: Hourly
    aar: Hourly
    loading: Hourly
    highest_loading: Hourly
    headroom: Hourly


def read_line(hass: HomeAssistant, statistics: LineStatistics, hours: HourRange) -> LineHours:
    """Read the hourly values of a line; runs in the recorder's executor."""
    ids = statistics.ids
    rows = read_rows(hass, ids.values(), hours, ("mean", "max"))

    def of(one: LineStatistic) -> Hourly:
        return values_of(rows.get(ids.get(one, ""), ()), "mean")

    return LineHours(
        current=of(LineStatistic.CURRENT),
        dlr=of(LineStatistic.DLR),
        aar=of(LineStatistic.AAR),
        loading=of(LineStatistic.LOADING),
        highest_loading=values_of(rows.get(ids.get(LineStatistic.LOADING, ""), ()), "max"),
        headroom=of(LineStatistic.HEADROOM),
    )


def line_report(
    found: LineHours, statistics: LineStatistics, hours: HourRange
) -> dict[str, object]:
    """Return the report of a line."""
    static = statistics.static_rating
    mva = statistics.mva_per_ampere
    fixed = {} if static is None else dict.fromkeys(found.dlr, static)
    return {
        **hours.as_dict(),
        "missing": {
            name: share(len(hours) - len(values), len(hours))
            for name, values in (
                ("current", found.current),
                ("dlr", found.dlr),
                ("aar", found.aar),
                ("loading", found.loading),
            )
        },
        "static_rating": static,
        "gain_over_aar": distribution(_gains(found.dlr, found.aar)),
        "gain_over_static_rating": distribution(_gains(found.dlr, fixed)),
        "below_aar": _below(found.dlr, found.aar),
        "highest_loading": _highest(found.highest_loading),
        "loading_above": [_loaded(found, level, mva) for level in LEVELS],
        "mvah_beyond_aar": _beyond(found.current, found.aar, mva),
        "mvah_beyond_static_rating": (
            None
            if static is None
            else _beyond(found.current, dict.fromkeys(found.current, static), mva)
        ),
    }


def _gains(rating: Hourly, reference: Hourly) -> list[float]:
    """Return by how much a rating exceeded a reference in each hour that has both, %."""
    return [
        100 * (rating[hour] / value - 1)
        for hour, value in reference.items()
        if hour in rating and value > 0
    ]


def _below(rating: Hourly, reference: Hourly) -> Mapping[str, object] | None:
    both = rating.keys() & reference.keys()
    if not both:
        return None
    below = sum(rating[hour] < reference[hour] for hour in both)
    return {"hours": below, "share": share(below, len(both))}


def _highest(loading: Hourly) -> Mapping[str, object] | None:
    if not loading:
        return None
    hour = max(loading, key=lambda one: (loading[one], -one))
    return {"value": rounded(loading[hour]), "at": start_of(hour).isoformat()}


def _loaded(found: LineHours, level: int, mva: float | None) -> Mapping[str, object]:
    """Return the hours above a loading; an hour without data ends a spell."""
    above = [hour for hour, loading in found.loading.items() if loading > level]
    lengths = [end - first for first, end in Hours.of_each(above).spans]
    # Current and headroom add up to the rating in force.
    limit = {
        hour: level / 100 * (found.current[hour] + headroom)
        for hour, headroom in found.headroom.items()
        if hour in found.current
    }
    return {
        "level": level,
        "hours": len(above),
        "share": share(len(above), len(found.loading)),
        "spells": len(lengths),
        "longest_spell": max(lengths, default=0),
        "mvah_beyond": _beyond(found.current, limit, mva),
    }


def _beyond(current: Hourly, limit: Hourly, mva: float | None) -> float | None:
    """Return the apparent energy that was carried beyond a limit, MVA·h."""
    both = current.keys() & limit.keys()
    if mva is None or not both:
        return None
    return rounded(mva * sum(max(0.0, current[hour] - limit[hour]) for hour in sorted(both)))
