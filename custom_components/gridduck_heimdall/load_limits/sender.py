"""Carries decisions out: one command in flight for an asset, noted before it is sent."""

from dataclasses import replace
from math import inf
import time
from typing import Final, Protocol

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..api.override import Override
from ..const import DOMAIN, LOGGER
from ..core.asset_account import Terms
from ..core.events import Cause
from ..core.exceptions import explain
from ..core.storage import StorageWriteError
from .active_limit import ActiveLimit
from .announce import announce
from .candidates import CandidateAsset
from .control_law.clock import is_near
from .control_law.models import Action, Decision
from .journal import Entry
from .pauses import Pauses, is_outcome_unknown
from .shared import Shared

_BOOSTS: Final = (Action.BOOST, Action.END_BOOST)
_NEW: Final = (Action.CURTAIL, Action.BOOST)
"""What is not sent while it cannot be written."""

NOTED_AGAIN: Final = 900.0
"""Seconds after which the same advice, or the same failure, is noted once more."""


class CommandEnded(Protocol):
    """Called when a command has ended."""

    def __call__(self, key: str, *, accepted: bool) -> None:
        """Take the asset, and whether the service accepted the command."""


class Sender:
    """Sends commands and notes what became of them."""

    def __init__(self, shared: Shared, ended: CommandEnded) -> None:
        """Begin with none sent; `ended` is called when a command has ended."""
        self._shared, self._ended = shared, ended
        self._noted: dict[tuple[str, str, str], float] = {}
        self._pauses = Pauses()

    def is_paused(self, asset: CandidateAsset, now: float) -> bool:
        """Return whether commands to an asset, or to its account, are paused after failures."""
        return self._pauses.holds(asset, now)

    @callback
    def carry_out(
        self, decision: Decision, asset: CandidateAsset, limit: ActiveLimit | None
    ) -> None:
        """Begin to carry a decision out, on an asset to which no command is in flight."""
        if not decision.send:
            self._advise(decision, asset, limit)
            return
        asset.account.entry.async_create_background_task(
            self._shared.hass,
            self._async_send(decision, asset, limit),
            f"{DOMAIN} {decision.action} {asset.asset_id}",
        )

    async def _async_send(
        self, decision: Decision, asset: CandidateAsset, limit: ActiveLimit | None
    ) -> None:
        error: HomeAssistantError | None = None
        ledger, key = self._shared.ledger, decision.key
        before = ledger.curtailed.get(key), ledger.boosted.get(key)
        in_flight = self._shared.in_flight
        with in_flight.resume((key,)) if decision.until is None else in_flight.snooze((key,)):
            try:
                await self._async_begin(decision, asset, limit)
                await _async_command(decision, asset, "" if limit is None else limit.name)
            except HomeAssistantError as failed:
                error = failed
                LOGGER.debug("%s of %s failed: %s", decision.action, asset.asset_id, failed)
            if error is None:
                self._pauses.succeeded(asset)
                ledger.accept(decision, time.time())
            else:
                if not isinstance(error, StorageWriteError):
                    self._pauses.failed(asset, error, time.time())
                if not is_outcome_unknown(error):
                    ledger.revert(decision, *before)
        if error is None or self._is_news(decision, str(error)):
            self._note(decision, asset, limit, None if error is None else explain(error))
        self._shared.record.save_soon()
        self._ended(key, accepted=error is None)

    async def _async_begin(
        self, decision: Decision, asset: CandidateAsset, limit: ActiveLimit | None
    ) -> None:
        """Note a command before it is sent: no crash may forget it.

        Raises:
            StorageWriteError: it could not be written, and nothing may be sent without.
        """
        ledger, key = self._shared.ledger, decision.key
        ledger.begin(decision, time.time())
        if decision.action is Action.CURTAIL:
            noted = replace(
                ledger.curtailed[key],
                name=asset.account.asset_name(asset.asset_id) or asset.asset_id,
                device_id=asset.device_id,
                why="" if limit is None else limit.name,
            )
            ledger.add(noted)
        if decision.action in _NEW:
            await self._shared.record.async_save()
        else:
            await self._shared.record.async_try_save()

    @callback
    def _advise(self, decision: Decision, asset: CandidateAsset, limit: ActiveLimit | None) -> None:
        """Note advice, unless the same was given lately."""
        if self._is_news(decision):
            self._note(decision, asset, limit, None)
            self._shared.record.save_soon()

    def _is_news(self, decision: Decision, error: str = "") -> bool:
        """Return whether advice, or a failure, has not been noted for this asset lately."""
        key = decision.request, decision.key, error
        if is_near(self._noted.get(key, -inf), decision.at, NOTED_AGAIN):
            return False
        self._noted[key] = decision.at
        return True

    @callback
    def _note(
        self,
        decision: Decision,
        asset: CandidateAsset,
        limit: ActiveLimit | None,
        error: str | None,
    ) -> None:
        entry = Entry(
            at=decision.at,
            limit_id=decision.request,
            limit_name="" if limit is None else limit.name,
            action=decision.action,
            reason=decision.reason,
            asset=asset.account.asset_name(asset.asset_id) or asset.asset_id,
            device_id=asset.device_id,
            sent=decision.send and error is None,
            until=decision.until,
            power=decision.power,
            load=None if limit is None else limit.meter.shown(decision.load),
            limit=None if limit is None else limit.shown_limit(decision.limit),
            unit="" if limit is None else limit.meter.unit,
            error=error,
        )
        self._shared.record.journal.add(entry)
        if limit is not None:
            limit.decided(entry)
            announce(self._shared.hass, limit, entry)


async def _async_command(decision: Decision, asset: CandidateAsset, name: str) -> None:
    """Send what a decision says.

    Raises:
        HomeAssistantError: the service did not accept it, or it was not sent.
    """
    commands = asset.account.commands
    is_boost = decision.action in _BOOSTS
    terms = Terms(cause=Cause(why=name, shedding=not is_boost))
    if decision.until is None:
        await commands.async_resume(asset.asset_id, terms)
    else:
        kind = Override.BOOST if is_boost else Override.SNOOZE
        until = dt_util.utc_from_timestamp(decision.until)
        await commands.async_override(kind, asset.asset_id, until, terms)
