"""Which assets a command is in flight to, so that no second one is sent meanwhile."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager


class InFlight:
    """Commands that are decided or sent and have not been answered, by the key of the asset."""

    def __init__(self, changed: Callable[[Collection[str]], None]) -> None:
        """Begin with none; `changed` is called with the assets that this changes for."""
        self._changed = changed
        self._snoozes: dict[str, asyncio.Event] = {}
        self._resumes = set[str]()

    def __contains__(self, key: str) -> bool:
        """Return whether a command to an asset is in flight."""
        return key in self._snoozes or key in self._resumes

    def snoozing(self, key: str) -> bool:
        """Return whether a snooze is in flight."""
        return key in self._snoozes

    def resuming(self, key: str) -> bool:
        """Return whether a return is in flight."""
        return key in self._resumes

    @contextmanager
    def snooze(self, keys: Iterable[str]) -> Iterator[Callable[[str], None]]:
        """Reserve assets until the context ends; the result is called with each that is done."""
        booked = {key: asyncio.Event() for key in keys}
        self._snoozes.update(booked)
        self._changed(booked)

        def done(key: str) -> None:
            if (event := booked.pop(key, None)) is not None:
                del self._snoozes[key]
                event.set()
                self._changed((key,))

        try:
            yield done
        finally:
            for key in tuple(booked):
                done(key)

    @contextmanager
    def resume(self, keys: Collection[str]) -> Iterator[None]:
        """Reserve assets that return, until the context ends."""
        self._resumes.update(keys)
        self._changed(keys)
        try:
            yield
        finally:
            self._resumes.difference_update(keys)
            self._changed(keys)

    async def async_snoozed(self, keys: Iterable[str]) -> None:
        """Wait for the outcome of the snoozes that are in flight."""
        for event in [event for key in keys if (event := self._snoozes.get(key)) is not None]:
            await event.wait()
