"""Models of assets and data requests.

Only ids are required: every other field may be null or missing, and is then None.

Contract: gridduck-api.md, "List assets".
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from sys import intern
from typing import Final

import msgspec
from msgspec.structs import force_setattr

from ..decoding import Number
from ..override import Override, RunningOverride
from ..sanitizer import sanitize_name
from .assumed import DataRequestStatus
from .money import currency_code, major_units
from .timestamps import moment, seconds_left

SILENT_AFTER: Final = timedelta(hours=1)
"""Age at which a value becomes stale."""

_STATES: Final = {"on": True, "off": False}
_IN_COMMON: Final = (
    *("sku", "site_id", "site_name", "gateway_id", "gateway_name", "parent_asset"),
    *("current_state", "user_state", "permission"),
)
"""Text fields whose value many assets share."""

type Stamp = Number | str
"""A time as a number or text, parsed by `moment`."""


class Child(msgspec.Struct, frozen=True):
    """A child asset that is listed as an object."""

    id: str


class Asset(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A smart plug, meter, circuit or sensor; fields as the service names them.

    Fields that the integration does not use are not decoded.
    """

    id: str
    name: str | None = None
    serial_no: str | None = None
    sku: str | None = None
    site_id: str | None = None
    site_name: str | None = None
    gateway_id: str | None = None
    gateway_name: str | None = None
    parent_asset: str | None = None
    children: tuple[str | Child, ...] | None = None
    current_state: str | None = None
    user_state: str | None = None
    boost_finish: Stamp | None = None
    boost_finish_stamp: Stamp | None = None
    snooze_finish: Stamp | None = None
    snooze_finish_stamp: Stamp | None = None
    consumption: Number | None = None
    delivered: Number | None = None
    price_per_kwh: Number | None = None
    site_price_per_kwh: Number | None = None
    currency: str | None = None
    site_currency: str | None = None
    asset_signal_strength: Number | None = None
    last_contacted: Stamp | None = None
    lost: bool | None = None
    disconnected: bool | None = None
    gateway_disconnected: bool | None = None
    read_only: bool | None = None
    permission: str | None = msgspec.field(default=None, name="_permission")
    interruptible: bool | None = None
    min_time_on: Number | None = None
    max_time_off: Number | None = None
    # No service sends this: see `as_listed`.
    silent: bool = msgspec.field(default=False, name="(silent)")

    @property
    def label(self) -> str:
        """Its name to display: its name, else its type, else its id."""
        return sanitize_name(self.name, self.sku, self.id)

    @property
    def is_on(self) -> bool | None:
        """Whether it is on; None if unknown."""
        return _STATES.get((self.current_state or "").strip().casefold())

    @property
    def power_w(self) -> float | None:
        """The present demand, W."""
        return self.consumption

    @property
    def energy_wh(self) -> float | None:
        """The delivered energy, Wh, which only decreases after a reset of the meter.

        A negative counter is a misreading, and unknown.
        """
        return self.delivered if self.delivered is not None and self.delivered >= 0 else None

    @property
    def currency_code(self) -> str | None:
        """The ISO 4217 code of the currency of `price`."""
        return currency_code(self.currency) or self.site_currency_code

    @property
    def price(self) -> float | None:
        """The price per kWh, its own or else the site's, in the currency's major unit."""
        if self.price_per_kwh is None:
            return self.site_price
        return major_units(self.price_per_kwh, self.currency_code)

    @property
    def site_currency_code(self) -> str | None:
        """The ISO 4217 code of the currency of `site_price`."""
        return currency_code(self.site_currency)

    @property
    def site_price(self) -> float | None:
        """The site's price per kWh, in the currency's major unit."""
        return major_units(self.site_price_per_kwh, self.site_currency_code)

    @property
    def connected(self) -> bool:
        """Whether it is connected: not silent, and without connection faults."""
        return not (self.lost or self.disconnected or self.gateway_disconnected or self.silent)

    @property
    def last_contact(self) -> datetime | None:
        """When it last contacted the cloud."""
        return moment(self.last_contacted)

    def as_listed(self, now: datetime) -> Asset:
        """Return it as silent where its last contact is longer ago than `SILENT_AFTER`.

        Without a last contact it is never silent. Nothing else shows that the service repeats an
        old list, or has not noticed a lost asset.

        Args:
            now: when it was listed.

        Contract: gridduck-api.md, "List assets" (`last_contacted`).
        """
        contact = moment(self.last_contacted)
        silent = contact is not None and now - contact > SILENT_AFTER
        return self if silent == self.silent else msgspec.structs.replace(self, silent=silent)

    def as_pushed(self) -> Asset:
        """Return it as not silent: a pushed message is a contact."""
        return msgspec.structs.replace(self, silent=False) if self.silent else self

    def share_texts(self) -> Asset:
        """Intern the texts that many assets share, such as the site's name, and return the asset.

        The decoder makes a copy of each text for each of thousands of assets.
        """
        for name in _IN_COMMON:
            text: str | None = getattr(self, name)
            if text is not None:
                force_setattr(self, name, intern(text))
        return self

    def running_overrides(self, now: datetime) -> tuple[RunningOverride, ...]:
        """Return the running overrides, first the one that agrees with the state.

        Args:
            now: when this asset was received; an end given as seconds left counts from it.
        """
        boost = _running(Override.BOOST, self.boost_finish_stamp, self.boost_finish, now)
        snooze = _running(Override.SNOOZE, self.snooze_finish_stamp, self.snooze_finish, now)
        both = (snooze, boost) if self.is_on is False else (boost, snooze)
        return tuple(one for one in both if one is not None)

    def running_override(self, now: datetime) -> RunningOverride | None:
        """Return the override in force; `now` as in `running_overrides`."""
        return next(iter(self.running_overrides(now)), None)


