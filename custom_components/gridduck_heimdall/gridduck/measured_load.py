"""Where the load of a site or an asset is recorded."""

from collections.abc import Iterable

from homeassistant.const import Platform, UnitOfPower

from ..api.gridduck import Asset
from ..core.measured_load import MeasuredLoad
from .history_series import statistic_id
from .keys import ItemId, Kind
from .power_sensor import POWER, SITE_POWER
from .runtime_data import GridDuckData
from .telemetry import TelemetryKind


def measured_load(data: GridDuckData, item: ItemId | None) -> MeasuredLoad | None:
    """Return where the load of a site or an asset is recorded; None if it has none.

    Args:
        data: the runtime data of the account.
        item: the kind and id of a device; None for one of another integration.
    """
    match item:
        case (Kind.SITE, site_id) if site_id in data.assets.inventory.sites:
            site = data.assets.inventory.sites[site_id]
            return _load(data, Kind.SITE, site_id, SITE_POWER.key, site.roots)
        case (Kind.ASSET, asset_id) if asset_id in data.assets.data:
            asset = data.assets.data[asset_id]
            return _load(data, Kind.ASSET, asset_id, POWER.key, [asset])
    return None


def _load(
    data: GridDuckData, kind: Kind, item_id: str, key: str, parts: Iterable[Asset]
) -> MeasuredLoad | None:
    if (device := data.device(kind, item_id)) is None:
        return None
    return MeasuredLoad(
        device_id=device.id,
        unit=UnitOfPower.KILO_WATT,
        entity_id=data.entity_id(Platform.SENSOR, item_id, key),
        energy=tuple(statistic_id(data.identity, one.id, TelemetryKind.ENERGY) for one in parts),
    )
