"""Where the load of a line is recorded."""

from homeassistant.const import Platform, UnitOfElectricCurrent
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..core.measured_load import MeasuredLoad
from .inventory import LineItem
from .runtime_data import HeimdallData
from .sensor_line import LINE_CURRENT


def measured_load(data: HeimdallData, line: LineItem) -> MeasuredLoad | None:
    """Return where the current of a line is recorded; None without a device."""
    if (device := data.device_of(line)) is None:
        return None
    unique_id = data.unique_id(line, LINE_CURRENT)
    return MeasuredLoad(
        device_id=device.id,
        unit=UnitOfElectricCurrent.AMPERE,
        entity_id=er.async_get(data.hass).async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id),
    )
