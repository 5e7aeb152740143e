"""The data archive of an account: data requests are listed, shared by a link and deleted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.gridduck_heimdall.api.gridduck import Granularity, TelemetryType
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.inclusion import CONF_INCLUDE
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.gridduck.download import async_download
from simulator.faults import Fault
from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.conftest import THREE_SITES, ask, setup

from .support import named

END = datetime(2026, 11, 18, 12, tzinfo=UTC)
START = END - timedelta(days=1)
LIST = r"^/data_request/(\?|$)"
DELETE = "^/data_request/[^/?]+$"
LINK = "/link$"


class Archive:
    """The three actions, for one account."""

    def __init__(self, hass: HomeAssistant, account: GridDuckAccount) -> None:
        self.hass = hass
        self.account = account
        self.entry_id = account.entry.entry_id

    async def order(self, *asset_ids: str) -> str:
        """Make a data request, and return its id."""
        made = await self.account.client.async_create_data_request(
            asset_ids, TelemetryType.DELIVERED, START, END, Granularity.HOUR
        )
        return made.id

    async def list(self) -> list[dict[str, Any]]:
        """Return the data requests of a list that is complete."""
        answer = await ask(self.hass, "list_data_requests", config_entry_id=self.entry_id)
        assert answer["complete"]
        found: list[dict[str, Any]] = answer["data_requests"]
        return found

    async def link(self, request_id: str, **more: object) -> dict[str, Any]:
        return await ask(
            self.hass,
            "get_data_request_link",
            config_entry_id=self.entry_id,
            data_request=request_id,
            **more,
        )

    async def delete(self, request_id: str) -> None:
        await self.hass.services.async_call(
            DOMAIN,
            "delete_data_request",
            {"config_entry_id": self.entry_id, "data_request": request_id},
            blocking=True,
        )

    async def refusals(self, request_id: str) -> set[str | None]:
        """Return how a link and a deletion are refused."""
        found = set[str | None]()
        for call in (self.link, self.delete):
            with pytest.raises(HomeAssistantError) as caught:
                await call(request_id)
            found.add(caught.value.translation_key)
        return found


@pytest.fixture
def archive(hass: HomeAssistant, account: GridDuckAccount, world: World) -> Archive:
    world.data_request_seconds = 0
    return Archive(hass, account)


async def status_of(url: str) -> int:
    """Return how a link is answered."""
    async with ClientSession() as session, session.get(url) as response:
        return response.status


async def test_a_list(archive: Archive, world: World, lamp: str) -> None:
    """Each has its status and parameters, and the assets their names and devices."""
    assert await archive.list() == []
    request_id = await archive.order(lamp)
    (found,) = await archive.list()
    device = archive.account.device_of(lamp)
    assert device is not None
    assert found == {
        "data_request": request_id,
        "status": "ready",
        "created": "2026-11-18T18:00:00+00:00",
        "start": START.isoformat(),
        "end": END.isoformat(),
        "type": "delivered",
        "granularity": "hour",
        "assets": [{"id": lamp, "name": "Lamp", "device_id": device.id}],
    }


async def test_a_list_of_many_pages(archive: Archive, world: World, lamp: str) -> None:
    world.max_limit = 2
    made = [await archive.order(lamp) for _ in range(5)]
    assert [one["data_request"] for one in await archive.list()] == made


async def test_a_list_that_says_little(archive: Archive, simulator: Simulator, lamp: str) -> None:
    """What is missing or makes no sense is left empty; the rest shows."""
    await archive.order(lamp)
    bare: list[tuple[str, object]] = [
        ("/results/0/created", None),
        ("/results/0/asset_ids", 5),
        ("/results/0/from", {}),
        ("/results/0/granularity", "fort\nnight"),
        ("/results/0/status", "archived"),
    ]
    simulator.faults.add(Fault(service="gridduck", path=LIST, kind="patch", patch=bare))
    (found,) = await archive.list()
    assert found["created"] is None
    assert found["start"] is None
    assert found["assets"] == []
    assert found["granularity"] == "fort night"
    assert found["status"] == "processing"


@THREE_SITES
async def test_assets_that_home_assistant_does_not_have(
    hass: HomeAssistant, archive: Archive, world: World, lamp: str
) -> None:
    """A data request of a site that is left out is listed without its names and devices."""
    await archive.order(lamp)
    entry = archive.account.entry
    other = next(one.site.id for one in world.assets.values() if one.site is not _site(world, lamp))
    hass.config_entries.async_update_entry(entry, options={CONF_INCLUDE: [other]})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    (found,) = await archive.list()
    assert found["assets"] == [{"id": lamp, "name": None, "device_id": None}]


def _site(world: World, asset_id: str) -> object:
    return world.assets[asset_id].site


async def test_a_link_that_expires(
    archive: Archive,
    simulator: Simulator,
    world: World,
    lamp: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It works without a token until it expires; it is in no log."""
    caplog.set_level("DEBUG", logger="custom_components.gridduck_heimdall")
    request_id = await archive.order(lamp)
    answer = await archive.link(request_id, expires_in={"minutes": 10})
    assert answer["data_request"] == request_id
    assert answer["expires"] == "2026-11-18T18:10:00+00:00"
    assert answer["url"] not in caplog.text
    assert answer["url"].rpartition("/")[0].rpartition("/")[2] not in caplog.text
    assert await status_of(answer["url"]) == 200
    simulator.clock.advance(599)
    assert await status_of(answer["url"]) == 200
    simulator.clock.advance(1)
    assert await status_of(answer["url"]) == 403
    # And again: another link, which works.
    assert await status_of((await archive.link(request_id))["url"]) == 200


