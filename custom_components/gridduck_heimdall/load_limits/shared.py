"""What load limits and actions share, and assets as accounts show them."""

import asyncio
from dataclasses import dataclass, field

from homeassistant.core import HomeAssistant

from ..core.asset_account import AssetAccount
from .accounts import Accounts
from .asset_states import asset_state, unlisted
from .control_law.ledger import Curtailed, Ledger
from .control_law.models import AssetState
from .in_flight import InFlight
from .record import Record


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """One ledger, one file, one set of commands in flight.

    Attributes:
        deciding: held from a look to the reservation of what was chosen, so that no two decide on
            the same asset.
    """

    hass: HomeAssistant
    record: Record
    accounts: Accounts
    in_flight: InFlight
    deciding: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def ledger(self) -> Ledger:
        """The present ledger."""
        return self.record.ledger

    def state(self, account: AssetAccount, asset_id: str) -> AssetState | None:
        """Return an asset as its account shows it, for an action; None before it shows it.

        A person decides: it has been on for long enough unless it names a time itself.
        """
        if (load := account.load_of(asset_id)) is None:
            return unlisted(account, asset_id)
        on_since = self.accounts.on_since(account, asset_id, named=True)
        in_flight = account.key_of(asset_id) in self.in_flight
        return asset_state(
            account, asset_id, load, on_since=on_since, in_flight=in_flight, min_time_on=0.0
        )

    def state_of(self, one: Curtailed) -> AssetState | None:
        """Return a curtailed asset as its account shows it; None while that is not in use."""
        account = self.accounts.of(one)
        return None if account is None else self.state(account, one.asset_id)
