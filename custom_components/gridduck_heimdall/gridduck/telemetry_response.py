"""The response of the action `get_telemetry`."""

from datetime import datetime
from math import ceil
from typing import Final

from homeassistant.exceptions import ServiceValidationError
from homeassistant.util.json import JsonObjectType

from ..api.gridduck import Granularity
from ..const import DOMAIN
from .backend import GridDuckAccount
from .telemetry import MEASURES, TelemetryKind, async_points

TELEMETRY_KINDS: Final = frozenset(kind.value for kind in TelemetryKind)

# More than a year by the half hour.
MOST_CALLS: Final = 400
# More than five years by the hour; all of them are held in memory, and joined in one go.
MOST_POINTS: Final = 50_000


async def async_telemetry(
    account: GridDuckAccount,
    asset_id: str,
    kind: str,
    start: datetime,
    end: datetime,
    granularity: Granularity,
) -> JsonObjectType:
    """Return telemetry of an asset.

    Args:
        account: the account that the asset is of.
        asset_id: which asset.
        kind: one of `TELEMETRY_KINDS`: energy in kWh, demand in W or temperature in °C.
        start: the first moment that is wanted.
        end: the first moment that is not wanted any more.
        granularity: interval of the points.

    Contract: gridduck-api.md, "Telemetry".

    Raises:
        ApiError: it could not be read; `FeatureUnavailable` where this server has no telemetry.
        ServiceValidationError: the range takes more than `MOST_CALLS` calls or has more than
            `MOST_POINTS` points.
        ValueError: the kind is none, a time has no zone, or there is nothing between them.
    """
    asked = TelemetryKind(kind)
    measure = MEASURES[asked]
    points_asked = (end - start) / granularity.length
    if points_asked > MOST_POINTS or ceil(points_asked / measure.endpoint.most) > MOST_CALLS:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="too_many_points")
    points = await async_points(account.client, asset_id, asked, start, end, granularity)
    return {
        "kind": asked.value,
        "unit": measure.unit,
        "granularity": granularity.value,
        "points": [{"time": one.at.isoformat(), "value": one.value} for one in points],
    }
