"""Keeps what is noted of sheds in step with what the accounts show, and tells their end."""

from datetime import datetime, timedelta

from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.util import dt as dt_util
import msgspec

from ..api.override import RunningOverride
from ..core.events import Details, Happened, async_fire
from ..gridduck.backend import GridDuckAccount
from ..gridduck.switch import SWITCH
from .record import Ledger, Shed
from .standing import SETTLED, Standing, confirmed, measured, standing
from .survey import Watches
from .watch import Watch


class Settling:
    """What became of each that was shed."""

    def __init__(self, ledger: Ledger, watches: Watches) -> None:
        """Take what is noted, and the accounts."""
        self._ledger, self._watches = ledger, watches

    def judge(self, shed: Shed, now: datetime) -> Standing:
        """Return what became of something that was shed."""
        if (watch := self._watches.get(shed.entry_id)) is None or not watch.account.assets.serving:
            return standing(shed, None, None, now)
        assets = watch.account.assets
        asset = assets.data.get(shed.asset_id)
        control = None if asset is None else assets.overrides.control(asset)
        if control is not None and _is_theirs(watch.account, shed, control.running):
            return Standing.CHANGED
        return standing(shed, control, watch.listed_at, now)

    @callback
    def listed(self, watch: Watch) -> None:
        """Take over what a list shows of what is shed of its account."""
        now, changed = dt_util.utcnow(), False
        for shed in self._ledger:
            if shed.entry_id != watch.account.entry.entry_id or shed.key in self._ledger.underway:
                continue
            seen = self._seen(shed, watch, now)
            if seen != shed:
                self._ledger.put(seen)
                changed = True
        if changed:
            self._ledger.save_soon()

    def _seen(self, shed: Shed, watch: Watch, now: datetime) -> Shed:
        asset, before = watch.account.assets.data.get(shed.asset_id), shed
        running = None if asset is None else asset.running_override(watch.listed_at)
        if not _is_theirs(watch.account, shed, running):
            shed = confirmed(shed, running, watch.listed_at)
        if shed.accepted and not before.accepted:
            until = shed.until.isoformat(timespec="seconds")
            self._fire(watch, shed, Happened.LOAD_SHED, Details(until=until, why=shed.why))
        match self.judge(shed, now):
            case Standing.ENDED:
                return self._told(shed)
            case found:
                return msgspec.structs.replace(shed, changed=found is Standing.CHANGED)

    def _told(self, shed: Shed) -> Shed:
        """Tell the end of a snooze that nobody has ended, unless that was done."""
        watch = self._watches.get(shed.entry_id)
        if watch is None or shed.ended:
            return shed
        if shed.accepted and not shed.changed:
            self._fire(watch, shed, Happened.LOAD_RESTORED, Details(why=shed.why))
        return msgspec.structs.replace(shed, ended=True)

    def _fire(self, watch: Watch, shed: Shed, what: Happened, details: Details) -> None:
        account = watch.account
        if (device := account.device_of(shed.asset_id)) is not None:
            switch = account.data.registered(Platform.SWITCH, shed.asset_id, SWITCH.key)
            entity_id = None if switch is None else switch.entity_id
            async_fire(account.hass, what, device, entity_id, details)

    @callback
    def settle(self, now: datetime) -> None:
        """Forget what is not shed any more, and measure the rest."""
        for shed in self._ledger:
            if shed.key in self._ledger.underway:
                continue
            if self.forgotten(shed, now) is None and self.judge(shed, now) is Standing.OURS:
                self._ledger.put(self.measured(shed))

    @callback
    def forgotten(self, shed: Shed, now: datetime) -> Standing | None:
        """Forget what ended or what somebody changed; return which it was, None if neither."""
        match self.judge(shed, now):
            case Standing.ENDED as found:
                self._told(shed)
            case Standing.CHANGED as found:
                pass
            case _:
                return None
        self._ledger.drop((shed.key,))
        return found

    def measured(self, shed: Shed, after: timedelta = SETTLED) -> Shed:
        """Return a record with what was measured by now; `after` as in `standing.measured`."""
        watch = self._watches.get(shed.entry_id)
        if watch is None or (asset := watch.account.assets.data.get(shed.asset_id)) is None:
            return shed
        return measured(shed, asset, watch.listed_at, after)


def _is_theirs(account: GridDuckAccount, shed: Shed, running: RunningOverride | None) -> bool:
    """Tell whether an override is known to come from a command other than shedding."""
    if running is None:
        return False
    cause = account.journal.cause_of(shed.asset_id, running)
    return cause is not None and not cause.shedding
