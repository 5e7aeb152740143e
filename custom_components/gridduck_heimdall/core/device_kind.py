"""What an identifier of this integration says of a device: its kind, and its id at the service."""

from homeassistant.helpers.device_registry import AnyDeviceEntry

from ..const import DOMAIN


def kind_and_id(device: AnyDeviceEntry) -> tuple[str, str]:
    """Return the kind of a device and its id at the service; "" where it is not of this one."""
    identifiers = (text for domain, text in device.identifiers if domain == DOMAIN)
    kind, _, item = next(identifiers, "").partition(":")
    return kind, item


def kind_of(device: AnyDeviceEntry) -> str:
    """Return the kind of a device; "" where it is not of this integration."""
    return kind_and_id(device)[0]
