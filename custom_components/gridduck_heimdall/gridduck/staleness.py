"""Assets that the cloud goes on listing although it has not heard of them for long."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from ..api.gridduck import Asset

SILENT_AFTER: Final = timedelta(hours=1)
"""A value that is older is not shown as current."""


def as_listed(asset: Asset, now: datetime) -> Asset:
    """Return the asset, as silent where its last contact is longer ago than `SILENT_AFTER`.

    One whose last contact the cloud does not tell is never silent. Nothing else shows that the
    cloud answers with the same old list, or has not noticed that an asset is lost.

    Args:
        asset: as it was listed.
        now: the present.

    Contract: gridduck-api.md, "List assets" (`last_contacted`).
    """
    contact = asset.last_contact
    return _with_silence(asset, silent=contact is not None and now - contact > SILENT_AFTER)


def as_pushed(asset: Asset) -> Asset:
    """Return the asset as not silent: what the cloud sends by itself is a contact."""
    return _with_silence(asset, silent=False)


def _with_silence(asset: Asset, *, silent: bool) -> Asset:
    return asset if silent == asset.silent else msgspec.structs.replace(asset, silent=silent)
