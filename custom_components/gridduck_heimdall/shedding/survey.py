"""Sorts the assets of a target: who may give way, who has already, and who is passed over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .candidates import Candidate, Passed, Reason, refusal
from .record import Ledger, Shed, key_of
from .watch import Watch

type Watches = Mapping[str, Watch]
"""The GridDuck accounts that are in use, by the id of their config entry."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The assets of a target.

    Attributes:
        willing: those that may give way.
        shed: those that have, with what is noted of them.
        passed: those that may not, and why.
    """

    willing: list[Candidate] = field(default_factory=list)
    shed: list[tuple[Candidate, Shed]] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)


def survey(
    ledger: Ledger,
    watches: Watches,
    found: Iterable[Candidate],
    now: datetime,
    *,
    non_interruptible: bool,
) -> Survey:
    """Sort the candidates; the ledger is settled before.

    Args:
        ledger: what is shed.
        watches: the accounts.
        found: the candidates.
        now: the present.
        non_interruptible: as in `refusal`.
    """
    sorted_out = Survey()
    off, partly_off = _related(ledger, watches)
    for candidate in found:
        shed = ledger.get(candidate.key)
        if not candidate.watch.account.assets.serving:
            sorted_out.passed.append(candidate.passed(Reason.UNAVAILABLE))
        elif candidate.watch.account.is_disabled(candidate.asset.id):
            sorted_out.passed.append(candidate.passed(Reason.DISABLED))
        elif ledger.underway.resuming(candidate.key):
            sorted_out.passed.append(candidate.passed(Reason.RESTORED))
        elif shed is not None and is_off(ledger, shed):
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


def is_off(ledger: Ledger, shed: Shed) -> bool:
    """Tell whether something is off, or about to be: a request that is under way has taken it."""
    return shed.accepted or ledger.underway.snoozing(shed.key)


def _related(ledger: Ledger, watches: Watches) -> tuple[set[str], set[str]]:
    """Return what is shed, and what measures something of that whose fall is not measured yet."""
    off, partly_off = set[str](), set[str]()
    for shed in ledger:
        if not is_off(ledger, shed):
            continue
        off.add(shed.key)
        watch = watches.get(shed.entry_id)
        asset = None if watch is None else watch.account.assets.data.get(shed.asset_id)
        if watch is not None and asset is not None and shed.saved is None:
            account = watch.account
            partly_off.update(key_of(account.cloud, one) for one in account.ancestors(asset))
    return off, partly_off