async def test_a_link_for_less_than_was_asked_for(
    archive: Archive, world: World, lamp: str
) -> None:
    world.longest_link = 60
    answer = await archive.link(await archive.order(lamp), expires_in={"days": 7})
    assert answer["expires"] == "2026-11-18T18:01:00+00:00"


async def test_a_deletion(archive: Archive, lamp: str) -> None:
    """It is gone from the list, and its links with it."""
    gone, kept = await archive.order(lamp), await archive.order(lamp)
    url = (await archive.link(gone))["url"]
    await archive.delete(gone)
    assert [one["data_request"] for one in await archive.list()] == [kept]
    assert await status_of(url) == 404
    assert await archive.refusals(gone) == {"data_request_not_found"}
    assert not archive.account.client.offered.missing


async def test_an_unknown_id(archive: Archive) -> None:
    assert await archive.refusals("no-such") == {"data_request_not_found"}
    assert not archive.account.client.offered.missing


async def test_one_that_is_still_prepared(archive: Archive, world: World, lamp: str) -> None:
    world.data_request_seconds = 90
    assert await archive.refusals(await archive.order(lamp)) == {"data_request_not_ready"}
    assert not archive.account.client.offered.missing


@pytest.mark.parametrize("status", [403, 404, 409, 422])
async def test_one_that_is_refused(
    archive: Archive, simulator: Simulator, lamp: str, status: int
) -> None:
    """The list has it, so that not the feature is missing."""
    request_id = await archive.order(lamp)
    for path, method in ((LINK, "POST"), (DELETE, "DELETE")):
        simulator.faults.add(
            Fault(service="gridduck", path=path, method=method, status=status, count=None)
        )
    assert await archive.refusals(request_id) == {"data_request_refused"}
    assert not archive.account.client.offered.missing


async def test_a_server_without_a_data_archive(archive: Archive, world: World, lamp: str) -> None:
    """It costs that feature alone: data can still be downloaded."""
    world.endpoints_missing |= {"data_request_list", "data_request_delete", "data_request_link"}
    request_id = await archive.order(lamp)
    assert await archive.refusals(request_id) == {"feature_unavailable"}
    with pytest.raises(HomeAssistantError) as caught:
        await archive.list()
    assert caught.value.translation_key == "feature_unavailable"
    assert set(archive.account.client.offered.missing) == {"data archive"}


