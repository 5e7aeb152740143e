"""Observe the feeder and its load, in Home Assistant and in the clouds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from simulator.feeder import SITE

from ..cloud_client import Asset, CloudClient
from ..hass import Hass
from ..inventory import Device, Inventory, take_inventory
from ..settings import LaunchError

_RECENT: Final = timedelta(minutes=10)
_KILO: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The feeder and its load at one time.

    Attributes:
        at: when.
        loading: of the line, %, as Home Assistant shows it; None where it does not.
        current: that the line carries, A, as Home Assistant shows it.
        drawn: power of the site by GridDuck, W.
        snoozed: the assets that are snoozed by GridDuck.
        shown: the names of those that Home Assistant shows as snoozed.
        shed: power of the snoozed assets before they were, W.
    """

    at: datetime
    loading: float | None
    current: float | None
    drawn: float
    snoozed: tuple[Asset, ...]
    shown: tuple[str, ...]
    shed: float

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the snoozed assets."""
        return tuple(asset.name for asset in self.snoozed)

    def above(self, percent: float) -> bool:
        """Tell whether the line is known to carry more than a share of what it can."""
        return self.loading is not None and self.loading > percent

    def below(self, percent: float) -> bool:
        """Tell whether the line is known to carry less than a share of what it can."""
        return self.loading is not None and self.loading < percent

    def summary(self) -> str:
        """Return it in a line, for people."""
        loading = "?" if self.loading is None else f"{self.loading:.0f}"
        off = f"off: {', '.join(self.names)} ({_kw(self.shed)})" if self.snoozed else "all on"
        return f"{self.at:%H:%M:%S}  line {loading} %  site {_kw(self.drawn)}  {off}"


class Observer:
    """Observes the feeder, and updates its sensors when there is a new measurement."""

    def __init__(self, hass: Hass, cloud: CloudClient, line: Device) -> None:
        """Take both sides, and the line."""
        self._hass, self._cloud, self._line = hass, cloud, line
        self._usual: dict[str, float] = {}
        self._measured: list[float] = []
        self.strange = set[float]()
        """Currents that Home Assistant showed and the line never had."""

    async def observe(self) -> Observation:
        """Return what both sides show now."""
        await self._ask_again()
        assets = [each for each in (await self._cloud.assets()).values() if each.site_name == SITE]
        inventory = await take_inventory(self._hass)
        current = self._number(inventory, "current")
        # It may have been measured and polled since: what is judged is then read again.
        if (
            current is not None
            and not _holds(self._measured, current)
            and not _holds(await self._currents(), current)
        ):
            self.strange.add(current)
        snoozed = tuple(each for each in assets if each.runs("snooze"))
        self._usual |= {each.id: each.consumption or 0.0 for each in assets if each not in snoozed}
        return Observation(
            at=datetime.now(UTC),
            loading=self._number(inventory, "loading"),
            current=current,
            drawn=sum(each.consumption or 0.0 for each in assets),
            snoozed=snoozed,
            shown=tuple(each.name for each in assets if _shows_snooze(inventory, each)),
            shed=sum(self._usual.get(each.id, 0.0) for each in snoozed),
        )

    async def _ask_again(self) -> None:
        """Update the line's sensors where there is a new measurement, as a person would."""
        measured = await self._currents()
        if measured != self._measured:
            self._measured = measured
            entity = (await take_inventory(self._hass)).of_key(self._line, "current")
            if entity is None:
                raise LaunchError("Home Assistant does not show what the line carries")
            await self._hass.act("homeassistant.update_entity", {"entity_id": [entity.entity_id]})

    async def _currents(self) -> list[float]:
        """Return the currents that the line was measured to carry lately, A."""
        now = datetime.now(UTC)
        return await self._cloud.currents(self._line.own_id, now - _RECENT, now)

    def _number(self, inventory: Inventory, key: str) -> float | None:
        entity = inventory.of_key(self._line, key)
        try:
            return None if entity is None else float(inventory.state(entity))
        except ValueError:
            # It says that it does not know.
            return None


def _holds(measured: list[float], current: float) -> bool:
    return any(abs(current - each) <= 1 for each in measured)


def _shows_snooze(inventory: Inventory, asset: Asset) -> bool:
    for device in inventory.devices_of("asset"):
        if device.own_id == asset.id:
            override = inventory.of_key(device, "override")
            return override is not None and inventory.state(override) == "snooze"
    return False


def _kw(watts: float) -> str:
    return f"{watts / _KILO:,.0f} kW"
