"""Downloads of large amounts: what comes, what is waited for, and what is refused."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import errno
import io
from io import BytesIO
import json
from pathlib import Path
import stat
from typing import Any, override
from unittest.mock import patch
from zipfile import ZipFile, ZipInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.api import transport
from custom_components.gridduck_heimdall.api.gridduck import Granularity, TelemetryType
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.gridduck.data_request import TIMEOUT
from custom_components.gridduck_heimdall.gridduck.download import async_download
from simulator.faults import Fault
from simulator.gridduck.series import QUANTITIES, Window, series
from simulator.gridduck.settings import CsvStyle
from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.conftest import THREE_SITES, setup

from .support import entity_of, named

FILE = "^/download/"
LINK = "/link$"
LOOK = "^/data_request/[^/]+$"

END = datetime(2026, 11, 18, tzinfo=UTC)
START = END - timedelta(days=2)
CSV = "time,Lamp delivered (Wh)\n1795003200,1.5\n"


async def at_once(_seconds: float) -> None:
    """Wait for nothing."""


class Download:
    """Downloads for a test, at once unless told otherwise."""

    def __init__(self, account: GridDuckAccount, folder: Path) -> None:
        self.account = account
        self.folder = folder

    async def __call__(
        self,
        *asset_ids: str,
        granularity: Granularity = Granularity.HOUR,
        of_type: TelemetryType = TelemetryType.DELIVERED,
        **more: Any,
    ) -> dict[str, Any]:
        answer: dict[str, Any] = await async_download(
            self.account,
            asset_ids,
            START,
            END,
            granularity=granularity,
            type=of_type,
            **{"sleep": at_once} | more,
        )
        return answer

    async def fails(self, *asset_ids: str, **more: Any) -> HomeAssistantError:
        """Return how a download fails; nothing may be left of it."""
        before = self.left()
        with pytest.raises(HomeAssistantError) as caught:
            await self(*asset_ids, **more)
        assert self.left() <= before | {"gridduck-1234"}
        assert caught.value.translation_key
        return caught.value

    def left(self) -> set[str]:
        """Return all files and folders below the folder of the account."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}


@pytest.fixture
async def download(
    hass: HomeAssistant, account: GridDuckAccount, world: World, tmp_path: Path
) -> Download:
    """Return what downloads into a folder of the test."""
    hass.config.config_dir = str(tmp_path)
    world.data_request_seconds = 0
    return Download(account, tmp_path / DOMAIN)


def hours(world: World, asset_id: str, step: int = 3600) -> list[tuple[int, float]]:
    """Return what the simulated cloud knows of an asset's energy."""
    window = Window(int(START.timestamp()), int(END.timestamp()), step)
    asset = world.assets[asset_id]
    return list(series(asset, QUANTITIES["delivered"], "aggregate", window, END.timestamp()))


async def test_one_asset(
    hass: HomeAssistant, download: Download, simulator: Simulator, world: World, lamp: str
) -> None:
    answer = await download(lamp)
    (file,) = answer["files"]
    assert file == {
        "file": f"{lamp}.csv",
        "columns": ["Lamp delivered"],
        "rows": 48,
        "bad_rows": 0,
        "first": "2026-11-16T00:00:00+00:00",
        "last": "2026-11-17T23:00:00+00:00",
    }
    assert (answer["rows"], answer["bad_rows"]) == (48, 0)
    assert (answer["first"], answer["last"]) == (file["first"], file["last"])
    folder = Path(answer["folder"])
    assert folder == download.folder / "gridduck-1234" / answer["data_request"]
    lines = (folder / file["file"]).read_text().splitlines()[1:]
    assert [float(line.split(",")[1]) for line in lines] == [one for _, one in hours(world, lamp)]
    assert "statistics_written" not in answer
    (call,) = simulator.calls.list(path=FILE)
    assert "Authorization" not in call.headers
    assert download.left() == {
        "gridduck-1234",
        f"gridduck-1234/{folder.name}",
        f"gridduck-1234/{folder.name}/{lamp}.csv",
    }