@pytest.mark.parametrize(("status", "key"), [(429, "rate_limited"), (500, "server_error")])
async def test_a_server_in_trouble(
    archive: Archive, simulator: Simulator, lamp: str, status: int, key: str
) -> None:
    request_id = await archive.order(lamp)
    fault = Fault(service="gridduck", path="^/data_request/", status=status, count=None)
    simulator.faults.add(fault)
    found = await archive.refusals(request_id)
    assert found <= {key, "server_error_pause"}
    simulator.faults.clear()
    simulator.calls.clear()
    simulator.faults.add(
        Fault(service="gridduck", path=DELETE, method="DELETE", status=500, count=1)
    )
    with pytest.raises(HomeAssistantError):
        await archive.delete(request_id)
    # A deletion is not repeated: it may have worked.
    assert simulator.calls.count(path=DELETE) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"data_request": ".."},
        {"data_request": ""},
        {"expires_in": {"seconds": 59}},
        {"expires_in": {"days": 8}},
        {"device_id": "x"},
    ],
)
async def test_what_cannot_be_asked_for(
    archive: Archive, simulator: Simulator, more: dict[str, object]
) -> None:
    simulator.calls.clear()
    with pytest.raises((vol.Invalid, ServiceValidationError)):
        await ask(
            archive.hass,
            "get_data_request_link",
            **{"config_entry_id": archive.entry_id, "data_request": "x", **more},
        )
    assert not simulator.calls.count(path="/data_request")


async def test_which_account(
    hass: HomeAssistant, archive: Archive, heimdall_entry: MockConfigEntry
) -> None:
    """It has to be one of GridDuck, and in use."""
    await setup(hass, heimdall_entry)
    await hass.config_entries.async_unload(archive.entry_id)
    keys = []
    for entry_id in (heimdall_entry.entry_id, archive.entry_id, "unknown"):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(hass, "list_data_requests", config_entry_id=entry_id)
        keys.append(caught.value.translation_key)
    assert keys == [
        "no_data_requests",
        "service_config_entry_not_loaded",
        "service_config_entry_not_found",
    ]


async def test_administrators_only(
    hass: HomeAssistant, archive: Archive, hass_read_only_user: MockUser, lamp: str
) -> None:
    """Data requests are of the whole account, whatever a user may see of it."""
    request_id = await archive.order(lamp)
    one = {"config_entry_id": archive.entry_id, "data_request": request_id}
    for action, data in (
        ("list_data_requests", {"config_entry_id": archive.entry_id}),
        ("get_data_request_link", one),
        ("delete_data_request", one),
    ):
        with pytest.raises(Unauthorized):
            await hass.services.async_call(
                DOMAIN,
                action,
                data,
                blocking=True,
                context=Context(user_id=hass_read_only_user.id),
                return_response=action != "delete_data_request",
            )
    assert len(await archive.list()) == 1


async def at_once(_seconds: float) -> None:
    """Wait for nothing."""


async def download(account: GridDuckAccount, lamp: str, **more: bool) -> dict[str, Any]:
    answer: dict[str, Any] = await async_download(
        account,
        [lamp],
        START,
        END,
        granularity=Granularity.HOUR,
        type=TelemetryType.DELIVERED,
        sleep=at_once,
        **more,
    )
    return answer


async def test_nothing_is_deleted_that_is_not_imported(
    hass: HomeAssistant, archive: Archive, lamp: str
) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await download(archive.account, lamp, delete_after_import=True)
    assert caught.value.translation_key == "delete_needs_import"
    assert await archive.list() == []


@pytest.mark.usefixtures("recorder_mock")
@pytest.mark.parametrize("refused", [False, True])
async def test_downloads_that_are_deleted_after_the_import(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    world: World,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    *,
    refused: bool,
) -> None:
    """The files and the data request go; where GridDuck refuses that, the import counts."""
    hass.config.config_dir = str(tmp_path)
    world.data_request_seconds = 0
    await setup(hass, gridduck_entry)
    archive, lamp = Archive(hass, gridduck_entry.runtime_data), named(world, "Lamp")
    if refused:
        simulator.faults.add(
            Fault(service="gridduck", path=DELETE, method="DELETE", status=403, count=None)
        )
    answer = await download(archive.account, lamp, import_statistics=True, delete_after_import=True)
    assert answer["statistics_written"]
    assert answer["folder"] is None
    assert answer["files"][0]["rows"] == 24
    assert answer["data_request_deleted"] is not refused
    assert len(await archive.list()) == refused
    assert not [path for path in (tmp_path / DOMAIN).rglob("*") if path.is_file()]
    assert ("a data request was not deleted" in caplog.text) is refused
