"""Parse device identifiers of this integration: kind and id."""

from homeassistant.helpers.device_registry import AnyDeviceEntry

from ..const import DOMAIN


def kind_and_id(device: AnyDeviceEntry) -> tuple[str, str]:
    """Return the kind and the service's id of a device; "" for one of another integration."""
    identifiers = (text for domain, text in device.identifiers if domain == DOMAIN)
    kind, _, item = next(identifiers, "").partition(":")
    return kind, item


def kind_of(device: AnyDeviceEntry) -> str:
    """Return the kind of a device; "" for one of another integration."""
    return kind_and_id(device)[0]
