"""The form of a load limit: its fields and sections."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import UnitOfPower
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    LabelSelector,
    LabelSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TargetSelector,
    TargetSelectorConfig,
)
import voluptuous as vol

from ...core.config_forms import named_options
from ...core.entity import Marker
from ..control_law.models import Mode
from . import config as key
from .config import DETAILS, UNITS, WINDOWS, Measured

SECTION_SIGNAL: Final = "signal"
SECTION_CURRENT: Final = "current"
SECTION_DETAILS: Final = "details"
SECTIONS: Final = (SECTION_CURRENT, SECTION_SIGNAL, SECTION_DETAILS)
"""The parts of a form that most people leave closed, in their order."""

SECTION_OF: Final[Mapping[str, str]] = {
    key.CONF_LIMIT_ENTITY: SECTION_SIGNAL,
    key.CONF_FAILSAFE_AFTER: SECTION_SIGNAL,
    key.CONF_REPEATS: SECTION_SIGNAL,
    key.CONF_VOLTAGE: SECTION_CURRENT,
    key.CONF_PHASES: SECTION_CURRENT,
    key.CONF_ORDER: SECTION_DETAILS,
    key.CONF_BOOST_AHEAD: SECTION_DETAILS,
    key.CONF_NON_INTERRUPTIBLE: SECTION_DETAILS,
} | {
    name: SECTION_DETAILS
    for name in DETAILS
    if name not in (key.CONF_FAILSAFE_AFTER, key.CONF_VOLTAGE)
}


def _number(lowest: float | None, highest: float, unit: str | None, step: float) -> NumberSelector:
    config = NumberSelectorConfig(max=highest, step=step, mode=NumberSelectorMode.BOX)
    if lowest is not None:
        config["min"] = lowest
    if unit is not None:
        config["unit_of_measurement"] = unit
    return NumberSelector(config)


def _dropdown(options: Iterable[str], translation_key: str) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options), translation_key=translation_key, mode=SelectSelectorMode.DROPDOWN
        )
    )


_PHASES: Final = _dropdown(("1", "3"), key.CONF_PHASES)
_LIMIT_ENTITY: Final = EntitySelector(
    EntitySelectorConfig(domain=["sensor", "number", "input_number"])
)
_LABELS: Final = LabelSelector(LabelSelectorConfig(multiple=True))
_SENSOR: Final = EntitySelector(
    EntitySelectorConfig(
        domain="sensor", device_class=[SensorDeviceClass.POWER, SensorDeviceClass.CURRENT]
    )
)
# An asset has a switch and a button, a site a power sensor.
_CANDIDATES: Final = TargetSelector(
    TargetSelectorConfig(
        entity=[
            {"domain": ["button", "switch"], "device_class": [Marker.ASSET]},
            {"domain": ["sensor"], "device_class": [Marker.SITE]},
        ]
    )
)


def form_schema(
    measured: Measured, devices: Mapping[str, str], opened: Collection[str] = ()
) -> vol.Schema:
    """Return the form of a load limit; lines or sites to choose from have names by device."""
    fields = dict[vol.Marker, Any]()
    if measured is Measured.SENSOR:
        fields[vol.Required(key.CONF_SENSOR)] = _SENSOR
    else:
        fields[vol.Required(key.CONF_DEVICE)] = named_options(devices)
    unit = UnitOfPower.KILO_WATT if measured is Measured.SITE else None
    # Zero and less have words of their own.
    fields[vol.Required(key.CONF_LIMIT)] = _number(None, key.HIGHEST_LIMIT, unit, 0.1)
    units = UNITS[measured]
    if len(units) > 1:
        fields[vol.Required(key.CONF_LIMIT_UNIT, default=units[0].value)] = _dropdown(
            units, key.CONF_LIMIT_UNIT
        )
    if measured is not Measured.LINE:
        fields[vol.Required(key.CONF_WINDOW, default="0")] = _dropdown(
            map(str, WINDOWS), key.CONF_WINDOW
        )
    # What a site draws is drawn by its own assets.
    candidates = vol.Optional if measured is Measured.SITE else vol.Required
    fields[candidates(key.CONF_CANDIDATES)] = _CANDIDATES
    fields[vol.Required(key.CONF_MODE, default=Mode.ADVISE.value)] = SelectSelector(
        SelectSelectorConfig(
            options=list(Mode), translation_key=key.CONF_MODE, mode=SelectSelectorMode.LIST
        )
    )
    for name, content in _sections(measured).items():
        fields[vol.Required(name)] = section(vol.Schema(content), {"collapsed": name not in opened})
    return vol.Schema(fields)


def _sections(measured: Measured) -> dict[str, dict[vol.Marker, Any]]:
    """Return the fields of the sections of a form."""
    fields: dict[vol.Marker, Any] = {
        vol.Optional(key.CONF_LIMIT_ENTITY): _LIMIT_ENTITY,
        vol.Optional(key.CONF_ORDER, default=list): _LABELS,
        vol.Optional(key.CONF_BOOST_AHEAD, default=list): _LABELS,
        vol.Optional(key.CONF_NON_INTERRUPTIBLE, default=False): BooleanSelector(),
    }
    for name, one in DETAILS.items():
        if measured in one.of:
            default = vol.UNDEFINED if one.first is None else one.first
            fields[vol.Optional(name, default=default)] = _number(
                one.lowest, one.highest, one.unit, one.step
            )
    fields[vol.Optional(key.CONF_REPEATS, default=False)] = BooleanSelector()
    if measured is Measured.SENSOR:
        fields[vol.Optional(key.CONF_PHASES, default="3")] = _PHASES
    found: dict[str, dict[vol.Marker, Any]] = {name: {} for name in SECTIONS}
    for marker, selector in fields.items():
        found[SECTION_OF[str(marker)]][marker] = selector
    return {name: content for name, content in found.items() if content}
