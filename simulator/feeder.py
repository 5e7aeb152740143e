"""A feeder that carries a site's load: what the one service switches off, the other measures.

It joins both worlds, which otherwise know nothing of each other.
"""

from typing import Final

from .clock import Clock
from .gridduck.load import DAY
from .gridduck.world import World
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
_DAYS: Final = 7


def add_feeder(gridduck: World, heimdall: HeimdallWorld, clock: Clock) -> None:
    """Add a site of large loads, and the line that feeds it, which the evening overloads."""
    site_id = gridduck.add_site(SITE)
    loads = [
        gridduck.assets[gridduck.add_asset(name, kind, site_id=site_id, created=0)]
        for name, kind in _LOADS
    ]

    def power(at: float) -> float:
        """Return what the site draws at a unix time, W."""
        return float(sum(load.power(at) or 0 for load in loads))

    midnight = clock.now() // DAY * DAY
    evenings = [power(midnight - day * DAY + _PEAK_HOUR) for day in range(1, _DAYS + 1)]
    heimdall.add_feeder(LINE, power, peak=sum(evenings) / _DAYS)
