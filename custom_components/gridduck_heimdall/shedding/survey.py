"""Sorts the assets of a target: who may give way, who has already, and who is passed over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .candidates import Candidate, Passed, Reason, refusal
from .record import Ledger, Shed, key_of
from .standing import SETTLED, Standing, confirmed, measured, standing
from .watch import Watch

type Watches = Mapping[str, Watch]
"""The GridDuck accounts that are in use, by the id of their config entry."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The assets of a target.

    Parameters:
        willing: those that may give way.
        shed: those that have, with what is noted of them.
        passed: those that may not, and why.
    """

    willing: list[Candidate]
    shed: list[tuple[Candidate, Shed]]
    passed: list[Passed]


def judge(shed: Shed, watches: Watches, now: datetime) -> Standing:
    """Return what became of something that was shed."""
    if (watch := watches.get(shed.entry_id)) is None or not watch.account.assets.serving:
        return standing(shed, None, None, now)
    assets = watch.account.assets
    asset = assets.data.get(shed.asset_id)
    control = None if asset is None else assets.control(asset)
    return standing(shed, control, watch.listed_at, now)


def settle(ledger: Ledger, watches: Watches, now: datetime) -> None:
    """Bring what is noted in step with what the accounts say now."""
    for shed in ledger:
        match judge(shed, watches, now):
            case Standing.ENDED | Standing.CHANGED:
                ledger.drop((shed.key,))
            case Standing.OURS:
                ledger.put(updated(shed, watches))


def updated(shed: Shed, watches: Watches, after: timedelta = SETTLED) -> Shed:
    """Return what is known by now of an asset that is shed; `after` as in `measured`."""
    watch = watches.get(shed.entry_id)
    if watch is None or (asset := watch.account.assets.data.get(shed.asset_id)) is None:
        return shed
    control = watch.account.assets.control(asset)
    return measured(confirmed(shed, control), asset, watch.listed_at, after)


def survey(
    ledger: Ledger,
    watches: Watches,
    found: Iterable[Candidate],
    now: datetime,
    *,
    non_interruptible: bool,
) -> Survey:
    """Sort the candidates; the ledger is settled before.

    Parameters:
        ledger: what is shed.
        watches: the accounts.
        found: the candidates.
        now: the present.
        non_interruptible: as in `refusal`.
    """
    sorted_out = Survey([], [], [])
    off, partly_off = _related(ledger, watches)
    for candidate in found:
        shed = ledger.get(candidate.key)
        if not candidate.watch.account.assets.serving:
            sorted_out.passed.append(candidate.passed(Reason.UNAVAILABLE))
        elif shed is not None and shed.accepted:
            sorted_out.shed.append((candidate, shed))
        elif not off.isdisjoint(candidate.above):
            sorted_out.passed.append(candidate.passed(Reason.PARENT_SHED))
        elif reason := refusal(candidate, now, non_interruptible=non_interruptible):
            sorted_out.passed.append(candidate.passed(reason))
        elif candidate.key in partly_off:
            sorted_out.passed.append(candidate.passed(Reason.CHILD_SHED))
        else:
            sorted_out.willing.append(candidate)
    return sorted_out


def _related(ledger: Ledger, watches: Watches) -> tuple[set[str], set[str]]:
    """Return what is shed, and what measures something of that whose fall is not measured yet."""
    off, partly_off = set[str](), set[str]()
    for shed in ledger:
        if not shed.accepted:
            continue
        off.add(shed.key)
        watch = watches.get(shed.entry_id)
        asset = None if watch is None else watch.account.assets.data.get(shed.asset_id)
        if watch is not None and asset is not None and shed.saved is None:
            account = watch.account
            partly_off.update(key_of(account.cloud, one) for one in account.ancestors(asset))
    return off, partly_off
