"""What may be asked of the import of an account's history."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from datetime import datetime


class HistoryImport(ABC):
    """Imports what the service stores of the past into the statistics of the recorder."""

    @abstractmethod
    def request(self, keys: Collection[str] | None, start: datetime, end: datetime) -> None:
        """Import a range, again if need be, as far as it is over and the service has it.

        Args:
            keys: of the sources; None is all.
            start: the hour that it lies in is the first.
            end: the hour that it lies in is the last, unless it starts just then.

        Raises:
            HomeAssistantError: this Home Assistant records nothing.
        """

    @abstractmethod
    def recorded(self, keys: Collection[str]) -> set[str]:
        """Return the keys of those sources of which the recorder takes anything.

        One that is not known yet counts as such.
        """

    @abstractmethod
    def unrecorded(self, keys: Collection[str]) -> list[str]:
        """Return the statistics of sources, by their keys, that the recorder does not take."""

    @abstractmethod
    def retry(self) -> None:
        """Try at once whatever has failed or waits, and look for new sources."""
