"""Pauses after failed commands: of one asset, and of an account all of whose commands fail."""

from dataclasses import dataclass
from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..api.errors import (
    ConnectionFailed,
    FeatureUnavailable,
    RateLimited,
    ServerError,
    UnexpectedAnswer,
)
from ..core.command_queue import OUTCOME_UNKNOWN
from .candidates import CandidateAsset
from .control_law.clock import lies_ahead

FIRST: Final = 60.0
"""Seconds after a failed command before the next; each further failure doubles them."""
LONGEST: Final = 900.0
GIVEN_UP_AFTER: Final = 8
"""Failures in a row after which a whole account pauses."""


def is_outcome_unknown(error: HomeAssistantError | None) -> bool:
    """Return whether a failed command may have been carried out nevertheless."""
    if error is None:
        return False
    if error.translation_key == OUTCOME_UNKNOWN:
        return True
    cause = error.__cause__
    if isinstance(cause, FeatureUnavailable):
        # An answer that breaks off is taken for that of a server without the feature.
        cause = cause.__cause__
    return isinstance(cause, ConnectionFailed | ServerError | UnexpectedAnswer)


@dataclass(slots=True)
class _Failing:
    """How often something has failed in a row, and when the next command may be sent."""

    times: int = 0
    until: float = 0.0


class Pauses:
    """Which assets and accounts get no commands for a while."""

    def __init__(self) -> None:
        """Start without failures."""
        self._failing = dict[str, _Failing]()

    def holds(self, asset: CandidateAsset, now: float) -> bool:
        """Return whether commands to an asset, or to its account, are paused."""
        return any(
            lies_ahead(one.until, now, LONGEST)
            for key in _keys(asset)
            if (one := self._failing.get(key)) is not None
        )

    def succeeded(self, asset: CandidateAsset) -> None:
        """Note that a command was accepted."""
        for key in _keys(asset):
            self._failing.pop(key, None)

    def failed(self, asset: CandidateAsset, error: HomeAssistantError, now: float) -> None:
        """Note that a command has failed."""
        asked, failing = _asked_for(error), [*zip(_keys(asset), (1, GIVEN_UP_AFTER), strict=True)]
        if isinstance(error, ServiceValidationError):
            # Nothing was sent, as the asset may not be controlled: its account works.
            del failing[1:]
        for key, least in failing:
            one = self._failing.setdefault(key, _Failing())
            one.times += 1
            if one.times >= least or asked is not None:
                pause = FIRST * 2 ** min(max(one.times - least, 0), 10)
                one.until = now + min(max(pause, asked or 0.0), LONGEST)


def _keys(asset: CandidateAsset) -> tuple[str, str]:
    """Return what fails: the asset, and its account."""
    entry_id = asset.account.entry.entry_id
    return f"{entry_id} {asset.asset_id}", entry_id


def _asked_for(error: HomeAssistantError) -> float | None:
    """Return the Retry-After of a failed command, seconds; None without one."""
    match error.__cause__:
        case RateLimited(retry_after=seconds) | ServerError(retry_after=seconds):
            return seconds
        case _:
            return None
