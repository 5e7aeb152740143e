"""Unit of a count of assets: none, unless the sensor was registered with one before."""

from homeassistant.const import Platform

from .runtime_data import GridDuckData


def unit_of(data: GridDuckData, site_id: str, key: str) -> str | None:
    """Return the unit of a count.

    A registered sensor keeps its unit: without it, Home Assistant would stop its
    statistics and raise a repair.

    Args:
        data: the account.
        site_id: the site.
        key: of the sensor.
    """
    before = data.registered(Platform.SENSOR, site_id, key)
    return None if before is None else before.unit_of_measurement
