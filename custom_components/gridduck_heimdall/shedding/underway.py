"""Which commands of shedding are on their way, so that no two requests are at the same asset."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager


class Underway:
    """Commands that are booked or sent, and not answered yet, by the key of the asset."""

    def __init__(self) -> None:
        """Begin with none."""
        self._snoozes: dict[str, asyncio.Event] = {}
        self._resumes = set[str]()

    def __contains__(self, key: str) -> bool:
        """Tell whether a command to an asset is under way."""
        return key in self._snoozes or key in self._resumes

    def snoozing(self, key: str) -> bool:
        """Tell whether an asset is about to give way."""
        return key in self._snoozes

    def resuming(self, key: str) -> bool:
        """Tell whether an asset is about to come back."""
        return key in self._resumes

    @contextmanager
    def snooze(self, keys: Iterable[str]) -> Iterator[Callable[[str], None]]:
        """Book assets until the context ends; what it returns is called with each that is done."""
        booked = {key: asyncio.Event() for key in keys}
        self._snoozes.update(booked)

        def done(key: str) -> None:
            if (event := booked.pop(key, None)) is not None:
                del self._snoozes[key]
                event.set()

        try:
            yield done
        finally:
            for key in tuple(booked):
                done(key)

    @contextmanager
    def resume(self, keys: Collection[str]) -> Iterator[None]:
        """Have it known until the context ends that assets come back."""
        self._resumes.update(keys)
        try:
            yield
        finally:
            self._resumes.difference_update(keys)

    async def async_snoozed(self, keys: Iterable[str]) -> None:
        """Wait until it is known of assets that are about to give way whether they do."""
        for event in [event for key in keys if (event := self._snoozes.get(key)) is not None]:
            await event.wait()
