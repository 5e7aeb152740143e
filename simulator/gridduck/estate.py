"""The sites and assets that a simulation starts with."""

from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from simulator.noise import between, digest, unit

from .asset import Asset, Gateway, Site
from .kinds import KINDS, course
from .load import DAY
from .timeline import Control, Mode

_SITE_NAMES: Final = (
    "Harbour Office",
    "Mill Lane Depot",
    "North School",
    "Station Road Clinic",
    "Riverside Library",
    "Quarry Farm",
    "Castle Street Shop",
)
_SITE_PRICES: Final = ("28.5", "31", "14", "24.86")
_FIRST_DAY: Final = 1_614_556_800  # 2021-03-01T00:00:00Z
_INSTALLED_WITHIN_DAYS: Final = 700
_OFFLINE_FOR: Final = 2 * DAY + 7 * 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What stands where at a site; `parent` is the place of another asset of that site."""

    name: str
    kind: str
    mode: Mode = Mode.ALWAYS_ON
    parent: int | None = None
    read_only: bool = False
    offline: bool = False
    bare: bool = False


# The first site has the odd ones: one read-only, one offline, one without gateway and signal.
_PLANS: Final[tuple[tuple[Plan, ...], ...]] = (
    (
        Plan(name="Main meter", kind="meter"),
        Plan(name="Lighting circuit", kind="circuit", parent=0),
        Plan(name="Lamp", kind="plug"),
        Plan(name="Heat pump", kind="heat_pump", mode=Mode.SCHEDULE),
        Plan(name="Sockets circuit", kind="circuit", parent=0, read_only=True),
        Plan(name='Café "Quayside", freezer', kind="freezer", bare=True),
        Plan(name="Meeting room", kind="temperature"),
        Plan(name="Kettle", kind="plug", offline=True),
    ),
    (
        Plan(name="Main meter", kind="meter"),
        Plan(name="Workshop circuit", kind="circuit", parent=0),
        Plan(name="Charger bay 1", kind="ev_charger", mode=Mode.SCHEDULE),
        Plan(name="Forklift charger", kind="plug", mode=Mode.ALWAYS_OFF),
        Plan(name="Yard lighting", kind="lighting", parent=1, mode=Mode.SCHEDULE),
        Plan(name="Cold store", kind="freezer"),
        Plan(name="Cold store hall", kind="temperature"),
        Plan(name="Vending machine", kind="plug"),
    ),
    (
        Plan(name="Main meter", kind="meter"),
        Plan(name="Classroom circuit", kind="circuit", parent=0),
        Plan(name="Kitchen circuit", kind="circuit", parent=0),
        Plan(name="Heat pump", kind="heat_pump"),
        Plan(name="Hall lighting", kind="lighting", parent=1),
        Plan(name="Fridge-freezer", kind="freezer"),
        Plan(name="Library", kind="temperature"),
        Plan(name="Projector", kind="plug", mode=Mode.SCHEDULE),
    ),
)
_MORE: Final = (
    ("Plug", "plug"),
    ("Lights", "lighting"),
    ("Circuit", "circuit"),
    ("Freezer", "freezer"),
    ("Desk", "plug"),
    ("Charger", "ev_charger"),
    ("Heat pump", "heat_pump"),
    ("Room", "temperature"),
)
_MODES: Final = (Mode.ALWAYS_ON, Mode.ALWAYS_ON, Mode.SCHEDULE, Mode.ALWAYS_OFF)
# A meter adds up its circuits at every reading, so that their number is kept in bounds.
_LAST_METERED: Final = 64


class Builder:
    """Makes sites and assets whose every property follows from a seed and a number."""

    def __init__(self, seed: int) -> None:
        """Take the seed."""
        self._seed = seed

    def uuid(self, key: str, number: int) -> str:
        """Return the id that belongs to a key and a number."""
        return str(UUID(bytes=digest(self._seed, f"gridduck {key}", number, 16), version=4))

    def site(self, number: int) -> Site:
        """Return the site of this number, with one gateway or two."""
        known = number < len(_SITE_NAMES)
        gateways = [2 * number + extra for extra in range(2 - number % 2)]
        return Site(
            id=self.uuid("site", number),
            name=_SITE_NAMES[number] if known else f"Site {number + 1}",
            price=_SITE_PRICES[number % len(_SITE_PRICES)],
            currency="£",
            created=_FIRST_DAY,
            gateways=[
                Gateway(
                    id=self.uuid("gateway", gateway),
                    name=f"Hub-{digest(self._seed, 'hub', gateway, 2).hex().upper()}",
                )
                for gateway in gateways
            ],
        )

    def asset(
        self, number: int, plan: Plan, site: Site, parent: Asset | None, created: int | None = None
    ) -> Asset:
        """Return the asset of this number; `created` (unix seconds) is years ago by default."""
        if created is None:
            age = unit(self._seed, "gridduck created", number) * _INSTALLED_WITHIN_DAYS
            created = _FIRST_DAY + int(age) * DAY
        variant = int(unit(self._seed, "gridduck variant", number) * 16)
        asset = Asset(
            id=self.uuid("asset", number),
            name=plan.name,
            number=number,
            kind_name=plan.kind,
            kind=KINDS[plan.kind],
            site=site,
            gateway=None if plan.bare else site.gateways[number % len(site.gateways)],
            created=created,
            control=Control(created, plan.mode),
            parent=parent,
            noise=partial(between, self._seed, f"gridduck asset {number}", -1.0, 1.0),
            courses=(
                course(self._seed, plan.kind, variant, scheduled=False),
                course(self._seed, plan.kind, variant, scheduled=True),
            ),
            price="14" if number % 4 == 0 else None,
            signal=None if plan.bare else -50 - int(unit(self._seed, "signal", number) * 40),
            read_only=plan.read_only,
        )
        if parent is not None:
            parent.loads.append(asset)
            parent.children.append(asset)
            parent.static = None
        return asset

    def estate(self, sites: list[Site], assets: int, now: float) -> list[Asset]:
        """Return so many assets, dealt out to the sites in turn; one went offline before `now`."""
        made: list[Asset] = []
        for number in range(assets):
            place, at = divmod(number, len(sites))
            plan = self._plan(at, place)
            parent = None if plan.parent is None else made[plan.parent * len(sites) + at]
            asset = self.asset(number, plan, sites[at], parent)
            if plan.offline:
                asset.offline_since = now - _OFFLINE_FOR
            made.append(asset)
        return made

    def _plan(self, site: int, place: int) -> Plan:
        # Only the first site has the odd ones, of which there is to be one each.
        plans = _PLANS[site if site < len(_PLANS) else 1 + site % (len(_PLANS) - 1)]
        if place < len(plans):
            return plans[place]
        label, kind = _MORE[place % len(_MORE)]
        parents = {"circuit": 0, "lighting": 1} if place < _LAST_METERED else {}
        draw = unit(self._seed, f"gridduck mode {site}", place)
        return Plan(
            name=f"{label} {place + 1}",
            kind=kind,
            mode=Mode.ALWAYS_ON if kind == "circuit" else _MODES[int(draw * len(_MODES))],
            parent=parents.get(kind),
        )
