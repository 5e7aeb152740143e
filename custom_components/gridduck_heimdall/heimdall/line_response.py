"""Responses of actions: the current data of a line in full."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
import time
from types import MappingProxyType
from typing import Any, Final

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import msgspec

from ..api.addresses import is_path_segment
from ..api.concurrency import async_for_each
from ..api.errors import NotFound, PermissionDenied
from ..api.heimdall import (
    MAX_PARALLEL,
    Endpoint,
    Parameters,
    Quantity,
    Target,
    UnitSystem,
    endpoints,
)
from ..api.heimdall.models.common import Payload
from ..const import DOMAIN
from ..core.device_map import name_of
from .backend import HeimdallAccount
from .inventory import FacilityItem, LineItem
from .products import MAX_AGE

type Kinds = Mapping[str, Endpoint[Any]]

_MEASUREMENTS: Final[Kinds] = MappingProxyType(
    {
        "current": endpoints.LATEST_CURRENT,
        "apparent_power": endpoints.LATEST_APPARENT_POWER,
        "conductor_temperature": endpoints.LATEST_TEMPERATURE,
        "dlr": endpoints.LATEST_DLR,
        "aar": endpoints.LATEST_AAR,
        "transient_rating": endpoints.LATEST_TRANSIENT_RATING,
        "icing": endpoints.LATEST_ICING,
        "sag_and_clearance": endpoints.LATEST_SAG_AND_CLEARANCE,
        "circuit_rating": endpoints.LATEST_CIRCUIT_RATING,
        "circuit_transient_rating": endpoints.LATEST_CIRCUIT_TRANSIENT_RATING,
    }
)
_FORECASTS: Final[Kinds] = MappingProxyType(
    {
        "dlr": endpoints.FULL_DLR_FORECAST,
        "aar": endpoints.FULL_AAR_FORECAST,
        "circuit_rating": endpoints.FULL_CIRCUIT_RATING_FORECAST,
        "icing": endpoints.ICING_FORECAST,
    }
)

MEASUREMENT_KINDS: Final = frozenset(_MEASUREMENTS)
FORECAST_KINDS: Final = frozenset(_FORECASTS)

# Without a time the service may omit values that are a little late (heimdall-api.md §5.3).
_NEED_SINCE: Final = (endpoints.LATEST_ICING, endpoints.LATEST_SAG_AND_CLEARANCE)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Question:
    """The parameters of a request; each endpoint takes those that apply to it."""

    quantity: Quantity
    unit_system: UnitSystem
    include: bool = False
    since: datetime | None = None

    def parameters(self, endpoint: Endpoint[Any]) -> Parameters:
        """Return the parameters for this endpoint."""
        since = self.since
        if since is None and endpoint in _NEED_SINCE:
            since = dt_util.utcnow() - MAX_AGE
        return Parameters(
            since=since,
            quantity=self.quantity if endpoint.takes_quantity else None,
            unit_system=self.unit_system if endpoint.takes_unit_system else None,
            include=endpoint.include if self.include else None,
        )


async def async_measurements(
    account: HeimdallAccount,
    device: AnyDeviceEntry,
    kinds: Collection[str] | None,
    *,
    quantity: Quantity,
    unit_system: UnitSystem,
    include: bool,
    since: datetime | None,
) -> JsonObjectType:
    """Return the newest measurements of a line and its facility, by kind.

    Args:
        account: the account of the device.
        device: a line, a facility, or a part of a line.
        kinds: some of `MEASUREMENT_KINDS`; None for all.
        quantity: of ratings: A or MVA.
        unit_system: of temperatures, ice, tension, sag and clearance.
        include: whether to add the breakdown by span or sensor.
        since: the minimum time of values; by default in the user's time zone.

    Kinds without data are named under `no_data`. Contract: heimdall-api.md §2.

    Raises:
        ApiError: a kind could not be requested, or the service has requested a pause.
        HomeAssistantError: the service's own id is none that an address can hold.
    """
    question = _Question(
        quantity=quantity,
        unit_system=unit_system,
        include=include,
        since=None if since is None else dt_util.as_utc(since),
    )
    return await _async_answer(account, device, _MEASUREMENTS, kinds, question)


async def async_forecast(
    account: HeimdallAccount,
    device: AnyDeviceEntry,
    kinds: Collection[str] | None,
    *,
    quantity: Quantity,
    unit_system: UnitSystem,
) -> JsonObjectType:
    """Return the newest forecasts of a line and its facility, by kind.

    Parameters and errors as for `async_measurements`; `kinds` are of `FORECAST_KINDS`.
    """
    question = _Question(quantity=quantity, unit_system=unit_system)
    return await _async_answer(account, device, _FORECASTS, kinds, question)


async def _async_answer(
    account: HeimdallAccount,
    device: AnyDeviceEntry,
    table: Kinds,
    kinds: Collection[str] | None,
    question: _Question,
) -> JsonObjectType:
    ids = targets(account, device)
    asked = [kind for kind in table if kinds is None or kind in kinds]

    answers: dict[str, Payload] = {}

    async def async_fetch(kind: str) -> None:
        endpoint = table[kind]
        if (target_id := ids.get(endpoint.target)) is None:
            return
        try:
            answers[kind] = await account.client.async_fetch(
                endpoint, target_id, **question.parameters(endpoint)
            )
        except (NotFound, PermissionDenied) as error:
            if error.without_token:
                raise

    with account.throttle.passing(time.time):
        await async_for_each(asked, async_fetch, limit=MAX_PARALLEL)
    found = {kind: _builtins(answers[kind]) for kind in asked if kind in answers}
    return {**found, "no_data": [kind for kind in asked if kind not in found]}


def targets(account: HeimdallAccount, device: AnyDeviceEntry) -> dict[Target, str]:
    """Return the ids of the device's line and facility, if any.

    Raises:
        HomeAssistantError: the service's own id is none that an address can hold.
    """
    ids = dict(_target_ids(account, device))
    if not all(map(is_path_segment, ids.values())):
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="unusable_id",
            translation_placeholders={"device": name_of(device)},
        )
    return ids


def _target_ids(account: HeimdallAccount, device: AnyDeviceEntry) -> Iterator[tuple[Target, str]]:
    match account.data.item_near(device):
        case LineItem(asset=line, facility=facility):
            yield Target.LINE, line.id
            yield Target.FACILITY, facility.id
        case FacilityItem(asset=facility):
            yield Target.FACILITY, facility.id
            if facility.line is not None:
                yield Target.LINE, facility.line.id


def _builtins(answer: Payload) -> JsonObjectType:
    builtins: JsonObjectType = msgspec.to_builtins(answer)
    # The number of malformed parts is for the log, not part of the response.
    builtins.pop("(malformed)", None)
    return builtins
