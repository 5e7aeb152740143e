"""Nothing is switched off of which no record can be kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError

from custom_components.gridduck_heimdall.core.storage import RETRY_AFTER
from custom_components.gridduck_heimdall.shedding.record import FILE
from tests.repairs import own

from .yard import AT_ONCE, Yard, names


@contextmanager
def disk_full() -> Iterator[None]:
    """Let nothing of shedding be written."""
    write = Store._async_write_data

    async def fail(store: Store[Any], data: dict[str, Any]) -> None:
        if store.key == FILE:
            raise WriteError("[Errno 28] No space left on device")
        await write(store, data)

    with patch.object(Store, "_async_write_data", fail):
        yield


async def test_shed(yard: Yard, hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    with disk_full():
        answer = await yard.shed(power=1e9)
        assert not answer["shed"]
        assert not answer["goal"]["reached"]
        assert {one["reason"] for one in answer["passed_over"]} >= {"failed"}
        assert "No space left" in str(answer["passed_over"])
        assert not yard.puts()
        assert own(hass) == {"storage_write_failed"}
    answer = await yard.shed(power=1e9)
    assert sorted(yard.stored(hass_storage)) == sorted(
        shed.asset_id for shed in yard.shedding.sheds
    )
    assert answer["shed"]
    assert not own(hass)


async def test_restored(yard: Yard, hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    """What was shed comes back all the same, and its record goes once there is room again."""
    await yard.shed(yard.charger, power=1)
    with disk_full():
        answer = await yard.restore(interval=AT_ONCE)
        assert names(answer["restored"]) == ["Charger"]
        assert own(hass) == {"storage_write_failed"}
    await yard.wait(RETRY_AFTER + 1)
    assert not yard.stored(hass_storage)
    assert not own(hass)
