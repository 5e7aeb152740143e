"""Pushed fields of an asset, merged into polled data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from ..api.gridduck import Asset


@dataclass(frozen=True, slots=True)
class News:
    """Pushed fields of one asset.

    Attributes:
        at: their time by the cloud's clock; None if it is not given.
        fields: their values, by the names of the model.
    """

    at: datetime | None
    fields: Mapping[str, object]

    def __or__(self, later: News) -> News:
        """Return both merged; the later one wins."""
        return News(later.at, {**self.fields, **later.fields})

    def merged(self, asset: Asset) -> Asset:
        """Return the asset with these fields replaced."""
        return msgspec.structs.replace(asset, **self.fields).as_pushed()

    def over(self, listed: Asset, known: Asset) -> Asset:
        """Merge an asset from a list that was in flight with the newer fields known here.

        Args:
            listed: the asset in the list.
            known: the asset as known; returned if nothing differs.
        """
        contact = listed.last_contact
        is_newer = self.at is not None and contact is not None and contact > self.at
        asset = listed if is_newer else self.merged(listed)
        return known if asset == known else asset
