"""Interface of an account's history import."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from datetime import datetime
from typing import NamedTuple

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.device_registry import AnyDeviceEntry


class RecordedSources(NamedTuple):
    """Which of some sources are recorded.

    Attributes:
        keys: the sources with a recorded statistic.
        excluded: the statistics that the recorder excludes, sorted.
    """

    keys: Collection[str]
    excluded: list[str]


class HistoryImport(ABC):
    """Imports the history of the service into the recorder's statistics.

    Attributes:
        keys_of: returns the keys of the sources of a device and of those beneath it.
    """

    keys_of: Callable[[AnyDeviceEntry], Collection[str]]

    @abstractmethod
    def request(self, keys: Collection[str] | None, start: datetime, end: datetime) -> None:
        """Import the past and available part of a range again, replacing earlier imports.

        Args:
            keys: the sources; None for all.
            start: a time in the first hour.
            end: the end, exclusive; the hour that it is in is included.

        Raises:
            HomeAssistantError: the recorder is not running.
        """

    @abstractmethod
    def recorded(self, keys: Collection[str]) -> RecordedSources:
        """Return which of the sources are recorded; unknown ones count as recorded.

        Args:
            keys: the sources.
        """

    @callback
    @abstractmethod
    def async_on_imported(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener after each import that changed rows; return what removes it."""

    @abstractmethod
    def retry(self) -> None:
        """Retry failed and waiting imports now, and look for new sources."""
