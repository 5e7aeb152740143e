"""Availability of the assumed features of a server.

Every response of an assumed endpoint is recorded here. Polls and imports check first whether a
feature is due; requests of a user are always sent.

Contract: gridduck-api.md, Part 2.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
import time
from types import MappingProxyType
from typing import Final

from ..concurrency import RetryAfterGate
from ..errors import (
    ApiError,
    BadRequest,
    ErrorReason,
    FeatureUnavailable,
    NotFound,
    PermissionDenied,
    RateLimited,
    ServerError,
    TimedOut,
    UnexpectedAnswer,
)
from .assumed import Feature

FIRST_WAIT: Final = 3600.0
FIRST_WAIT_IN_TROUBLE: Final = 900.0
"""Retry delay after a transient failure (429, 5xx), a timeout or a cut connection, seconds."""
LONGEST_WAIT: Final = 86_400.0
# Failures, and the time they span, after which a feature that has worked counts as missing: until
# then it may be the one asset that lacks it.
FAILURES: Final = 3
MISSING_AFTER: Final = 3 * 3600.0

_MEANING_MISSING: Final = (NotFound, PermissionDenied, BadRequest, UnexpectedAnswer)
_OF_FEATURE: Final = (FeatureUnavailable, RateLimited, ServerError, TimedOut)
"""Errors that concern a feature; all others but a cut connection concern the connection."""


@dataclass(slots=True)
class _State:
    """State of one feature.

    Attributes:
        answered_at: unix seconds of the last usable response; None before the first.
        failures: consecutive failures.
        wait: seconds of the current wait, which doubles; 0 where it is not missing.
        gate: closed until the next attempt.
        reason: why it is missing, for users.
        turn: serializes requests while the feature is not known to work.
    """

    answered_at: float | None = None
    failures: int = 0
    wait: float = 0.0
    gate: RetryAfterGate = field(default_factory=RetryAfterGate)
    reason: str = ""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def works(self) -> bool:
        return self.answered_at is not None and not self.wait


class Offered:
    """The assumed features of one account's server.

    Attributes:
        changed: called with a feature whose availability changed.
    """

    def __init__(self) -> None:
        """Start without responses."""
        self.changed: list[Callable[[Feature], None]] = []
        self._states: defaultdict[Feature, _State] = defaultdict(_State)

    @property
    def missing(self) -> Mapping[Feature, str]:
        """The missing features of this server, each with the reason."""
        return MappingProxyType(
            {feature: state.reason for feature, state in self._states.items() if state.wait}
        )

    def works(self, feature: Feature) -> bool:
        """Return whether the last responses show that the server has a feature."""
        return self._states[feature].works

    def due(self, feature: Feature) -> bool:
        """Return whether a feature may be requested without a user's request."""
        return not self._states[feature].gate.is_closed(time.time())

    def seconds_left(self, feature: Feature) -> float:
        """Return the seconds until a feature is due; 0 if it is."""
        return self._states[feature].gate.remaining(time.time())

    @asynccontextmanager
    async def turn(self, feature: Feature) -> AsyncGenerator[None]:
        """Wait for the turn to request a feature; a working one needs no turn.

        Raises:
            FeatureUnavailable: it is missing and not due yet.
        """
        state = self._states[feature]
        if not state.works:
            async with state.turn:
                self._check(feature)
                if not state.works:
                    yield
                    return
        yield

    def _check(self, feature: Feature) -> None:
        if not self.due(feature):
            raise FeatureUnavailable(self._states[feature].reason, feature=feature)

    @contextmanager
    def assumed(self, feature: Feature) -> Iterator[None]:
        """Guard the call of an assumed endpoint, and record the outcome.

        Raises:
            FeatureUnavailable: the endpoint is missing, refuses, or returns something else.
        """
        try:
            yield
        except ApiError as error:
            failure = _unavailable(feature, error) or error
            if _concerns_feature(failure) and not error.without_token:
                self._note_failure(feature, failure)
            if failure is error:
                raise
            raise failure from error
        state = self._states[feature]
        was_missing = state.wait > 0
        state.answered_at, state.failures, state.wait, state.reason = time.time(), 0, 0.0, ""
        if was_missing:
            state.gate.open()
            self._announce(feature)

    def _note_failure(self, feature: Feature, error: ApiError) -> None:
        """Record an unusable response.

        Args:
            feature: which feature.
            error: what the answer was: `FeatureUnavailable`, or an error that may pass.
        """
        state, now = self._states[feature], time.time()
        state.failures += 1
        is_missing = state.answered_at is None or (
            state.failures >= FAILURES and now - state.answered_at >= MISSING_AFTER
        )
        if not is_missing:
            return
        due, was_missing = self.due(feature), state.wait > 0
        state.reason = str(error)
        if was_missing and not due:
            # A user requested it before it was due.
            return
        first = FIRST_WAIT if isinstance(error, FeatureUnavailable) else FIRST_WAIT_IN_TROUBLE
        state.wait = min(2 * state.wait, LONGEST_WAIT) if was_missing else first
        if isinstance(error, RateLimited | ServerError):
            state.wait = max(state.wait, error.retry_after or 0.0)
        state.gate.close(state.wait, now)
        if not was_missing:
            self._announce(feature)

    def _announce(self, feature: Feature) -> None:
        for changed in self.changed:
            changed(feature)


def _concerns_feature(error: ApiError) -> bool:
    """Return whether an error concerns a feature, and not the connection.

    A server that accepts the connection and closes it without a complete response may do so for
    this endpoint alone.
    """
    return isinstance(error, _OF_FEATURE) or error.reason is ErrorReason.CONNECTION_CUT


def _unavailable(feature: Feature, error: ApiError) -> FeatureUnavailable | None:
    """Return `FeatureUnavailable` if an error means a missing feature."""
    missing = isinstance(error, _MEANING_MISSING) or (
        isinstance(error, ServerError) and error.status == HTTPStatus.NOT_IMPLEMENTED
    )
    if not missing or error.without_token:
        return None
    text = f"This GridDuck server does not offer {feature}: {error}"
    return FeatureUnavailable(text, feature=feature)
