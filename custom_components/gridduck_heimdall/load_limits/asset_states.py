"""Assets of accounts, as the control law sees them."""

from ..api.override import Override
from ..core.asset_account import AssetAccount, AssetLoad, Control
from .models import AssetState, Refusal


def asset_key(account: AssetAccount, asset_id: str) -> str:
    """Return the key of an asset: two accounts of one cloud may see the same one."""
    return f"{account.cloud} {asset_id}"


def asset_state(
    account: AssetAccount,
    asset_id: str,
    *,
    on_since: float | None,
    in_flight: bool,
    min_time_on: float | None = None,
) -> AssetState | None:
    """Return an asset as its account shows it; None where it does not.

    Args:
        account: the account.
        asset_id: the service's id.
        on_since: since when it is known to be on.
        in_flight: whether a command to it has not been answered.
        min_time_on: shortest time on of an asset that names none, s.
    """
    if (load := account.load_of(asset_id)) is None:
        return None
    control = account.control_of(asset_id)
    snoozed = control is not None and control.override is Override.SNOOZE
    running = None if control is None else control.running
    return AssetState(
        key=asset_key(account, asset_id),
        seen=load.shown_at.timestamp(),
        power=load.power,
        interruptible=load.interruptible,
        off_until=running.end.timestamp() if snoozed and running is not None else None,
        min_time_on=load.min_time_on if load.min_time_on is not None else min_time_on,
        max_time_off=load.max_time_off,
        on_since=on_since,
        refusal=_refusal(account, asset_id, load, control),
        in_flight=in_flight,
    )


def _refusal(
    account: AssetAccount, asset_id: str, load: AssetLoad, control: Control | None
) -> Refusal | None:
    """Return why an account does not let an asset be curtailed now."""
    if not account.is_controllable(asset_id):
        return Refusal.READ_ONLY
    if not load.connected:
        return Refusal.DISCONNECTED
    if control is None:
        return Refusal.UNAVAILABLE
    if control.override is Override.BOOST:
        return Refusal.BOOSTED
    if control.is_on is False and control.override is Override.NONE:
        return Refusal.OFF
    return None
