"""Assets of accounts, as the control law sees them."""

from ..api.override import Override, RunningOverride
from ..core.asset_account import AssetAccount, AssetLoad
from .control_law.models import AssetState, Refusal


def asset_state(
    account: AssetAccount,
    asset_id: str,
    load: AssetLoad,
    *,
    on_since: float | None,
    in_flight: bool,
    min_time_on: float | None = None,
) -> AssetState:
    """Return an asset as its account shows it; `min_time_on` (s) holds where it names none."""
    running, listed = load.control.running, load.listed
    if listed is not None and _is_foreign(account, asset_id, listed):
        listed = None
    return AssetState(
        key=account.key_of(asset_id),
        seen=load.shown_at.timestamp(),
        power=load.power,
        above=tuple(account.key_of(one) for one in load.above),
        interruptible=load.interruptible,
        off_until=_end_of(Override.SNOOZE, running),
        estimated=running is not None and running.estimated,
        boosted=load.control.override is Override.BOOST,
        boosted_until=_end_of(Override.BOOST, running),
        foreign=running is not None and _is_foreign(account, asset_id, running),
        listed_until=_end_of(Override.SNOOZE, listed),
        min_time_on=load.min_time_on if load.min_time_on is not None else min_time_on,
        max_time_off=load.max_time_off,
        on_since=on_since,
        refusal=_refusal(account, asset_id, load),
        in_flight=in_flight,
        kept_off=load.kept_off,
    )


def unlisted(account: AssetAccount, asset_id: str) -> AssetState | None:
    """Return the state of an asset that its account does not have any more; None for any other.

    One that the options exclude is not gone: what is curtailed of it can still be returned.
    """
    if account.has_asset(asset_id):
        return None
    key, is_gone = account.key_of(asset_id), not account.excludes(asset_id)
    return AssetState(key=key, seen=0.0, power=None, gone=is_gone, refusal=Refusal.UNAVAILABLE)


def _end_of(kind: Override, running: RunningOverride | None) -> float | None:
    """Return when an override of a kind ends; None where another or none runs."""
    if running is None or running.kind is not kind:
        return None
    return running.end.timestamp()


def _is_foreign(account: AssetAccount, asset_id: str, running: RunningOverride) -> bool:
    """Return whether an override is known to come from a command that curtails nothing."""
    cause = account.cause_of(asset_id, running)
    return cause is not None and not cause.shedding


def _refusal(account: AssetAccount, asset_id: str, load: AssetLoad) -> Refusal | None:
    """Return why an account does not let an asset be curtailed now."""
    if not account.is_controllable(asset_id):
        return Refusal.READ_ONLY
    if not load.connected:
        return Refusal.DISCONNECTED
    if load.control.override is Override.BOOST:
        return Refusal.BOOSTED
    if load.control.is_on is False and load.control.override is Override.NONE:
        return Refusal.OFF
    return None
