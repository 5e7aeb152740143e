"""The statistics of an asset that belong to none of its entities."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from homeassistant.util import slugify

from custom_components.gridduck_heimdall.api.gridduck import Asset, Granularity
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.history.series import Kind, Series

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
    """Return what telemetry of an asset costs; None where that is not known, or makes no sense."""
    price, currency = asset.price, asset.currency_code
    if kind is not TelemetryKind.ENERGY or price is None or currency is None:
        return None
    return Tariff(price, currency)


@lru_cache(maxsize=16_384)
def statistic_id(identity: str, asset_id: str, what: str) -> str:
    """Return the id of an asset's statistic.

    Parameters:
        identity: of the account.
        asset_id: which asset.
        what: a `TelemetryKind`, or `COST`.
    """
    return f"{DOMAIN}:{slugify(identity)}_{slugify(asset_id)}_{what}"


def asset_series(identity: str, asset: Asset, name: str, kind: TelemetryKind) -> Collection[Series]:
    """Return the statistics that one kind of telemetry makes: its own, and for energy its cost.

    Parameters:
        identity: of the account.
        asset: whose telemetry.
        name: of the asset. A plain English word follows, as statistics have no translations.
        kind: which telemetry.
    """

    def series(what: str, unit: str, unit_class: str | None) -> Series:
        its_id = statistic_id(identity, asset.id, what)
        return Series(
            key=its_id,
            statistic_id=its_id,
            name=f"{name} {what}",
            unit=unit,
            unit_class=unit_class,
            kind=Kind.SUM if kind is TelemetryKind.ENERGY else Kind.MEAN,
            hold=GRANULARITIES[kind].length,
            # Of the price that was in force then, nothing else is left.
            priced=statistic_id(identity, asset.id, kind) if what == COST else None,
        )

    own = series(kind, MEASURES[kind].unit, MEASURES[kind].converter.UNIT_CLASS)
    tariff = tariff_of(asset, kind)
    return (own,) if tariff is None else (own, series(COST, tariff.currency, None))
