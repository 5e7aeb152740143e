"""The data requests of an account: listed, shared by a link, deleted.

Contract: gridduck-api.md, Part 2.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ..api.errors import ApiError, BadRequest, FeatureUnavailable, NotFound, PermissionDenied
from ..api.gridduck import DataRequest, DataRequestStatus
from ..api.sanitizer import sanitize_name
from ..const import DOMAIN, LOGGER
from ..core.exceptions import failure
from .backend import GridDuckAccount

# These may be about the one data request, and not about the endpoint.
_OF_ONE: Final = (BadRequest, NotFound, PermissionDenied)


async def async_list_data_requests(account: GridDuckAccount) -> JsonObjectType:
    """Return the data requests of an account, with status and parameters.

    Raises:
        ApiError: the service does not list them.
    """
    async with account.lifetime.within():
        listed = await account.client.async_list_data_requests()
    return {
        "data_requests": [_described(account, one) for one in listed.requests],
        "complete": listed.complete,
    }


async def async_get_link(
    account: GridDuckAccount, request_id: str, length: timedelta
) -> JsonObjectType:
    """Return a link to the files of a data request, and when it expires.

    Raises:
        ServiceValidationError: there is no such data request, or it is not ready.
        HomeAssistantError: the service gives no link to this one.
        ApiError: it gives no links, or does not answer.
    """
    asked_at = dt_util.utcnow()
    async with account.lifetime.within(), _reasons(account, request_id):
        link = await account.client.async_shared_link(request_id, int(length.total_seconds()))
    return {
        "data_request": request_id,
        "url": link.url,
        "expires": _time(asked_at + timedelta(seconds=link.expires_in)),
    }


async def async_delete(account: GridDuckAccount, request_id: str) -> None:
    """Delete a data request with its files at the service.

    Raises:
        ServiceValidationError: there is no such data request, or it is still being prepared.
        HomeAssistantError: the service does not delete this one.
        ApiError: it deletes none, or does not answer.
    """
    async with account.lifetime.within(), _reasons(account, request_id):
        await account.client.async_delete_data_request(request_id)


async def async_try_delete(account: GridDuckAccount, request_id: str) -> bool:
    """Delete a data request that is no longer needed, and return whether that worked."""
    try:
        await async_delete(account, request_id)
    except (ApiError, HomeAssistantError) as error:
        LOGGER.warning("%s: a data request was not deleted: %s", account.entry.title, error)
        return False
    return True


@asynccontextmanager
async def _reasons(account: GridDuckAccount, request_id: str) -> AsyncGenerator[None]:
    """Distinguish a missing or unfinished data request from a missing endpoint.

    Raises:
        ServiceValidationError: there is no such data request, or it is not ready.
        HomeAssistantError: the service refuses it for this one.
        ApiError: as it was raised inside.
    """
    try:
        yield
    except FeatureUnavailable as error:
        if not isinstance(error.__cause__, _OF_ONE):
            raise
        try:
            listed = await account.client.async_list_data_requests()
        except ApiError:
            # The first error says what was wanted.
            raise error from None
        status = next((one.status for one in listed.requests if one.id == request_id), None)
        if status is None and not listed.complete:
            raise
        raise _reason(status, error.__cause__) from error


def _reason(status: DataRequestStatus | None, cause: ApiError) -> HomeAssistantError:
    match status:
        case None:
            return ServiceValidationError(
                translation_domain=DOMAIN, translation_key="data_request_not_found"
            )
        case DataRequestStatus.PENDING | DataRequestStatus.PROCESSING:
            return ServiceValidationError(
                translation_domain=DOMAIN, translation_key="data_request_not_ready"
            )
    return failure(HomeAssistantError, "data_request_refused", cause)


def _described(account: GridDuckAccount, request: DataRequest) -> JsonObjectType:
    return {
        "data_request": request.id,
        "status": request.status.value,
        "created": _time(request.created),
        "start": _time(request.start),
        "end": _time(request.end),
        "type": _word(request.type),
        "granularity": _word(request.granularity),
        "assets": [_asset(account, asset_id) for asset_id in request.asset_ids],
    }


def _asset(account: GridDuckAccount, asset_id: str) -> JsonObjectType:
    """Return an asset; name and device are those that Home Assistant has, if it has it."""
    asset, device = account.assets.data.get(asset_id), account.device_of(asset_id)
    return {
        "id": sanitize_name(asset_id),
        "name": None if asset is None else asset.label,
        "device_id": None if device is None else device.id,
    }


def _word(text: str | None) -> str | None:
    return None if text is None else sanitize_name(text)


def _time(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()