def _running(
    kind: Override, stamp: Stamp | None, finish: Stamp | None, now: datetime
) -> RunningOverride | None:
    """Return the override of a pair of fields; None if none is running.

    Args:
        kind: boost or snooze.
        stamp: the field `*_finish_stamp`: its end, as `moment` reads it.
        finish: the field `*_finish`, for where there is no stamp: its end, or seconds left.
        now: when the fields were received.

    Contract: gridduck-api.md, "List assets" (`*_finish`, `*_finish_stamp`) and Part 2.
    """
    end = moment(stamp)
    estimated = False
    if end is None and (left := seconds_left(finish)) is not None:
        end, estimated = now.astimezone(UTC) + timedelta(seconds=left), True
    elif end is None:
        end = moment(finish)
    if end is None or end <= now:
        return None
    return RunningOverride(kind, end, estimated)


class IncompleteReason(StrEnum):
    """Why a list is incomplete, or may be."""

    MISSING = "missing"
    """There are fewer entries than the service says."""
    REPEATED = "repeated"
    """The service repeats the same pages."""
    CONTRADICTED = "contradicted"
    """There are more entries than the service says."""
    UNPAGED = "unpaged"
    """The service returns only the first page."""


class AssetList(msgspec.Struct, frozen=True, kw_only=True):
    """All assets of the account.

    Attributes:
        assets: each once; of a duplicate the last copy.
        malformed: number of dropped entries without a usable id.
        total: the number of assets that the service names, or None.
        incomplete: why it is not complete; None where it is.
        pages: the number of requests.
    """

    assets: tuple[Asset, ...]
    malformed: int
    total: int | None
    incomplete: IncompleteReason | None = None
    pages: int = 1

    @property
    def complete(self) -> bool:
        """Whether the list is complete; else a missing asset may exist."""
        return self.incomplete is None


class DataRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request for a large amount of data.

    Attributes:
        id: the service's id.
        status: its status.
        created: when it was created; None if unknown.
        asset_ids: of which assets, as far as the service says; so all below.
        start: beginning of the range.
        end: its end.
        granularity: length of the intervals, in the service's word.
        type: what was measured, in the service's word.
    """

    id: str
    status: DataRequestStatus
    created: datetime | None = None
    asset_ids: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    granularity: str | None = None
    type: str | None = None


class DataRequestList(msgspec.Struct, frozen=True, kw_only=True):
    """The data requests of an account.

    Attributes:
        requests: each once, in the order of the list.
        complete: whether they are all that there are, as far as the service says.
    """

    requests: tuple[DataRequest, ...]
    complete: bool


class DataLink(msgspec.Struct, frozen=True, kw_only=True):
    """An address from which a data request can be downloaded without a token.

    Attributes:
        url: the address, which is a secret for as long as it works.
        expires_in: for how long that is, seconds.
    """

    url: str
    expires_in: float
