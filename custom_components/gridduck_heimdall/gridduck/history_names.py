"""Unique names for the statistics of assets."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from ..api.gridduck import Asset
from ..api.sanitizer import sanitize_name
from ..core.slices import in_slices


def _with_site(asset: Asset) -> str:
    return sanitize_name(f"{asset.site_name or ''} {asset.label}")


def _with(text: str | None, asset: Asset) -> str:
    added = sanitize_name(text)
    return f"{_with_site(asset)} ({added})" if added else _with_site(asset)


# From short to unique. Each describes the asset itself, so that a name stays the same when other
# assets come and go, unless another one has it, too.
_NAMES: Final[tuple[Callable[[Asset], str], ...]] = (
    lambda asset: asset.label,
    _with_site,
    lambda asset: _with(asset.gateway_name, asset),
    lambda asset: _with(asset.serial_no, asset),
    lambda asset: f"{_with_site(asset)} ({asset.id})",
)


async def async_names(assets: Iterable[Asset]) -> Mapping[str, str]:
    """Return a name of each asset by its id: the shortest that no other asset has.

    Assets with the same name are distinguished by their site, then by their gateway, by their
    serial number, and finally by their id.
    """
    names: dict[str, str] = {}
    left, taken = list(assets), set[str]()
    for name_of in _NAMES:
        candidates = await in_slices(_named(left, name_of))
        times = Counter(name for _, name in candidates)
        found = {
            asset.id: name for asset, name in candidates if times[name] == 1 and name not in taken
        }
        names |= found
        taken.update(found.values())
        left = [asset for asset in left if asset.id not in names]
    return names


def _named(assets: Iterable[Asset], name_of: Callable[[Asset], str]) -> Iterator[tuple[Asset, str]]:
    for asset in assets:
        yield asset, name_of(asset)
