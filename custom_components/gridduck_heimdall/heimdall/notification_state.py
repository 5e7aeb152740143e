"""The values that users were last notified of, so that a restart does not repeat an event."""

from typing import Any, Final

from homeassistant.core import HomeAssistant

from ..core.record_reader import RecordReader
from ..core.storage import PersistentDict, entry_file

FILE: Final = "told"
"""The kind of the file of a config entry."""


def _decode(reader: RecordReader, stored: Any) -> dict[str, float]:
    return reader.mapping(stored, float, float)


class NotificationState(PersistentDict[float]):
    """The value of the last event of each condition that still holds."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the file without reading it."""
        super().__init__(hass, entry_file(FILE, entry_id), decode=_decode)
