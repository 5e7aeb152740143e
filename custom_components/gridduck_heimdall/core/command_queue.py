"""Queue of the commands of an account: in order for each asset, few at a time, urgent first."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from homeassistant.core import callback

from .lifetime import Lifetime

AT_ONCE: Final = 8
"""Maximum number of commands in flight: a site may have hundreds of assets."""
RESERVED: Final = 2
"""Additional urgent commands in flight, as the others may each take half a minute to time out."""
NOT_SENT: Final = "command_not_sent"
OUTCOME_UNKNOWN: Final = "command_outcome_unknown"


@dataclass(slots=True, eq=False)
class _Command:
    """A command in the queue.

    Attributes:
        target: the target.
        urgent: whether it goes before those that are not.
        turn: done once it may be sent; cancelled if it is no longer needed.
        sending: whether its turn has come.
    """

    target: str
    urgent: bool
    turn: asyncio.Future[None]
    sending: bool = False


class CommandQueue:
    """Orders commands.

    A command is sent after the earlier ones to the same target were answered. An urgent command
    makes those urgent, too.
    """

    def __init__(self, lifetime: Lifetime) -> None:
        """Prepare for the account with this lifetime."""
        self._lifetime = lifetime
        self._sending = 0
        # By target, in order; only the first of each may be sent.
        self._lines: dict[str, deque[_Command]] = {}
        # The first unsent command of each target, by urgency. One that has become urgent is in
        # both.
        self._ready: dict[bool, deque[_Command]] = {True: deque(), False: deque()}

    @asynccontextmanager
    async def turn(self, target: str, *, urgent: bool = False) -> AsyncGenerator[None]:
        """Wait for the turn of a command; the body sends it.

        Args:
            target: the target.
            urgent: whether it goes before those that are not.

        Raises:
            HomeAssistantError: the account was closed before it was sent, or before it was
                answered.
        """
        command = self._enter(target, urgent=urgent)
        try:
            async with self._lifetime.within(NOT_SENT):
                await command.turn
            self._lifetime.check(NOT_SENT)
            async with self._lifetime.within(OUTCOME_UNKNOWN):
                yield
        finally:
            self._leave(command)

    @callback
    def _enter(self, target: str, *, urgent: bool) -> _Command:
        command = _Command(target, urgent, asyncio.get_running_loop().create_future())
        line = self._lines.setdefault(target, deque())
        line.append(command)
        first = line[0]
        raised = urgent and not first.urgent
        if urgent:
            for one in line:
                one.urgent = True
        if not first.sending and (first is command or raised):
            self._ready[urgent].append(first)
        self._start()
        return command

    @callback
    def _leave(self, command: _Command) -> None:
        if command.sending:
            self._sending -= 1
        command.turn.cancel()
        line = self._lines[command.target]
        was_first = line[0] is command
        line.remove(command)
        if not line:
            del self._lines[command.target]
        elif was_first:
            self._ready[line[0].urgent].appendleft(line[0])
        self._start()

    def _start(self) -> None:
        """Start as many commands as may be in flight."""
        if self._lifetime.closed:
            return
        for urgent, most in ((True, AT_ONCE + RESERVED), (False, AT_ONCE)):
            ready = self._ready[urgent]
            while ready and self._sending < most:
                command = ready.popleft()
                if not command.turn.done():
                    command.sending = True
                    self._sending += 1
                    command.turn.set_result(None)
