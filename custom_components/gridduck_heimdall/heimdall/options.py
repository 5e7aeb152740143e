"""Options of an account: spans and sensors."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from homeassistant.helpers.selector import BooleanSelector
import voluptuous as vol

from ..api.heimdall import Include
from ..core.inclusion import Inclusion
from ..core.stored_options import flag
from .rating_options import FIELDS as RATING_FIELDS

CONF_SPANS: Final = "spans"
CONF_SENSORS: Final = "sensors"

DEFAULT_SPANS: Final = False
DEFAULT_SENSORS: Final = False

OPTIONS_SCHEMA: Final[vol.Schema] = vol.Schema(
    {
        vol.Required(CONF_SPANS, default=DEFAULT_SPANS): BooleanSelector(),
        vol.Required(CONF_SENSORS, default=DEFAULT_SENSORS): BooleanSelector(),
        **RATING_FIELDS,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeimdallOptions:
    """The options of one account.

    Attributes:
        spans: whether every span has a device; a hundred lines have thousands.
        sensors: whether every sensor on a conductor has a device.
        lines: the included lines, with their facilities, spans and sensors.
    """

    spans: bool = DEFAULT_SPANS
    sensors: bool = DEFAULT_SENSORS
    lines: Inclusion = field(default_factory=Inclusion)

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Return the options of a config entry."""
        return cls(
            spans=flag(options, CONF_SPANS, DEFAULT_SPANS),
            sensors=flag(options, CONF_SENSORS, DEFAULT_SENSORS),
            lines=Inclusion.of(options),
        )

    @property
    def breakdowns(self) -> Collection[Include]:
        """The breakdowns to request: those that a device shows. Contract: heimdall-api.md §5.5."""
        shown = {Include.SPANS: self.spans, Include.MEASUREMENT_POINTS: self.sensors}
        return [include for include, is_shown in shown.items() if is_shown]
