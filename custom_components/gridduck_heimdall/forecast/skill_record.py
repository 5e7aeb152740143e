"""The skill of an account's forecasts, persisted."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Annotated, Any, Final

from homeassistant.core import HomeAssistant
import msgspec

from ..core.record_reader import RecordReader
from ..core.storage import PersistentDict, entry_file
from .skill import LEADS, Forecast, ForecastQuantity, Scores, Skill

FILE: Final = "forecast_skill"
"""The kind of the file of a config entry."""

SAVE_WITHIN: Final = 6 * 3600.0
"""Seconds within which changes are written; a crash loses the comparisons made within them."""

type _Hour = Annotated[int, msgspec.Meta(ge=0, le=2**31)]
type _Stored = tuple[_Hour, str, list[tuple[_Hour, int, float, float]]]
"""The first day, the packed scores, and the hour, lead time and values of pending forecasts."""


def _build(stored: _Stored) -> Skill:
    first, packed, pending = stored
    return Skill(
        Scores(first, b64decode(packed, validate=True)),
        {
            (hour, lead): Forecast(value, bound)
            for hour, lead, value, bound in pending
            if lead in LEADS
        },
    )


def _decode(reader: RecordReader, stored: Any) -> dict[str, Skill]:
    return reader.mapping(stored, tuple[_Hour, str, list[tuple[_Hour, int, float, float]]], _build)


def _encode(skills: Mapping[str, Skill]) -> dict[str, list[object]]:
    return {
        key: [
            skill.scores.first,
            b64encode(skill.scores.packed).decode(),
            [[hour, lead, one.value, one.bound] for (hour, lead), one in skill.pending.items()],
        ]
        for key, skill in skills.items()
    }


def key_of(quantity: ForecastQuantity, device_id: str) -> str:
    """Return the key of the skill of a quantity of a line or site."""
    return f"{quantity} {device_id}"


class SkillRecord(PersistentDict[Skill]):
    """The skill of all forecasts of an account, by quantity and device."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the file without reading it."""
        super().__init__(
            hass,
            entry_file(FILE, entry_id),
            decode=_decode,
            encode=_encode,
            save_delay=SAVE_WITHIN,
            in_loop=False,
        )

    def skill(self, quantity: ForecastQuantity, device_id: str) -> Skill:
        """Return the skill of a quantity of a line or site."""
        return self.get(key_of(quantity, device_id)) or Skill()
