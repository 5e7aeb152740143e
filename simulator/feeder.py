"""A feeder that carries a site's load: what the one service switches off, the other measures.

It joins both worlds, which otherwise know nothing of each other.
"""

from typing import Final

from .core import Core
from .gridduck.asset import Asset
from .gridduck.load import DAY, MINUTE
from .gridduck.world import World
from .heimdall.evening import Evening
from .heimdall.windows import READINGS, STEP
from .heimdall.world import HeimdallWorld

SITE: Final = "Harbour Industrial Park"
LINE: Final = "Harbour - Industrial Park"

# Name and kind of the large loads, and whether the last of them may be shed: it may not.
_LOADS: Final = (
    ("Electrode boiler", "boiler"),
    ("Cold store compressors", "cold_store"),
    ("Bus depot chargers", "charging_depot"),
    ("District heat pumps", "heat_plant"),
    ("Drainage pumps", "pumps"),
    ("Greenhouse lighting", "greenhouse"),
    ("Hall ventilation", "ventilation"),
)
_PEAK_HOUR: Final = 18.5 * 3_600
_LOOKS: Final = 7
# A quarter of the seconds that it takes to come and to go where it is to come soon.
_SOON: Final = 20.0


def add_feeder(gridduck: World, heimdall: HeimdallWorld, core: Core) -> None:
    """Add a site of large loads, and the line that feeds it, which the evening overloads."""
    site_id = gridduck.add_site(SITE)
    loads = [
        gridduck.assets[gridduck.add_asset(name, kind, site_id=site_id, created=0)]
        for name, kind in _LOADS
    ]
    for load in loads:
        _hasten(gridduck, load, core.options.tempo)

    def power(at: float) -> float:
        """Return what the site draws at a unix time, W."""
        return float(sum(load.power(at) or 0 for load in loads))

    evening, times = _evening(core)
    minute = MINUTE / core.options.tempo
    # As it is measured: the highest of the readings of a window.
    highest = (max(power(at - place * minute) for place in range(READINGS)) for at in times)
    peak = sum(highest) / len(times)
    heimdall.add_feeder(LINE, power, peak, evening=evening, tempo=core.options.tempo)


def _hasten(gridduck: World, load: Asset, tempo: int) -> None:
    """Let an asset be switched off that many times sooner after it came on than its kind may."""
    if tempo > 1 and load.kind.interruptible is not None:
        on_time, _ = load.kind.interruptible
        gridduck.set_field(load.id, "min_time_on", on_time // tempo)


def _evening(core: Core) -> tuple[Evening, list[float]]:
    """Return when the evening is, and unix times that tell what the site draws in it."""
    now, options = core.clock.now(), core.options
    lasts = options.evening_lasts * MINUTE
    if not options.evening_in:
        midnight = now // DAY * DAY
        days = range(1, _LOOKS + 1)
        return Evening(lasts=lasts), [midnight - day * DAY + _PEAK_HOUR for day in days]
    window = STEP / options.tempo
    # In the middle of a measurement, so that none knows of half of it.
    start = ((now + options.evening_in * MINUTE) // window + 0.5) * window
    times = [start + lasts * (look + 0.5) / _LOOKS for look in range(_LOOKS)]
    return Evening(begins=start % DAY, lasts=lasts, edge=_SOON), times