async def test_a_link_into_the_own_network_is_refused(
    download: Download, simulator: Simulator, lamp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing on this machine is asked for a file, but the service itself if it is there."""
    other = simulator.heimdall.base_url + "/download/key/file.csv"
    simulator.faults.add(Fault(service="gridduck", path=LINK, kind="patch", patch={"url": other}))
    for _ in range(2):
        error = await download.fails(lamp)
        assert error.translation_key == "unexpected_answer"
        assert "leads to an address that is not public" in str(error)
        assert simulator.calls.count(path="/download/") == 0
        monkeypatch.setattr(transport, "is_loopback", lambda _host: False)


STYLES: tuple[dict[str, Any], ...] = (
    {"bom": True, "delimiter": ";", "newline": "\r\n"},
    {"unix_time": True, "blank_lines": True},
    {"quoted": True, "delimiter": "\t", "blank_lines": True},
    {"times": "start and end"},
    {"times": "date and time", "delimiter": ";"},
    {"bom": True, "quoted": True, "unix_time": True, "delimiter": ";", "newline": "\r"},
)


@pytest.mark.parametrize("several", [False, True])
async def test_styles(
    download: Download, world: World, lamp: str, several: bool, subtests: pytest.Subtests
) -> None:
    asked = [lamp, named(world, "Meeting room")] if several else [lamp]
    for style in STYLES:
        with subtests.test(str(style)):
            world.csv = replace(CsvStyle(), **style)
            answer = await download(*asked, granularity=Granularity.HALF_HOUR)
            assert (answer["rows"], answer["bad_rows"]) == (96, 0)
            assert answer["first"] == "2026-11-16T00:00:00+00:00"


@THREE_SITES
async def test_a_whole_site(download: Download, world: World, lamp: str) -> None:
    asked = world.ids(site_id=world.assets[lamp].site.id)
    answer = await download(*asked)
    assert len(answer["files"]) == len(asked) > 5
    assert answer["rows"] == sum(len(hours(world, asset_id)) for asset_id in asked)
    names = {one["file"] for one in answer["files"]}
    assert {f"gridduck-1234/{answer['data_request']}/{name}" for name in names} <= download.left()
    assert any(one["rows"] == 0 and one["first"] is None for one in answer["files"])


async def test_what_is_asked(download: Download, simulator: Simulator, lamp: str) -> None:
    await download(lamp, granularity=Granularity.DAY, of_type=TelemetryType.CONSUMPTION)
    (call,) = simulator.calls.list(path="^/data_request/$")
    assert call.body == {
        "asset_ids": [lamp],
        "from": int(START.timestamp()),
        "to": int(END.timestamp()),
        "granularity": "day",
        "type": "consumption",
    }


async def test_patience(
    download: Download,
    simulator: Simulator,
    world: World,
    freezer: FrozenDateTimeFactory,
    lamp: str,
) -> None:
    world.data_request_seconds = 90
    waited = list[float]()

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        freezer.tick(seconds)

    await download(lamp, sleep=wait)
    assert waited[:3] == [2, 3, 4.5]
    assert waited == sorted(waited)
    assert max(waited) == 30
    assert sum(waited) < 120
    assert simulator.calls.count(path=LOOK) == len(waited)


async def test_end_of_patience(download: Download, world: World, lamp: str) -> None:
    world.data_request_seconds = 7200
    waited = list[float]()

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    error = await download.fails(lamp, sleep=wait)
    assert error.translation_key == "data_request_too_slow"
    assert TIMEOUT - 30 < sum(waited) <= TIMEOUT


async def test_a_look_that_fails(
    download: Download, simulator: Simulator, world: World, lamp: str
) -> None:
    world.data_request_seconds = 1e-9
    simulator.faults.add(
        Fault(service="gridduck", path=LOOK, status=429, count=4, headers={"Retry-After": "77"})
    )
    simulator.faults.add(Fault(service="gridduck", path=LOOK, kind="refuse", count=8))
    waited = list[float]()

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        if not simulator.faults.all():
            world.data_request_seconds = 0

    with pytest.raises(HomeAssistantError) as caught:
        await download(lamp, sleep=wait)
    assert caught.value.translation_key == "data_request_too_slow"
    assert 77 in waited
    assert not simulator.faults.all()


async def test_failed_request(download: Download, world: World, lamp: str) -> None:
    world.data_requests_fail = True
    error = await download.fails(lamp)
    assert error.translation_key == "data_request_failed"


@pytest.mark.english
@pytest.mark.parametrize("endpoint", ["data_request_create", "data_request", "data_request_link"])
async def test_not_offered(
    download: Download, world: World, freezer: FrozenDateTimeFactory, lamp: str, endpoint: str
) -> None:
    world.endpoints_missing = {endpoint}
    world.data_request_seconds = 1

    async def wait(seconds: float) -> None:
        freezer.tick(seconds)

    error = await download.fails(lamp, sleep=wait)
    assert error.translation_key == "feature_unavailable"
    assert error.translation_placeholders is not None
    assert "data download" in str(error)
    assert error.translation_placeholders["error"] == "127.0.0.1 has nothing there"


async def test_expired_link(
    download: Download, simulator: Simulator, world: World, lamp: str
) -> None:
    world.link_lifetime = 0
    error = await download.fails(lamp)
    assert error.translation_key == "download_link_refused"
    assert simulator.calls.count(path=LINK) == 2


async def test_a_new_link_helps(
    download: Download, simulator: Simulator, lamp: str, subtests: pytest.Subtests
) -> None:
    for status in (400, 401, 403, 404, 410):
        with subtests.test(str(status)):
            simulator.calls.clear()
            simulator.faults.add(Fault(service="gridduck", path=FILE, status=status))
            assert (await download(lamp))["rows"] == 48
            assert simulator.calls.count(path=LINK) == 2
            assert not download.account.hass.config_entries.flow.async_progress()


async def test_a_link_that_leads_elsewhere(
    download: Download, simulator: Simulator, lamp: str, subtests: pytest.Subtests
) -> None:
    for url in (
        "http://example.com/file",
        "file:///etc/passwd",
        "https://files..example.com/file",
        "https://xn--a/file",
        f"https://{'a' * 64}.example.com/file",
        7,
        None,
    ):
        with subtests.test(str(url)):
            simulator.faults.clear()
            simulator.faults.add(
                Fault(service="gridduck", path=LINK, kind="patch", patch={"url": url})
            )
            error = await download.fails(lamp)
            assert error.translation_key == "feature_unavailable"


BROKEN: tuple[tuple[dict[str, Any], str], ...] = (
    ({"kind": "cut"}, "connection_failed"),
    ({"kind": "refuse"}, "connection_failed"),
    ({"kind": "truncate"}, "unexpected_answer"),
    ({"kind": "html"}, "unexpected_answer"),
    ({"kind": "empty"}, "unexpected_answer"),
    ({"kind": "malformed"}, "unexpected_answer"),
    ({"kind": "redirect"}, "unexpected_answer"),
    ({"status": 500}, "server_error"),
    ({"status": 429}, "rate_limited"),
)


@pytest.mark.parametrize("several", [False, True])
async def test_broken_file(
    download: Download,
    simulator: Simulator,
    world: World,
    lamp: str,
    several: bool,
    subtests: pytest.Subtests,
) -> None:
    asked = [lamp, named(world, "Meeting room")] if several else [lamp]
    for fault, key in BROKEN:
        with subtests.test(str(fault)):
            simulator.faults.clear()
            simulator.faults.add(Fault(service="gridduck", path=FILE, count=None, **fault))
            error = await download.fails(*asked)
            assert error.translation_key == key


def archive(*members: tuple[str | ZipInfo, str | bytes]) -> bytes:
    """Return a ZIP."""
    packed = io.BytesIO()
    with ZipFile(packed, "w") as file:
        for name, content in members:
            file.writestr(name, content)
    return packed.getvalue()


def link(name: str, target: str) -> tuple[ZipInfo, str]:
    """Return a symbolic link as a member."""
    member = ZipInfo(name)
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member, target


async def test_hostile_archive(
    download: Download, simulator: Simulator, lamp: str, subtests: pytest.Subtests
) -> None:
    for name, content in {
        "upwards": archive(("lamp.csv", CSV), ("../../evil.csv", CSV)),
        "absolute": archive(("/tmp/evil.csv", CSV)),  # noqa: S108 - not to be written
        "link": archive(("lamp.csv", CSV), link("way.csv", "/etc/passwd")),
        "crowd": archive(*((f"{number}.csv", CSV) for number in range(1001))),
        "one bad": archive(("lamp.csv", CSV), ("other.csv", "no header")),
        "one cut": archive(("lamp.csv", CSV), ("other.csv", CSV + "17950")),
        "truncated": archive(("lamp.csv", CSV))[:-10],
        "empty": archive(),
    }.items():
        with subtests.test(name):
            simulator.faults.clear()
            simulator.faults.add(Fault(service="gridduck", path=FILE, status=200, body=content))
            error = await download.fails(lamp)
            assert error.translation_key == "unexpected_answer"


@pytest.mark.english
async def test_larger_than_allowed(
    download: Download,
    simulator: Simulator,
    lamp: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "custom_components.gridduck_heimdall.gridduck.download_files.MOST_BYTES", 3_000_000
    )
    simulator.faults.add(
        Fault(service="gridduck", path=FILE, kind="gzip_bomb", size=8_000_000, count=None)
    )
    error = await download.fails(lamp)
    assert error.translation_placeholders is not None
    assert "more than 3000000 bytes" in error.translation_placeholders["error"]


async def test_foreign_names_become_plain(
    download: Download, simulator: Simulator, lamp: str
) -> None:
    simulator.faults.add(
        Fault(service="gridduck", path="^/data_request/$", kind="patch", patch={"id": "../../x"})
    )
    simulator.faults.add(
        Fault(
            service="gridduck",
            path=r"data_request/..%2F..%2Fx$",
            status=200,
            body='{"id": "../../x", "status": "ready"}',
        )
    )
    simulator.faults.add(
        Fault(
            service="gridduck",
            path=r"data_request/.*/link$",
            status=200,
            body=f'{{"url": "{simulator.gridduck.base_url}/download/a/b"}}',
        )
    )
    simulator.faults.add(Fault(service="gridduck", path=FILE, status=200, body=CSV))

    answer = await download(lamp)
    assert Path(answer["folder"]) == download.folder / "gridduck-1234" / "x"


async def test_the_same_name_twice(download: Download, simulator: Simulator, lamp: str) -> None:
    first = Path((await download(lamp))["folder"])
    simulator.faults.add(
        Fault(
            service="gridduck",
            path="^/data_request/$",
            kind="patch",
            patch={"id": first.name, "status": "ready"},
        )
    )
    second = Path((await download(lamp))["folder"])
    assert second.name == f"{first.name}-2"
    assert (first / f"{lamp}.csv").exists()


async def test_what_an_earlier_run_left_is_removed(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, tmp_path: Path
) -> None:
    """When the integration is set up: of all accounts, and nothing else."""
    hass.config.config_dir = str(tmp_path)
    mine, theirs = (tmp_path / DOMAIN / name for name in ("gridduck-1234", "of-another"))
    left = [one / ".partial-0123abcd-x1_y" for one in (mine, theirs)]
    other = [mine / ".partial-notes", mine / "0123abcd", tmp_path / ".partial-0123abcd-x"]
    for folder in (*left, *other):
        folder.mkdir(parents=True)
        (folder / "received").write_text("half of it")
    link = mine / ".partial-0123abcd-link"
    link.symlink_to(other[0])
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not any(folder.exists() for folder in left)
    assert all((folder / "received").exists() for folder in other)


@pytest.mark.english
async def test_the_disk_is_full(download: Download, lamp: str) -> None:
    """The action fails with that error, and nothing of the file stays."""
    full = OSError(errno.ENOSPC, "No space left on device")
    for where in ("write", "close"):
        with patch.object(Path, "open", lambda *_, at=where: FullDisk(at, full)):
            error = await download.fails(lamp)
        assert error.translation_key == "download_not_saved"
        assert error.translation_placeholders == {"error": "the disk is full"}


class FullDisk(BytesIO):
    """A file that has no room, which is noticed when it is written or when it is closed."""

    def __init__(self, where: str, error: OSError) -> None:
        super().__init__()
        self._where, self._error = where, error

    @override
    def write(self, data: object, /) -> int:
        if self._where == "write":
            raise self._error
        return 0

    @override
    def close(self) -> None:
        super().close()
        if self._where == "close":
            raise self._error


@pytest.mark.english
async def test_no_room(download: Download, lamp: str) -> None:
    download.folder.write_text("in the way")
    error = await download.fails(lamp)
    assert error.translation_key == "download_not_saved"
    assert error.translation_placeholders == {"error": "error ENOTDIR"}


async def test_cancelled(
    download: Download, simulator: Simulator, freezer: FrozenDateTimeFactory, lamp: str
) -> None:
    simulator.faults.add(Fault(service="gridduck", path=FILE, kind="slow_body", delay=20))
    task = asyncio.ensure_future(download(lamp))
    for _ in range(100_000):
        await asyncio.sleep(0)
        if any("received" in name for name in download.left()):
            break
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert download.left() == {"gridduck-1234"}
    for _ in range(100):
        # So that the simulator comes to its end, too.
        freezer.tick(1)
        await asyncio.sleep(0)


async def test_unknown_asset(download: Download, simulator: Simulator, lamp: str) -> None:
    for asked in ((lamp, "no-such-asset"), ()):
        error = await download.fails(*asked)
        assert isinstance(error, ServiceValidationError)
        assert error.translation_key == "asset_not_found"
    assert not simulator.calls.list(path="data_request")


async def test_the_action(
    hass: HomeAssistant, download: Download, simulator: Simulator, lamp: str
) -> None:
    simulator.faults.add(
        Fault(service="gridduck", path="^/data_request/$", kind="patch", patch={"status": "ready"})
    )
    answer = await hass.services.async_call(
        DOMAIN,
        "download_data",
        {
            "entity_id": entity_of(hass, Platform.SENSOR, lamp, "energy"),
            "start": START.isoformat(),
            "end": END.isoformat(),
        },
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    assert answer["rows"] == 48
    assert answer == json.loads(json.dumps(answer))


async def test_import_without_a_recorder(
    download: Download, simulator: Simulator, lamp: str
) -> None:
    error = await download.fails(lamp, import_statistics=True)
    assert error.translation_key == "recorder_not_loaded"
    assert not simulator.calls.list(path="data_request")


async def test_two_at_once(download: Download, world: World, lamp: str) -> None:
    answers = await asyncio.gather(download(lamp), download(named(world, "Meeting room")))
    assert len({answer["folder"] for answer in answers}) == 2
    for answer in answers:
        assert f"gridduck-1234/{answer['data_request']}" in download.left()
