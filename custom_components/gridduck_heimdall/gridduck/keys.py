"""Keys of announcements, and identifiers of devices."""

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from operator import attrgetter
from typing import Final

from homeassistant.helpers.device_registry import AnyDeviceEntry
import msgspec

from ..api.gridduck import Asset
from ..const import DOMAIN


class Kind(StrEnum):
    """The kinds of devices."""

    SITE = "site"
    GATEWAY = "gateway"
    ASSET = "asset"


type ItemId = tuple[Kind, str]


def identifier(kind: Kind, item: str) -> tuple[str, str]:
    """Return the identifier of the device of a site, gateway or asset."""
    return DOMAIN, f"{kind}:{item}"


def item_of(device: AnyDeviceEntry) -> ItemId | None:
    """Return the kind and id of a device."""
    for domain, text in device.identifiers:
        kind, _, item = text.partition(":")
        if domain == DOMAIN and kind in Kind and item:
            return Kind(kind), item
    return None


class Aspect(StrEnum):
    """Values that are announced separately from the asset or site.

    `TOTALS` and `OVERRIDES` belong to a site, all others to an asset. `CONTROL` includes commands
    that the cloud has not confirmed, `CONFIRMED` does not.
    """

    READING = "reading"
    CONTACT = "contact"
    CONTROL = "control"
    CONFIRMED = "confirmed"
    OVERRIDES = "overrides"
    TOTALS = "totals"


type Key = str | tuple[Kind | Aspect, str]
"""An asset's id; or an aspect with the id of what it is of; or a kind with the id of a site or
gateway."""

# The first two differ in nearly every poll, and most entities of an asset show none of these.
_FIELDS: Final = {
    Aspect.READING: ("consumption", "delivered"),
    Aspect.CONTACT: ("last_contacted", "asset_signal_strength"),
}
_CONTROL: Final = (
    "current_state",
    "boost_finish",
    "boost_finish_stamp",
    "snooze_finish",
    "snooze_finish_stamp",
)
_VOLATILE: Final = {name for names in (*_FIELDS.values(), _CONTROL) for name in names}
_OF_CONTROL: Final = attrgetter(*_CONTROL)
_OF_ASPECT: Final = {aspect: attrgetter(*names) for aspect, names in _FIELDS.items()}
_OF_GATEWAY: Final = attrgetter("gateway_id", "gateway_disconnected")
_OF_ASSET: Final = attrgetter(
    *(field.name for field in msgspec.structs.fields(Asset) if field.name not in _VOLATILE)
)


def changed_keys(old: Asset | None, new: Asset) -> Iterator[Key]:
    """Yield the keys to announce of an asset that is new or has changed."""
    if old is None:
        yield from (new.id, *site_keys(new), *gateway_keys(new))
        return
    keys: list[Key] = []
    other = _OF_ASSET(old) != _OF_ASSET(new)
    for aspect, values in _OF_ASPECT.items():
        if (before := values(old)) != (now := values(new)):
            keys.append((aspect, new.id))
            # The existing values decide which entities exist.
            other |= [one is None for one in before] != [one is None for one in now]
    if other:
        keys.append(new.id)
    yield from keys
    if _OF_GATEWAY(old) != _OF_GATEWAY(new):
        yield from gateway_keys(old, new)
    if other:
        yield from site_keys(old, new)
    elif (Aspect.READING, new.id) in keys and new.site_id is not None:
        yield Aspect.TOTALS, new.site_id
    if _OF_CONTROL(old) != _OF_CONTROL(new):
        yield from control_keys(new)


def control_keys(asset: Asset) -> Iterator[Key]:
    """Yield the keys to announce after the cloud has changed the control."""
    yield Aspect.CONTROL, asset.id
    yield Aspect.CONFIRMED, asset.id
    if asset.site_id is not None:
        yield Aspect.OVERRIDES, asset.site_id


OF_ASSET: Final = frozenset({Aspect.READING, Aspect.CONTACT, Aspect.CONTROL})


def assets_of(keys: Iterable[Key], aspects: Collection[Aspect] = OF_ASSET) -> set[str]:
    """Return the ids of the assets that were announced, as such or in one of the aspects."""
    return {
        key if isinstance(key, str) else key[1]
        for key in keys
        if isinstance(key, str) or key[0] in aspects
    }


def site_keys(*assets: Asset) -> Iterator[Key]:
    """Yield the keys of the sites that assets belong to."""
    for asset in assets:
        if asset.site_id is not None:
            yield Kind.SITE, asset.site_id


def gateway_keys(*assets: Asset) -> Iterator[Key]:
    """Yield the keys of the gateways that assets are reached through."""
    for asset in assets:
        if asset.gateway_id is not None:
            yield Kind.GATEWAY, asset.gateway_id
