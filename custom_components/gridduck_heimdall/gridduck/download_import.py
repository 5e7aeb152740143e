"""Convert rows of downloaded files into hourly energy of assets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import fsum
from pathlib import Path
import re
from types import MappingProxyType
from typing import Final
from unicodedata import normalize

from homeassistant.exceptions import HomeAssistantError

from ..api.gridduck import Asset
from ..api.gridduck.csv_file import Block, Column
from ..api.sanitizer import sanitize_name
from ..const import DOMAIN
from ..history.hours import SECONDS, hour_of, next_hour
from ..history.series import Sample
from .download_files import ReadFile

# Wh per unit; the service's own unit is Wh.
_WATT_HOURS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "wh": 1.0,
        "watthour": 1.0,
        "kwh": 1e3,
        "kilowatthour": 1e3,
        "mwh": 1e6,
        "megawatthour": 1e6,
        "gwh": 1e9,
        "gigawatthour": 1e9,
    }
)
# A name that has one of these where no unit is read may be of any unit.
_HINT: Final = re.compile(
    r"""(?<!/)(?<!per\s)(?:
        [kmgt]w[\W_]?h | watt[\W_]?h | (?<![^\W_])wh(?![^\W_])
        # In other languages.
        | (?:kilo|chilo|quilo|mega|giga)[\W_]?(?:watt?|vat) | [кмг]вт
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# Names that have one of these are of power, money or temperature, or of what a meter of gas, water
# or heat counts.
_OTHER: Final = re.compile(
    r"""(?<![^\W_])(?:
        (?:kilo|mega|giga)?watts? | [kmg]w | k?cal | [kmg]j | (?:kilo|mega|giga)?joules?
        | (?:m|ft)\^?3 | gal | lit(?:er|re)s? | pence | cents? | costs?
    )(?![^\W_]) | [£$€%] | °\s*[CF]\b""",
    re.IGNORECASE | re.VERBOSE,
)
_MILLI: Final = "m"
_NO_LETTERS: Final = re.compile(r"[\W_]+")
_WH_IN_KWH: Final = 1_000
# Digits of a Wh: amounts of minutes add up to exactly what the service gives for their hour.
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class EnergyColumn:
    """A column with the energy of an asset.

    Attributes:
        asset_id: the asset.
        place: the index of the column of values.
        watt_hours: Wh per unit.
    """

    asset_id: str
    place: int
    watt_hours: float


def columns_to_import(
    files: Iterable[ReadFile], assets: Mapping[str, Asset]
) -> Mapping[Path, tuple[EnergyColumn, ...]]:
    """Return the columns to import of each file that has rows.

    Args:
        files: the files, each read to its end.
        assets: the requested assets.

    Raises:
        HomeAssistantError: a file has bad rows, no recognizable asset, unit or time zone,
            unordered rows, different values at one time, or two columns with the same hours of an
            asset.
    """
    planned: dict[Path, tuple[EnergyColumn, ...]] = {}
    spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for file in files:
        if file.first is None or file.last is None:
            continue
        columns = _energy_of_assets(file, assets)
        span = int(file.first // SECONDS), int(file.last // SECONDS)
        clashes = any(
            span[0] <= last and first <= span[1]
            for column in columns
            for first, last in spans[column.asset_id]
        )
        twice = len({column.asset_id for column in columns}) < len(columns)
        # An hour with a missing row would replace a complete one.
        unclear = file.bad_rows or file.contradicts or not file.in_order
        if unclear or not columns or clashes or twice:
            raise _not_importable(file)
        for column in columns:
            spans[column.asset_id].append(span)
        planned[file.path] = columns
    return planned


class FileAmounts:
    """Adds up the energy of one file by hour, with no more than one hour's rows in memory."""

    def __init__(self, columns: Iterable[EnergyColumn]) -> None:
        """Prepare to add up columns."""
        self._columns = {column: _HourlyAmounts() for column in columns}

    def take(self, block: Block) -> None:
        """Add rows, which come in the order of time."""
        for column, amounts in self._columns.items():
            for at, value in zip(block.times, block.columns[column.place], strict=True):
                # Delivered energy is never negative.
                if value is not None and value >= 0:
                    amounts.add(at, value * column.watt_hours)

    def samples(self, start: datetime, end: datetime) -> Mapping[str, list[Sample]]:
        """Return the energy of each asset in kWh, by whole hours between two times."""
        first, last = next_hour(start), hour_of(end)
        return {
            column.asset_id: [
                (float(hour * SECONDS), amount / _WH_IN_KWH)
                for hour, amount in sorted(amounts.hours().items())
                if first <= hour < last
            ]
            for column, amounts in self._columns.items()
        }


class _HourlyAmounts:
    """Adds up one column."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._hours: dict[int, float] = {}
        self._hour: int | None = None
        self._amounts: dict[float, float] = {}

    def add(self, at: float, amount: float) -> None:
        """Add an amount, Wh, that was counted from a time on; of two for one time the later."""
        hour = int(at // SECONDS)
        if hour != self._hour:
            self._close()
            self._hour = hour
        self._amounts[at] = amount

    def hours(self) -> Mapping[int, float]:
        """Return the amounts by hour, Wh."""
        self._close()
        return self._hours

    def _close(self) -> None:
        if self._hour is not None:
            self._hours[self._hour] = round(fsum(self._amounts.values()), _DIGITS)
            self._hour = None
        self._amounts.clear()


def _energy_of_assets(file: ReadFile, assets: Mapping[str, Asset]) -> tuple[EnergyColumn, ...]:
    found = energy_columns(file.columns)
    for place, column in enumerate(file.columns):
        if is_unit_doubtful(column, assets.values()) or (
            place in found and column.unit is None and _OTHER.search(_plain(column.name))
        ):
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="download_unit_unclear",
                translation_placeholders={
                    "file": file.path.name,
                    "column": sanitize_name(f"{column.name} {column.unit or ''}"),
                },
            )
    return tuple(
        EnergyColumn(_certain_asset(file, place, assets, alone=len(found) == 1), place, factor)
        for place, factor in found.items()
    )


def _certain_asset(file: ReadFile, place: int, assets: Mapping[str, Asset], *, alone: bool) -> str:
    asset_id = asset_of(file.path.name, file.columns[place], assets, alone=alone)
    if asset_id is None:
        raise _not_importable(file)
    return asset_id


def _not_importable(file: ReadFile) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="download_not_importable",
        translation_placeholders={"file": file.path.name},
    )


def energy_columns(columns: tuple[Column, ...]) -> Mapping[int, float]:
    """Return the indexes of the columns with energy, and their Wh per unit.

    A column without a unit counts if no column has one.
    """
    if all(column.unit is None for column in columns):
        return dict.fromkeys(range(len(columns)), 1.0)
    return {
        place: factor
        for place, column in enumerate(columns)
        if (factor := _watt_hours(column.unit)) is not None
    }


def is_unit_doubtful(column: Column, assets: Iterable[Asset]) -> bool:
    """Return whether the unit of a column is ambiguous.

    A wrong guess would be off by a factor of a thousand.

    Args:
        column: the column.
        assets: the assets that it may belong to: the end of a name can look like a unit.
    """
    if column.unit is None or _watt_hours(column.unit) is None:
        return _HINT.search(_plain(f"{column.name} {column.unit or ''}")) is not None
    whole = _letters(f"{column.name}{column.unit}")
    return any(_letters(asset.name or "") == whole for asset in assets)


def _watt_hours(unit: str | None) -> float | None:
    """Return the Wh per unit; None if it is ambiguous or no unit of energy."""
    plain = _letters(unit or "")
    if plain.endswith("mwh") and (unit or "").startswith(_MILLI):
        # Literally it is a thousandth of a Wh, but mostly MWh is intended.
        return None
    return _WATT_HOURS.get(plain.removesuffix("s"))


def _plain(text: str) -> str:
    """Return a text with the plain form of each letter: some units are single characters."""
    return normalize("NFKC", text)


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text).casefold()


def asset_of(
    file_name: str, column: Column, assets: Mapping[str, Asset], *, alone: bool
) -> str | None:
    """Return the asset of a column; None if it is ambiguous.

    Args:
        file_name: the name of the file.
        column: the column.
        assets: the requested assets.
        alone: whether it is the only such column of the file.
    """
    if alone and len(assets) == 1:
        return next(iter(assets))
    for text in (column.name, file_name) if alone else (column.name,):
        named = [asset_id for asset_id in assets if _names(text, asset_id)]
        if named:
            return named[0] if len(named) == 1 else None
    called = {
        asset_id: asset.name
        for asset_id, asset in assets.items()
        if asset.name and _names(column.name, asset.name)
    }
    # No column of "Lamp" contains "Lamp 2", but one of "Lamp 2" contains "Lamp".
    longest = max(map(len, called.values()), default=0)
    best = [asset_id for asset_id, name in called.items() if len(name) == longest]
    return best[0] if len(best) == 1 else None


def _names(text: str, name: str) -> bool:
    """Return whether a text contains a name, not only as part of a longer one."""
    return re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", text, re.IGNORECASE) is not None
