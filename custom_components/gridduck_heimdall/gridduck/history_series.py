"""The statistics of an asset that belong to none of its entities."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
import re
from sys import intern
from types import MappingProxyType
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import slugify

from ..api.gridduck import Asset, Granularity
from ..const import DOMAIN
from ..core.texts import text
from ..history.series import Series, SeriesKind
from .telemetry import MEASURES, TelemetryKind

COST: Final = "cost"

# The finest that statistics need: an amount for each hour, and some values to span minimum and
# maximum of an hour.
GRANULARITIES: Final[Mapping[TelemetryKind, Granularity]] = MappingProxyType(
    {
        TelemetryKind.ENERGY: Granularity.HOUR,
        TelemetryKind.DEMAND: Granularity.HALF_HOUR,
        TelemetryKind.TEMPERATURE: Granularity.HALF_HOUR,
    }
)


@dataclass(frozen=True, slots=True)
class Tariff:
    """The price of a kWh that is in force now, and the ISO 4217 code of its currency."""

    price: float
    currency: str


def tariff_of(asset: Asset, kind: TelemetryKind) -> Tariff | None:
    """Return the price of an asset's energy; None if it is unknown or implausible."""
    price, currency = asset.price, asset.currency_code
    if kind is not TelemetryKind.ENERGY or price is None or currency is None:
        return None
    return Tariff(price, currency)


_PLAIN: Final = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")
"""Ids such as UUIDs, which `slugify` changes only in their hyphens."""
_LONGEST: Final = 100
"""Maximum characters of an asset's id in that of a statistic, for which the recorder has 255."""
_DIGITS: Final = 12


def _slug(asset_id: str) -> str:
    """Return what stands for an asset in the id of a statistic, different for each asset."""
    if len(asset_id) <= _LONGEST and _PLAIN.fullmatch(asset_id):
        return asset_id.replace("-", "_")
    # It makes the same of many ids: of "A" and "a", and of all without a letter.
    digest = sha256(asset_id.encode(errors="replace")).hexdigest()[:_DIGITS]
    return f"{slugify(asset_id)[: _LONGEST - _DIGITS - 1].rstrip('_')}_{digest}"


# `slugify` takes longer than the rest of the work for a statistic.
_slug_of_account: Final = lru_cache(maxsize=16)(slugify)


def statistic_id(identity: str, asset_id: str, what: str) -> str:
    """Return the id of an asset's statistic.

    Args:
        identity: of the account.
        asset_id: which asset.
        what: a `TelemetryKind` or `COST`.
    """
    # The plans and records of thousands of assets refer to it: interned, they share one copy.
    return intern(f"{DOMAIN}:{_slug_of_account(identity)}_{_slug(asset_id)}_{what}")


def in_currency(cost_id: str, currency: str) -> str:
    """Return the id of the statistic of a cost in a currency other than the first one."""
    return f"{cost_id}_{slugify(currency)}"


def asset_series(
    hass: HomeAssistant,
    identity: str,
    asset: Asset,
    name: str,
    kind: TelemetryKind,
    unit_of: Callable[[str], str | None],
) -> Collection[Series]:
    """Return the statistics of one kind of telemetry: its own, and for energy its cost.

    Args:
        hass: Home Assistant; names are in its language.
        identity: of the account.
        asset: whose telemetry.
        name: of the asset.
        kind: which telemetry.
        unit_of: returns the unit in which a statistic is recorded, None where it is not.
    """
    own_id = statistic_id(identity, asset.id, kind)
    own = Series(
        key=own_id,
        statistic_id=own_id,
        name=text(hass, f"statistic_{kind}", name=name),
        unit=MEASURES[kind].unit,
        unit_class=MEASURES[kind].converter.UNIT_CLASS,
        kind=SeriesKind.SUM if kind is TelemetryKind.ENERGY else SeriesKind.MEAN,
        hold=GRANULARITIES[kind].length,
    )
    if (tariff := tariff_of(asset, kind)) is None:
        return (own,)
    cost_id = statistic_id(identity, asset.id, COST)
    title = text(hass, "statistic_cost", name=name)
    if unit_of(cost_id) not in (None, tariff.currency):
        # Each currency has its own statistic: earlier costs stay in theirs.
        cost_id = in_currency(cost_id, tariff.currency)
        title = text(hass, "statistic_cost_currency", name=name, currency=tariff.currency)
    return (
        own,
        replace(
            own,
            key=cost_id,
            statistic_id=cost_id,
            name=title,
            unit=tariff.currency,
            unit_class=None,
            # The price of that time is not recorded anywhere else.
            priced=own_id,
        ),
    )
