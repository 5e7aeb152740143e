"""Pushed fields of an asset, merged into polled data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from ..api.gridduck import Asset


@dataclass(frozen=True, slots=True)
class News:
    """Fields of one asset.

    Attributes:
        at: when they were so, by the cloud's clock; None where that is not said.
        fields: what they are, by the names of the model.
    """

    at: datetime | None
    fields: Mapping[str, object]

    def __or__(self, later: News) -> News:
        """Return both merged; the later one wins."""
        return News(later.at, {**self.fields, **later.fields})

    def merged(self, asset: Asset) -> Asset:
        """Return the asset with these fields, and all others as they were."""
        return msgspec.structs.replace(asset, **self.fields).as_pushed()

    def over(self, listed: Asset, known: Asset) -> Asset:
        """Return an asset as a list says that was on its way meanwhile, with what is newer here.

        Args:
            listed: as it was listed.
            known: as it is known now; returned where nothing differs.
        """
        contact = listed.last_contact
        is_newer = self.at is not None and contact is not None and contact > self.at
        asset = listed if is_newer else self.merged(listed)
        return known if asset == known else asset
