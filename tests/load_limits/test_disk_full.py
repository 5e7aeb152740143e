"""Nothing is switched off of which no record can be kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.util.file import WriteError
import pytest
from pytest_homeassistant_custom_component.common import mock_storage

from custom_components.gridduck_heimdall.core.storage import RETRY_DELAY
from custom_components.gridduck_heimdall.load_limits.record import FILE
from tests.repairs import own

from .yard import AT_ONCE, Yard, names


class Disk(dict[str, Any]):
    """What is written to `.storage`, by file; nothing of shedding while it is full.

    Attributes:
        full: whether there is no room.
    """

    full = False

    @override
    def __setitem__(self, file: str, content: Any) -> None:
        if self.full and file == FILE:
            raise WriteError("[Errno 28] No space left on device")
        super().__setitem__(file, content)


@pytest.fixture
def hass_storage() -> Iterator[Disk]:
    with mock_storage(disk := Disk()):
        yield disk


@contextmanager
def full(disk: Disk) -> Iterator[None]:
    """Leave no room on a disk for a while."""
    disk.full = True
    yield
    disk.full = False


async def test_shed(yard: Yard, hass: HomeAssistant, hass_storage: Disk) -> None:
    with full(hass_storage):
        answer = await yard.shed(power=1e9)
        assert not answer["shed"]
        assert not answer["goal"]["reached"]
        assert {one["reason"] for one in answer["passed_over"]} >= {"failed"}
        assert "No space left" in str(answer["passed_over"])
        assert not yard.puts()
        assert own(hass) == {"storage_write_failed"}
    answer = await yard.shed(power=1e9)
    assert sorted(yard.stored(hass_storage)) == sorted(
        shed.asset_id for shed in yard.requests.curtailed
    )
    assert answer["shed"]
    assert not own(hass)


async def test_restored(yard: Yard, hass: HomeAssistant, hass_storage: Disk) -> None:
    """What was shed comes back all the same, and its record goes once there is room again."""
    await yard.shed(yard.charger, power=1)
    with full(hass_storage):
        answer = await yard.restore(interval=AT_ONCE)
        assert names(answer["restored"]) == ["Charger"]
        assert own(hass) == {"storage_write_failed"}
    await yard.wait(RETRY_DELAY + 1)
    assert not yard.stored(hass_storage)
    assert not own(hass)
