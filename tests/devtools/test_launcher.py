"""Ports, the folder, child processes and the log of what devtools launches."""

import asyncio
from contextlib import closing, suppress
import os
from pathlib import Path
import socket
import sys
from zipfile import ZipFile

import msgspec
import pytest

from devtools import folder, ports
from devtools.log import complaints
from devtools.process import child
from devtools.settings import DOMAIN, HOST, PACKAGE, ROOT, LaunchError, Ports

LOG = """\
2026-11-22 01:00:00.000+00:00 WARNING (SyncWorker_0) [homeassistant.loader] We found a custom \
integration gridduck_heimdall which has not been tested by Home Assistant.
2026-11-22 01:00:01.000+00:00 ERROR (MainThread) [homeassistant.components.ffmpeg] No ffmpeg
2026-11-22 01:00:02.000+00:00 INFO (MainThread) [custom_components.gridduck_heimdall] Back again
"""
TRACEBACK = """\
2026-11-22 01:00:03.000+00:00 ERROR (MainThread) [homeassistant] Error doing job
Traceback (most recent call last):
  File "custom_components/gridduck_heimdall/sensor.py", line 1, in native_value
ValueError
"""


def test_log_without_complaints(tmp_path: Path) -> None:
    """What is said of every custom integration, and of other integrations, does not count."""
    log = tmp_path / "home-assistant.log"
    log.write_text(LOG)
    assert complaints(log) == []


def test_log_with_a_traceback(tmp_path: Path) -> None:
    """A traceback through the integration counts, whoever logged it."""
    log = tmp_path / "home-assistant.log"
    log.write_text(LOG + TRACEBACK)
    assert complaints(log) == [TRACEBACK.strip()]


def test_ports_are_kept(tmp_path: Path, socket_enabled: None) -> None:
    """A second start uses the same ports, as the accounts hold the addresses."""
    first = ports.free_ports()
    ports.store_ports(tmp_path, first)
    assert ports.reusable_ports(tmp_path) == first


def test_a_port_of_a_cloud_is_taken(tmp_path: Path, socket_enabled: None) -> None:
    """The accounts cannot move, so the demo starts over."""
    first = ports.free_ports()
    ports.store_ports(tmp_path, first)
    with closing(socket.create_server((HOST, first.heimdall))):
        assert ports.reusable_ports(tmp_path) is None


def test_the_port_of_home_assistant_is_taken(tmp_path: Path, socket_enabled: None) -> None:
    """Home Assistant itself can move."""
    first = ports.free_ports()
    ports.store_ports(tmp_path, first)
    with closing(socket.create_server((HOST, first.hass))):
        again = ports.reusable_ports(tmp_path)
    assert again is not None
    assert again.hass != first.hass
    assert (again.gridduck, again.heimdall) == (first.gridduck, first.heimdall)


@pytest.mark.parametrize("content", [None, b"", b'{"hass": 1}'])
def test_no_usable_ports(tmp_path: Path, content: bytes | None) -> None:
    """Without a former start, or with a broken one, there is nothing to reuse."""
    if content is not None:
        (tmp_path / "ports.json").write_bytes(content)
    assert ports.read_ports(tmp_path) is None


def test_folder(tmp_path: Path) -> None:
    """Home Assistant finds the integration, and listens on loopback only."""
    folder.prepare(tmp_path, 8123)
    assert (tmp_path / "custom_components" / DOMAIN / "manifest.json").exists()
    stored = msgspec.json.decode((tmp_path / ".storage" / "http").read_bytes())
    assert stored["data"]["stable"]["server_host"] == [HOST]
    assert stored["data"]["stable"]["server_port"] == 8123
    assert stored["data"]["yaml_migration_done"] is True


def test_folder_keeps_what_a_user_changed(tmp_path: Path) -> None:
    """Only the port is written again."""
    folder.prepare(tmp_path, 8123)
    (tmp_path / "automations.yaml").write_text("# mine\n")
    folder.prepare(tmp_path, 8124)
    assert (tmp_path / "automations.yaml").read_text() == "# mine\n"
    stored = msgspec.json.decode((tmp_path / ".storage" / "http").read_bytes())
    assert stored["data"]["stable"]["server_port"] == 8124


def test_folder_with_the_zip_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release is tried as a user installs it; without it, the source is back."""
    package = tmp_path / "package.zip"
    with ZipFile(package, "w") as archive:
        archive.writestr("manifest.json", "{}")
    config = tmp_path / "config"
    folder.prepare(config, 8123)
    with monkeypatch.context() as patch:
        patch.setenv(PACKAGE, str(package))
        folder.prepare(config, 8123)
    integration = config / "custom_components" / DOMAIN
    assert [path.name for path in integration.iterdir()] == ["manifest.json"]
    assert (ROOT / "custom_components" / DOMAIN / "const.py").exists()
    folder.prepare(config, 8123)
    assert (integration / "const.py").exists()


def test_one_demo_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two would write over each other."""
    monkeypatch.setattr(folder, "ROOT", tmp_path)
    demo = tmp_path / "demo"
    with (
        folder.claimed(demo),
        pytest.raises(LaunchError, match="Another demo"),
        folder.claimed(demo),
    ):
        pytest.fail("It was let in")
    with folder.claimed(demo):
        pass


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits for its parent does not."""
    with suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    return False


async def test_nothing_of_a_child_is_left(tmp_path: Path) -> None:
    """What a child has started ends with it, also where it does not listen."""
    pids = tmp_path / "pids"
    script = "trap '' TERM; sleep 60 & echo $! $$ >new; mv new pids; while :; do sleep 60; done"
    command = ["/bin/bash", "-c", script]
    async with child(command, directory=tmp_path, log=tmp_path / "log", grace=0.2):
        while not pids.exists():  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.01)
    async with asyncio.timeout(5):
        # The kernel ends them soon after the signal, not with it.
        while any(is_alive(int(pid)) for pid in pids.read_text().split()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_child_that_answers(tmp_path: Path) -> None:
    """What it prints can be read."""
    command = [sys.executable, "-c", "print('ready')"]
    async with child(command, directory=tmp_path, log=tmp_path / "log", answers=True) as process:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"


def test_ports_differ(socket_enabled: None) -> None:
    """No two servers get the same port."""
    found = ports.free_ports()
    assert isinstance(found, Ports)
    assert len({found.hass, found.gridduck, found.heimdall}) == 3
