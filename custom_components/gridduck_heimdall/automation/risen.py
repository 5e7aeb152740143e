"""The entities whose value has risen above a hysteresis trigger's limit, across restarts."""

from itertools import count
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..core.record_reader import RecordReader
from ..core.storage import PersistentDict

FILE: Final = f"{DOMAIN}.triggers"
OLD_FILE: Final = f"{DOMAIN}.told.triggers"
"""The file of earlier versions."""

RISEN: Final = HassKey["Risen"](f"{DOMAIN}_risen")


def _decode(reader: RecordReader, stored: Any) -> dict[str, float]:
    return reader.mapping(stored, float, float)


class Risen(PersistentDict[float]):
    """The limit that a value has exceeded, until it has fallen again, for all triggers.

    Identical triggers do not share an entry: each of them reports the fall.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare the file without reading it."""
        super().__init__(hass, FILE, decode=_decode)
        self._claimed = set[str]()

    def claim(self, key: str) -> str:
        """Return a key that no other trigger has claimed.

        Among identical triggers, the keys are the same after each restart.
        """
        keys = (f"{key}_{number}" if number else key for number in count())
        own = next(one for one in keys if one not in self._claimed)
        self._claimed.add(own)
        return own

    def release(self, key: str) -> None:
        """Let another trigger claim a key; its value stays."""
        self._claimed.discard(key)


@singleton(RISEN, async_=True)
async def async_get_risen(hass: HomeAssistant) -> Risen:
    """Return the risen values, shared by all triggers."""
    risen = Risen(hass)
    await risen.async_load()
    await risen.async_take_over(OLD_FILE)
    return risen


async def async_remove_risen(hass: HomeAssistant) -> None:
    """Remove the file when the last account is removed."""
    risen = await async_get_risen(hass)
    await risen.async_remove()
