"""What reads foreign bytes, as a table of functions to be fuzzed.

Each takes any bytes and returns; whatever it raises is a defect. The tests feed it what
hypothesis makes and what stands in `corpus/`, `script/fuzz` what atheris finds.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
import unicodedata

import msgspec

from custom_components.gridduck_heimdall.api.errors import ApiError
from custom_components.gridduck_heimdall.api.gridduck.archive import is_archive, unpack
from custom_components.gridduck_heimdall.api.gridduck.assumed import (
    Granularity,
    TelemetryType,
    WireDataRequest,
    WireLink,
    WirePoint,
    data_request_status,
)
from custom_components.gridduck_heimdall.api.gridduck.csv_file import CsvFile
from custom_components.gridduck_heimdall.api.gridduck.envelope import (
    Envelope,
    ItemReader,
    PageReader,
    without_unusable_ids,
)
from custom_components.gridduck_heimdall.api.gridduck.hook_message import items_of
from custom_components.gridduck_heimdall.api.gridduck.models import Asset
from custom_components.gridduck_heimdall.api.gridduck.pushed import read_item
from custom_components.gridduck_heimdall.api.gridduck.telemetry import series_of
from custom_components.gridduck_heimdall.api.heimdall.client import region_of
from custom_components.gridduck_heimdall.api.heimdall.endpoints import ENDPOINTS
from custom_components.gridduck_heimdall.api.heimdall.models.assets import Assets
from custom_components.gridduck_heimdall.api.problems import error_of_status
from custom_components.gridduck_heimdall.api.sanitizer import LONGEST_TEXT
from custom_components.gridduck_heimdall.api.token import SHORTEST_USE_SECONDS, parse_token_answer
from tests.csv_rows import rows_of

type Target = Callable[[bytes], None]

CORPUS: Final = Path(__file__).parent / "corpus"
NOW: Final = datetime(2026, 11, 18, 18, tzinfo=UTC)
MOST_UNPACKED: Final = 1024 * 1024

ASSETS: Final = PageReader(Asset, Envelope[Asset])
POINTS: Final = PageReader(WirePoint, Envelope[WirePoint])
_DATA_REQUEST: Final = ItemReader(WireDataRequest)
_LINK: Final = ItemReader(WireLink)
_OBJECT: Final = msgspec.json.Decoder(dict[str, object])
HEIMDALL: Final = tuple(ENDPOINTS[one] for one in sorted(ENDPOINTS))
"""The endpoints in the order in which the first byte of the target `heimdall` names them."""


def _look_at(asset: Asset) -> None:
    """Ask an asset for all that is derived of its fields, and see that it can be handed on."""
    for name in dir(Asset):
        if isinstance(getattr(Asset, name), property):
            getattr(asset, name)
    asset.running_override(NOW)
    msgspec.json.encode(asset)
    assert all(math.isfinite(one) for one in msgspec.structs.astuple(asset) if type(one) is float)


def gridduck_assets(body: bytes) -> None:
    """A page of assets."""
    page = without_unusable_ids(ASSETS.read(body))
    for asset in page.items:
        _look_at(asset)
    assert page.entries >= len(page.items)


def gridduck_telemetry(body: bytes) -> None:
    """A page of points."""
    series = series_of(POINTS.read(body), "a", TelemetryType.DELIVERED, Granularity.HOUR)
    moments = [point.at for point in series.points]
    assert moments == sorted(set(moments))
    assert all(math.isfinite(point.value) for point in series.points)


def gridduck_data_request(body: bytes) -> None:
    """A data request, or the link of one."""
    with suppress(ApiError):
        data_request_status(_DATA_REQUEST.read(body).status)
    with suppress(ApiError):
        msgspec.json.encode(_LINK.read(body))


def gridduck_hook(body: bytes) -> None:
    """A message of a data hook, merged into an asset."""
    for one in items_of(body):
        if one is not None and (item := read_item(one)) is not None:
            changes = item.believed(NOW).changes(NOW)
            _look_at(msgspec.structs.replace(Asset(id=item.asset_id), **changes))


def heimdall(body: bytes) -> None:
    """The answer of the endpoint that the first byte says."""
    endpoint = HEIMDALL[body[0] % len(HEIMDALL)] if body else HEIMDALL[0]
    payload = endpoint.decoder.decode(body[1:])
    assert payload.malformed >= 0
    msgspec.json.encode(payload)
    if isinstance(payload, Assets):
        for owner in payload.grid_owners:
            for facility in owner.facilities:
                assert facility.voltage is None or facility.voltage > 0
                assert facility.line is None or facility.line.instrumented(NOW) in {True, False}


def token(body: bytes) -> None:
    """The answer of a token endpoint."""
    answer = _object(body)
    found = parse_token_answer(answer, 0, requested=("a",))
    assert 0 < found.renew_at <= max(found.expires_at, SHORTEST_USE_SECONDS)
    region = region_of(found.value)
    assert region
    assert region.isascii()
    assert region.isprintable()


def _object(body: bytes) -> dict[str, object]:
    try:
        return _OBJECT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as err:
        raise ApiError("No object") from err


def problem(body: bytes) -> None:
    """What went wrong: the status, Retry-After up to the end of the line, the body."""
    head, _, rest = body.partition(b"\n")
    status = 300 + int.from_bytes(head[:1]) % 300
    headers = {"Retry-After": head[1:].decode("latin-1")}
    error = error_of_status(status, headers, rest, host="h", secrets=("s3cret-t0ken",))
    text = str(error)
    assert len(text) <= LONGEST_TEXT + 60
    assert not {unicodedata.category(one) for one in text} & {"Cc", "Cs", "Zl", "Zp"}
    assert "s3cret-t0ken" not in text


def csv(body: bytes) -> None:
    """A CSV file."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "file.csv")
        path.write_bytes(body)
        file = CsvFile(path)
        count = 0
        for at, values in rows_of(file):
            count += 1
            assert math.isfinite(at)
            assert len(values) == len(file.columns)
            assert all(value is None or math.isfinite(value) for value in values)
        assert count == file.count


def archive(body: bytes) -> None:
    """A ZIP file: nothing of it leaves its folder, and none is larger than allowed."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        packed, files = root / "packed", root / "out" / "files"
        packed.write_bytes(body)
        files.mkdir(parents=True)
        if is_archive(packed):
            with suppress(ApiError):
                unpack(packed, files, most_bytes=MOST_UNPACKED, most_members=50)
        found = [one for one in root.rglob("*") if one != packed]
        assert not any(one.is_symlink() for one in found)
        assert all(files in one.parents for one in found if one not in {files, files.parent})
        assert sum(one.stat().st_size for one in found if one.is_file()) <= MOST_UNPACKED


TARGETS: Final[Mapping[str, Target]] = {
    "archive": archive,
    "csv": csv,
    "gridduck_assets": gridduck_assets,
    "gridduck_data_request": gridduck_data_request,
    "gridduck_hook": gridduck_hook,
    "gridduck_telemetry": gridduck_telemetry,
    "heimdall": heimdall,
    "problem": problem,
    "token": token,
}


def attack(name: str, body: bytes) -> None:
    """Feed bytes to a target; only errors that are documented are of no account.

    Raises:
        Exception: a defect.
    """
    with suppress(ApiError):
        TARGETS[name](body)
