"""Kinds of assets: their hardware, their load and what the guide's fields say of them."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from simulator.noise import between

from .load import ALWAYS, Course, Hours, Shape, day_factors

_OFFICE: Final = Hours(frozenset(range(7, 20)), frozenset(range(10, 20)))
_NIGHT: Final = Hours(frozenset({*range(16, 24), *range(5)}), frozenset({*range(16, 24)}))
_HEATING: Final = Hours(frozenset(range(5, 22)), frozenset(range(7, 22)))

# Relative load at each full hour, UTC; every one has its peak from 17 to 20 h.
type Knots = tuple[float, ...]
_EVENING: Final[Knots] = (
    *(0.35, 0.31, 0.28, 0.27, 0.28, 0.32, 0.40, 0.50, 0.55, 0.56, 0.55, 0.58),
    *(0.60, 0.58, 0.56, 0.58, 0.70, 0.95, 1.00, 1.00, 0.92, 0.70, 0.55, 0.42),
)
_LIGHT: Final[Knots] = (
    *(0.25, 0.22, 0.22, 0.22, 0.22, 0.28, 0.50, 0.65, 0.60, 0.52, 0.46, 0.42),
    *(0.40, 0.42, 0.46, 0.58, 0.80, 0.96, 1.00, 1.00, 0.95, 0.75, 0.50, 0.32),
)
_STEADY: Final[Knots] = (
    *(0.78, 0.78, 0.77, 0.77, 0.77, 0.78, 0.80, 0.82, 0.84, 0.85, 0.86, 0.87),
    *(0.88, 0.89, 0.90, 0.91, 0.94, 0.99, 1.00, 1.00, 0.97, 0.90, 0.84, 0.80),
)


@dataclass(frozen=True, slots=True)
class Temperature:
    """Daily course of a temperature: mean and half the daily swing, °C."""

    mean: float
    swing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of asset.

    `watts` is the full load (None: it measures no power); `season` how much more it draws in
    mid-winter than on average; `interruptible` the shortest time on and the longest time off, s;
    `fields` what the kind adds to the fields of the guide.
    """

    sku: str
    watts: float | None
    knots: Knots = _EVENING
    hours: Hours = ALWAYS
    season: float = 0.0
    temperature: Temperature | None = None
    interruptible: tuple[int, int] | None = None
    fields: dict[str, object] = field(default_factory=dict)


KINDS: Final[dict[str, Kind]] = {
    "meter": Kind(sku="MTR-3P", watts=600, season=0.1, fields={"imp_kwh": 1000, "clamp_size": 200}),
    "circuit": Kind(
        sku="CLP-60", watts=1_400, hours=_OFFICE, season=0.1, fields={"clamp_size": 60}
    ),
    "plug": Kind(sku="PLU-UK", watts=160, hours=_OFFICE),
    "lighting": Kind(sku="REL-16", watts=420, knots=_LIGHT, hours=_OFFICE, season=0.2),
    "heat_pump": Kind(
        sku="REL-32", watts=3_600, hours=_HEATING, season=0.45, interruptible=(900, 3_600)
    ),
    "ev_charger": Kind(
        sku="REL-32",
        watts=7_200,
        knots=_STEADY,
        hours=_NIGHT,
        interruptible=(600, 7_200),
        fields={
            "frequency_enabled": True,
            "frequency_off_point": 49.7,
            "frequency_on_point": 49.95,
        },
    ),
    "freezer": Kind(
        sku="PLU-UK",
        watts=230,
        knots=_STEADY,
        temperature=Temperature(-18.0, 0.8),
        interruptible=(1_200, 1_800),
    ),
    "boiler": Kind(sku="CTR-3P", watts=1_500_000, knots=_STEADY, interruptible=(300, 14_400)),
    "cold_store": Kind(sku="CTR-3P", watts=650_000, knots=_STEADY, interruptible=(900, 5_400)),
    "charging_depot": Kind(sku="CTR-3P", watts=850_000, knots=_STEADY, interruptible=(600, 7_200)),
    "heat_plant": Kind(sku="CTR-3P", watts=1_000_000, knots=_STEADY, interruptible=(1_200, 3_600)),
    "pumps": Kind(sku="CTR-3P", watts=400_000, knots=_STEADY, interruptible=(300, 1_800)),
    "greenhouse": Kind(sku="CTR-3P", watts=500_000, knots=_LIGHT, interruptible=(600, 7_200)),
    "ventilation": Kind(sku="CTR-3P", watts=200_000, knots=_STEADY),
    "temperature": Kind(sku="TMP-01", watts=None, temperature=Temperature(20.5, 2.2)),
}

_VARIANTS: Final = 16
_YEARS: Final = 32


@lru_cache(maxsize=1_024)
def course(seed: int, kind: str, variant: int, *, scheduled: bool) -> Course:
    """Return the course of a kind's load, as it is while on or as its schedule leaves it.

    Assets share a few variants: thousands of years of their own would cost memory for nothing.
    """
    about = KINDS[kind]
    key = f"{kind} {variant % _VARIANTS}"
    return Course(
        Shape(about.knots, about.hours if scheduled else ALWAYS),
        day_factors(about.season, lambda day: between(seed, f"{key} day", -1.0, 1.0, day)),
        [between(seed, f"{key} year", 0.92, 1.08, year) for year in range(_YEARS)],
    )
