"""The actions that ask for the past, or import it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import get_instance
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck import download
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import ask, first_device as device, setup

NOW = datetime(2026, 11, 18, 18, 30, tzinfo=UTC)
DAY_AGO = {"start": (NOW - timedelta(days=1)).isoformat(), "end": NOW.isoformat()}


@pytest.fixture(autouse=True)
def evening(freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock."""
    freezer.move_to(NOW)


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world, whose history is imported quickly."""
    return Options(sites=1, assets=3, lines=1)


async def test_get_history(hass: HomeAssistant, lines: MockConfigEntry) -> None:
    answer = await ask(
        hass, "get_history", device_id=device(hass, lines, "line"), kind="dlr", **DAY_AGO
    )
    rated = answer["dlr"]
    assert rated["unit"] == "Ampere"
    times = [datetime.fromisoformat(one["timestamp"]) for one in rated["heimdall_dlrs"]]
    assert times == [NOW - timedelta(minutes=5 * count) for count in range(288, -1, -1)]
    assert all(one["value"] > 0 for one in rated["heimdall_dlrs"])


async def test_get_telemetry(hass: HomeAssistant, account: MockConfigEntry) -> None:
    answer = await ask(
        hass, "get_telemetry", device_id=device(hass, account, "asset"), kind="energy", **DAY_AGO
    )
    assert answer["unit"] == "kWh"
    assert len(answer["points"]) >= 24


async def test_get_telemetry_of_what_is_no_asset(
    hass: HomeAssistant, account: MockConfigEntry, lines: MockConfigEntry
) -> None:
    for device_id in (device(hass, account, "site"), device(hass, lines, "line")):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(hass, "get_telemetry", device_id=device_id, kind="energy", **DAY_AGO)
        assert caught.value.translation_key == "not_an_asset"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (NOW, NOW - timedelta(hours=1)),
        (NOW + timedelta(hours=1), NOW + timedelta(hours=2)),
        (NOW, NOW),
    ],
)
async def test_an_empty_range(
    hass: HomeAssistant, account: MockConfigEntry, start: datetime, end: datetime
) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await ask(
            hass,
            "get_telemetry",
            device_id=device(hass, account, "asset"),
            kind="energy",
            start=start.isoformat(),
            end=end.isoformat(),
        )
    assert caught.value.translation_key == "empty_range"


async def test_a_time_without_a_zone_is_local(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator
) -> None:
    """And a range without an end goes on until now."""
    await hass.config.async_set_time_zone("America/New_York")
    simulator.calls.clear()
    await ask(
        hass,
        "get_telemetry",
        device_id=device(hass, account, "asset"),
        kind="energy",
        start="2026-11-18 10:00:00",
    )
    starts = [int(call.query["from"]) for call in simulator.calls.list(path="/aggregate")]
    assert min(starts) == datetime(2026, 11, 18, 15, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("kind", ["asset", "site"])
async def test_download_data(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: Simulator,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """What a site holds is downloaded with the site."""

    async def at_once(_seconds: float) -> None:
        """Take the place of `asyncio.sleep`."""

    defaults = download.async_download.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "sleep", at_once)
    hass.config.config_dir = str(tmp_path)
    simulator.gridduck.world.data_request_seconds = 0
    named = [device(hass, account, kind), "gone"]
    answer = await ask(hass, "download_data", device_id=named, **DAY_AGO)
    assert answer["files"]
    assert answer["rows"]
    (passed,) = answer["passed_over"]
    assert (passed["name"], passed["reason"]) == ("gone", "missing")


async def test_download_from_one_account_at_a_time(
    hass: HomeAssistant, account: MockConfigEntry, lines: MockConfigEntry, simulator: Simulator
) -> None:
    cloud = simulator.gridduck
    cloud.world.add_application("second", "second-secret", 77)
    other = MockConfigEntry(
        domain=DOMAIN,
        title="Other",
        unique_id="gridduck_77",
        data={**account.data, "client_id": "second", "client_secret": "second-secret"},
    )
    await setup(hass, other)
    both = [device(hass, entry, "asset") for entry in (account, other)]
    for target, error in (
        (both, "several_accounts"),
        ([device(hass, lines, "line")], "no_asset_to_download"),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(hass, "download_data", device_id=target, **DAY_AGO)
        assert caught.value.translation_key == error


async def test_download_refuses_what_is_unknown(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    with pytest.raises(vol.Invalid):
        await ask(
            hass,
            "download_data",
            device_id=device(hass, account, "asset"),
            granularity="fortnight",
            **DAY_AGO,
        )


@pytest.mark.usefixtures("recorder_mock", "short_history")
async def test_import_history(
    hass: HomeAssistant, account: MockConfigEntry, lines: MockConfigEntry
) -> None:
    """Each account is asked for the sources under the devices that were named."""
    target = [device(hass, account, "site"), device(hass, lines, "owner")]
    await hass.services.async_call(
        DOMAIN, "import_history", {ATTR_DEVICE_ID: target, **DAY_AGO}, blocking=True
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    for entry in (account, lines):
        state = entry.runtime_data.importer.progress
        assert state.hours_done + state.hours_to_do > 0


@pytest.mark.usefixtures("recorder_mock", "short_history")
async def test_import_of_nothing(hass: HomeAssistant, account: MockConfigEntry) -> None:
    """What is not ours is refused by name, what has no history in words."""
    hass.states.async_set("light.desk", "on")
    empty = dr.async_get(hass).async_get_or_create(
        config_entry_id=account.entry_id, identifiers={(DOMAIN, "site:empty")}
    )
    for target, error in (
        ({ATTR_ENTITY_ID: "light.desk"}, "not_ours"),
        ({ATTR_DEVICE_ID: empty.id}, "no_history"),
        ({"area_id": "nowhere"}, "nothing_ours"),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await hass.services.async_call(
                DOMAIN, "import_history", {**target, **DAY_AGO}, blocking=True
            )
        assert caught.value.translation_key == error


@pytest.mark.usefixtures("recorder_mock", "short_history")
async def test_import_of_what_is_partly_not_ours(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """It is passed over, and the answer names it."""
    hass.states.async_set("light.desk", "on")
    asset = device(hass, account, "asset")
    target = {ATTR_DEVICE_ID: asset, ATTR_ENTITY_ID: "light.desk"}
    answer = await ask(hass, "import_history", **target, **DAY_AGO)
    assert answer == {
        "not_recorded": [],
        "passed_over": [{"name": "light.desk", "device_id": None, "reason": "other_integration"}],
    }
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.usefixtures("recorder_mock", "short_history")
async def test_import_of_what_is_not_recorded(hass: HomeAssistant, lines: MockConfigEntry) -> None:
    """It is refused by name where nothing else is left; otherwise the rest is imported."""
    await hass.async_block_till_done(wait_background_tasks=True)
    line = device(hass, lines, "line")
    entities = [
        one.entity_id
        for one in er.async_entries_for_device(er.async_get(hass), line)
        if one.unique_id.endswith(("_current", "_dlr"))
    ]
    assert len(entities) == 2
    owner = device(hass, lines, "owner")
    nothing = set[str]()
    cases: list[tuple[set[str], dict[str, list[str]], bool]] = [
        ({*entities} - {entities[0]}, {ATTR_ENTITY_ID: entities[:1]}, True),
        ({*entities} - {entities[0]}, {ATTR_ENTITY_ID: entities}, False),
        ({*entities} - {entities[0]}, {ATTR_DEVICE_ID: [line]}, False),
        (nothing, {ATTR_DEVICE_ID: [line]}, True),
        (nothing, {ATTR_DEVICE_ID: [owner]}, True),
    ]
    for included, target, refused in cases:
        get_instance(hass).entity_filter = included.__contains__
        call = ask(hass, "import_history", **target, **DAY_AGO)
        if not refused:
            assert entities[0] in (await call)["not_recorded"]
            continue
        with pytest.raises(ServiceValidationError) as caught:
            await call
        assert caught.value.translation_key == "not_recorded"
        assert caught.value.translation_placeholders is not None
        assert caught.value.translation_placeholders["entities"].startswith("sensor.")
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("action", ["import_history", "download_data"])
async def test_only_admins_may(
    hass: HomeAssistant, account: MockConfigEntry, hass_read_only_user: MockUser, action: str
) -> None:
    """What writes files or statistics is not for everybody."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            action,
            {ATTR_DEVICE_ID: device(hass, account, "asset"), **DAY_AGO},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
