"""The files of a data request: CSV for one asset, a ZIP of CSV files for several."""

import asyncio
from collections.abc import Iterable, Mapping
import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
import re
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from .asset import Asset
from .series import Quantity, Window, series
from .settings import CsvStyle, TimeColumns

_TIME_NAMES: Final[Mapping[TimeColumns, tuple[str, ...]]] = {
    "start": ("time",),
    "start and end": ("from", "to"),
    "date and time": ("date", "time"),
}
_BLANK_EVERY = 10
# A year of minutes takes seconds to write; others are answered in between.
_YIELD_EVERY = 1_000


async def csv_file(
    asset: Asset, quantity: Quantity, window: Window, now: float, style: CsvStyle
) -> bytes:
    """Return the series of one asset as CSV. Contract: gridduck-api.md, Part 2, "CSV"."""
    text = StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=style.delimiter,
        lineterminator=style.newline,
        quoting=csv.QUOTE_ALL if style.quoted else csv.QUOTE_MINIMAL,
    )
    names = _TIME_NAMES[style.times]
    writer.writerow([*names, f"{asset.name} {quantity.name} ({quantity.unit})"])
    points = series(asset, quantity, "aggregate", window, now)
    for number, (stamp, value) in enumerate(points, start=1):
        writer.writerow([*_times(stamp, stamp + window.step, style), value])
        if style.blank_lines and number % _BLANK_EVERY == 0:
            text.write(style.newline)
        if number % _YIELD_EVERY == 0:
            await asyncio.sleep(0)
    return text.getvalue().encode("utf-8-sig" if style.bom else "utf-8")


async def zip_file(
    assets: Iterable[Asset], quantity: Quantity, window: Window, now: float, style: CsvStyle
) -> bytes:
    """Return a ZIP with a CSV file for each asset, named after its name and id."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for asset in assets:
            content = await csv_file(asset, quantity, window, now, style)
            archive.writestr(csv_name(asset), content)
    return packed.getvalue()


def csv_name(asset: Asset) -> str:
    """Return the name of an asset's CSV file."""
    plain = re.sub(r"[^a-z0-9]+", "-", asset.name.lower()).strip("-")
    return f"{plain}_{asset.id}.csv" if plain else f"{asset.id}.csv"


def _times(start: int, end: int, style: CsvStyle) -> list[int | str]:
    if style.times == "date and time":
        return [*iso(start).rstrip("Z").split("T")]
    shown = [start, end] if style.times == "start and end" else [start]
    return [stamp if style.unix_time else iso(stamp) for stamp in shown]


def iso(stamp: int) -> str:
    """Return a time in ISO 8601."""
    return f"{datetime.fromtimestamp(stamp, UTC):%Y-%m-%dT%H:%M:%SZ}"
