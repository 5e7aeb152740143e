"""Download large amounts of telemetry into files, and optionally import energy.

Contract: gridduck-api.md, "Data download".
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util, slugify
from homeassistant.util.json import JsonObjectType

from ..api.errors import AuthenticationFailed, BadRequest, NotFound, PermissionDenied
from ..api.gridduck import Asset, DataRequest, Granularity, TelemetryType
from ..api.sanitizer import sanitize_name
from ..const import DOMAIN
from ..core.exceptions import action_errors
from ..history.series import Sample
from ..history.statistics import recorder_loaded
from .backend import GridDuckAccount
from .data_archive import async_try_delete
from .data_request import Sleep, async_until_ready
from .download_files import (
    ReadFile,
    async_list,
    async_move_into_place,
    async_partial_folder,
    async_read,
    async_remove,
    async_run,
    async_save,
    async_unpacked,
)
from .download_import import FileAmounts, columns_to_import
from .energy import hourly_energy_bound
from .history_series import tariff_of
from .telemetry import TelemetryKind

LONGEST_NAME: Final = 64
# A link may have expired meanwhile; a new one is requested once.
LINKS: Final = 2
_LINK_REFUSED: Final = (AuthenticationFailed, BadRequest, NotFound, PermissionDenied)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """A requested data export; assets by id."""

    assets: Mapping[str, Asset]
    start: datetime
    end: datetime
    granularity: Granularity
    type: TelemetryType
    import_statistics: bool
    delete_after_import: bool


async def async_download(
    account: GridDuckAccount,
    asset_ids: Collection[str],
    start: datetime,
    end: datetime,
    *,
    granularity: Granularity,
    type: TelemetryType,  # noqa: A002 - the name of the action's field
    import_statistics: bool = False,
    delete_after_import: bool = False,
    sleep: Sleep = asyncio.sleep,
) -> JsonObjectType:
    """Download telemetry into a folder below Home Assistant's configuration.

    Args:
        account: the account.
        asset_ids: the assets.
        start: start of the range, with a time zone.
        end: its end.
        granularity: length of the intervals.
        type: the type of telemetry.
        import_statistics: whether to import energy into statistics; not with daily values.
        delete_after_import: whether to delete the files here and the data request at the service
            once all of it is imported.
        sleep: waits while the data is prepared, seconds.

    Raises:
        ServiceValidationError: the request is invalid.
        HomeAssistantError: it did not come, or not whole, or the account was closed meanwhile. No
            file of it is kept then, but where files could only not be imported they stay.

    Contract: gridduck-api.md, "Data download".
    """
    order = _Order(
        assets=_assets(account, asset_ids),
        start=start,
        end=end,
        granularity=granularity,
        type=type,
        import_statistics=import_statistics,
        delete_after_import=delete_after_import,
    )
    _check_import(account, order)
    async with action_errors(), account.lifetime.within():
        return await _async_carry_out(account, order, sleep)


async def _async_carry_out(account: GridDuckAccount, order: _Order, sleep: Sleep) -> JsonObjectType:
    request = await account.client.async_create_data_request(
        list(order.assets), order.type, order.start, order.end, order.granularity
    )
    await async_until_ready(account.client, request, sleep)
    folder, files = await _async_fetch(account, request, order)
    if not order.import_statistics:
        return _answer(request, folder, files)
    written = await _async_import(account, order, folder, files)
    answer = {**_answer(request, folder, files), "statistics_written": written}
    if not order.delete_after_import:
        return answer
    await async_remove(account.hass, folder)
    deleted = await async_try_delete(account, request.id)
    return {**answer, "folder": None, "data_request_deleted": deleted}


def _assets(account: GridDuckAccount, asset_ids: Collection[str]) -> Mapping[str, Asset]:
    known = account.assets.data
    if not asset_ids or any(asset_id not in known for asset_id in asset_ids):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="asset_not_found")
    return {asset_id: known[asset_id] for asset_id in asset_ids}


def _check_import(account: GridDuckAccount, order: _Order) -> None:
    """Refuse at once a download that could not be imported."""
    if not order.import_statistics:
        if order.delete_after_import:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="delete_needs_import"
            )
        return
    if order.type is not TelemetryType.DELIVERED or order.granularity.length > timedelta(hours=1):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="import_needs_hourly_energy"
        )
    if not recorder_loaded(account.hass):
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key="recorder_not_loaded")


async def _async_fetch(
    account: GridDuckAccount, request: DataRequest, order: _Order
) -> tuple[Path, list[ReadFile]]:
    """Return the folder and the contents of each file, once all of them are complete."""
    hass = account.hass
    parent = Path(hass.config.path(DOMAIN, _plain(account.identity)))
    async with async_partial_folder(hass, parent) as incomplete:
        await _async_save(account, request, incomplete)
        files = await async_unpacked(hass, incomplete, f"{_plain(next(iter(order.assets)))}.csv")
        found = [await async_read(hass, files, path) for path in await async_list(hass, files)]
        return await async_move_into_place(hass, files, parent, _plain(request.id)), found


async def _async_save(account: GridDuckAccount, request: DataRequest, folder: Path) -> None:
    for links_left in reversed(range(LINKS)):
        link = await account.client.async_data_request_link(request.id)
        try:
            # A simulated service has its files where it is, on this very machine.
            public_only = not account.client.is_local(link)
            await async_save(account.hass, link, folder, public_only=public_only)
        except _LINK_REFUSED as error:
            if not links_left:
                raise HomeAssistantError(
                    translation_domain=DOMAIN, translation_key="download_link_refused"
                ) from error
        else:
            return


async def _async_import(
    account: GridDuckAccount, order: _Order, folder: Path, files: list[ReadFile]
) -> int:
    """Write the statistics of energy and cost, and return how many rows of them changed."""
    written, hass = 0, account.hass
    # A header may be long.
    planned = await async_run(hass, partial(columns_to_import, files, order.assets))
    for path, columns in planned.items():
        amounts = FileAmounts(columns)
        await async_read(hass, folder, path, amounts.take)
        found = await async_run(hass, partial(amounts.samples, order.start, order.end))
        for asset_id, samples in found.items():
            written += await _async_write(account, order.assets[asset_id], samples)
    return written


async def _async_write(account: GridDuckAccount, asset: Asset, samples: list[Sample]) -> int:
    energy, *cost = account.history.series_of(asset, TelemetryKind.ENERGY)
    most = hourly_energy_bound(asset.power_w)
    samples = [(at, amount) for at, amount in samples if amount <= most]
    batch = {energy: samples}
    if cost and (tariff := tariff_of(asset, TelemetryKind.ENERGY)) is not None:
        batch[cost[0]] = [(at, amount * tariff.price) for at, amount in samples]
    return await account.importer.async_write(batch)


def _answer(request: DataRequest, folder: Path, files: list[ReadFile]) -> JsonObjectType:
    return {
        "data_request": request.id,
        "folder": str(folder),
        "files": [
            {
                "file": str(one.path),
                "columns": [sanitize_name(column.name) for column in one.columns],
                "rows": one.rows,
                "bad_rows": one.bad_rows,
                "first": _time(one.first),
                "last": _time(one.last),
            }
            for one in files
        ],
        "rows": sum(one.rows for one in files),
        "bad_rows": sum(one.bad_rows for one in files),
        "first": _time(min((one.first for one in files if one.first is not None), default=None)),
        "last": _time(max((one.last for one in files if one.last is not None), default=None)),
    }


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else dt_util.utc_from_timestamp(seconds).isoformat()


def _plain(text: str) -> str:
    """Return a text that is safe as the name of a file."""
    return slugify(text, separator="-")[:LONGEST_NAME] or "data"
