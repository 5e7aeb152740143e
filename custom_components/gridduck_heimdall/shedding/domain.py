"""Shedding over all accounts: one ledger, what is known of each account, what is under way."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..api.sanitizer import sanitize_name
from ..const import DOMAIN
from ..core.backend import Account
from ..gridduck.backend import GridDuckAccount
from ..load_limits.candidates import rank
from .answer import Outcome
from .candidates import Passed, Reason, candidates
from .goal import Goal
from .record import Ledger, Shed, key_of
from .restore import Restored, Restorer
from .run import Run, Terms
from .schedule import Pace
from .settling import Settling
from .survey import Survey, survey
from .verify import Verifier
from .watch import Watch

type Targets = Mapping[str, Sequence[AnyDeviceEntry]]
"""Devices of GridDuck, by the id of the config entry that they belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A request to shed load.

    Attributes:
        targets: what may give way.
        goal: what is to be shed.
        terms: how.
        priority: ids of labels, of those first that give way first.
        non_interruptible: whether assets may give way that are not marked as interruptible.
    """

    targets: Targets
    goal: Goal
    terms: Terms
    priority: Sequence[str] = ()
    non_interruptible: bool = False


class Shedding:
    """What is shed, in all accounts.

    Attributes:
        watches: by entry, what follows the assets of each account in use.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; nothing is read yet."""
        self._hass = hass
        self._ledger = ledger = Ledger(hass)
        self.watches: dict[str, Watch] = {}
        self._settling = Settling(ledger, self.watches)
        self._verifier = Verifier(hass, ledger, self.watches, self._settling)
        self._restorer = Restorer(hass, ledger, self.watches, self._settling)
        self._runs: set[Run] = set()

    @property
    def sheds(self) -> list[Shed]:
        """All that is shed, as far as is known; `Shed.why` tells people why."""
        return [shed for shed in self._ledger if not shed.ended]

    async def async_load(self) -> None:
        """Read what is shed, and go on with what was to come back."""
        await self._ledger.async_load()
        self._restorer.arm()

    @callback
    def close(self) -> None:
        """Wait for nothing any more, and begin nothing."""
        for run in self._runs:
            run.end()
        self._restorer.close()

    @callback
    def follow(self, account: Account) -> None:
        """Follow an account from its opening until it is closed."""
        if isinstance(account, GridDuckAccount):
            entry = account.entry
            self.watches[entry.entry_id] = watch = Watch(account, self._settling.listed)
            self._settling.listed(watch)
            entry.async_on_unload(partial(self._unfollow, entry.entry_id))
            self._restorer.arm()

    @callback
    def _unfollow(self, entry_id: str) -> None:
        self.watches.pop(entry_id, None)

    async def async_forget(self, entry_id: str) -> None:
        """Forget what was shed of an account that is deleted."""
        self._ledger.drop([shed.key for shed in self._ledger if shed.entry_id == entry_id])
        await self._ledger.async_try_save()

    async def async_shed(self, wish: Wish) -> Outcome:
        """Shed load; several requests may be under way at a time."""
        find = partial(self._survey, wish)
        run = Run(self._ledger, self._verifier, wish.goal, wish.terms, find)
        self._runs.add(run)
        try:
            return await run.async_do()
        finally:
            self._runs.remove(run)
            self._restorer.arm()

    def _survey(self, wish: Wish, without: Container[str]) -> Survey:
        """Return the assets of a target as they are now, without some, by key."""
        now = dt_util.utcnow()
        self._settling.settle(now)
        found = candidates(
            {
                watch: watch.account.assets_under(devices)
                for entry_id, devices in wish.targets.items()
                if (watch := self.watches.get(entry_id)) is not None
            },
            lambda device_id: rank(self._hass, device_id, wish.priority),
        )
        sorted_out = survey(
            self._ledger,
            self.watches,
            (one for one in found if one.key not in without),
            now,
            non_interruptible=wish.non_interruptible,
        )
        sorted_out.passed.extend(self._out_of_use(wish.targets))
        return sorted_out

    async def async_restore(
        self,
        targets: Targets | None,
        pace: Pace,
        context: Context | None = None,
        line: str | None = None,
    ) -> Restored:
        """Bring back what was shed, of a target or all.

        A request to shed load that relies on any of it takes nothing in its place.

        Args:
            targets: what may come back; None for all.
            pace: how fast.
            context: of the action.
            line: the device of a line: what is off for anything else stays off. None for all.
        """
        wanted = None if targets is None else self._keys(targets)
        meant = [
            shed
            for shed in self._ledger
            if wanted is None or shed.key in wanted or shed.device_id in wanted
        ]
        others = [shed for shed in meant if line is not None and shed.line != line]
        keys = {shed.key for shed in meant} - {shed.key for shed in others}
        for run in self._runs:
            if not keys.isdisjoint(run.relied_on):
                run.end(keys)
        restored = await self._restorer.async_restore(keys, pace, context)
        restored.passed.extend(
            Passed(name=shed.name, device_id=shed.device_id, reason=Reason.OTHER_LINE)
            for shed in others
            if not shed.ended
        )
        return restored

    def _keys(self, targets: Targets) -> set[str]:
        """Return the keys of all assets of a target; of an account out of use, its devices."""
        found = set[str]()
        for entry_id, devices in targets.items():
            found.update(device.id for device in devices)
            if (watch := self.watches.get(entry_id)) is not None:
                account = watch.account
                found.update(
                    key_of(account.cloud, asset_id) for asset_id in account.assets_under(devices)
                )
        return found

    def _out_of_use(self, targets: Targets) -> list[Passed]:
        return [
            Passed(
                name=sanitize_name(device.name_by_user, device.name, device.id),
                device_id=device.id,
                reason=Reason.UNAVAILABLE,
            )
            for entry_id, devices in targets.items()
            if entry_id not in self.watches
            for device in devices
        ]


SHEDDING: Final = HassKey[Shedding](f"{DOMAIN}.shedding")


async def async_setup_shedding(hass: HomeAssistant) -> None:
    """Read what is shed, before any account is opened."""
    hass.data[SHEDDING] = shedding = Shedding(hass)
    await shedding.async_load()

    @callback
    def stop(_event: Event) -> None:
        shedding.close()

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop)


async def async_forget_account(hass: HomeAssistant, entry_id: str) -> None:
    """Forget what was shed of an account that is deleted."""
    if (shedding := hass.data.get(SHEDDING)) is not None:
        await shedding.async_forget(entry_id)
