"""Statistics out of downloads."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.gridduck_heimdall.api.gridduck import Asset, Granularity, TelemetryType
from custom_components.gridduck_heimdall.api.gridduck.csv_file import Block, Column
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.gridduck.download import async_download
from custom_components.gridduck_heimdall.gridduck.download_import import (
    EnergyColumn,
    FileAmounts,
    asset_of,
    energy_columns,
    is_unit_doubtful,
)
from simulator.faults import Fault
from simulator.gridduck.settings import CsvStyle, TimeColumns
from simulator.gridduck.world import World
from simulator.server import Simulator

from .history_support import expected, rows_of

END = datetime(2026, 11, 18, 17, 45, tzinfo=UTC)
START = END - timedelta(days=2)
HOUR = 3600


@pytest.fixture
def no_telemetry(world: World, recorder_mock: Recorder) -> None:
    """Have nothing imported but what is downloaded; depends on the recorder to be there first."""
    world.endpoints_missing = {"telemetry_aggregate", "telemetry_instantaneous"}
    world.data_request_seconds = 0


@pytest.fixture
async def account(
    no_telemetry: None, account: GridDuckAccount, hass: HomeAssistant, tmp_path: Path
) -> GridDuckAccount:
    """Return the account, which downloads into a folder of the test."""
    hass.config.config_dir = str(tmp_path)
    return account


async def at_once(_seconds: float) -> None:
    """Wait for nothing."""


async def imported(
    account: GridDuckAccount,
    *asset_ids: str,
    granularity: Granularity = Granularity.HOUR,
    of_type: TelemetryType = TelemetryType.DELIVERED,
) -> dict[str, Any]:
    """Download and import."""
    answer: dict[str, Any] = await async_download(
        account,
        asset_ids,
        START,
        END,
        granularity=granularity,
        type=of_type,
        import_statistics=True,
        sleep=at_once,
    )
    return answer


def amounts(world: World, asset_id: str) -> dict[float, float]:
    """Return the energy of each whole hour of the range, kWh."""
    first = -(-START.timestamp() // HOUR) * HOUR
    last = END.timestamp() // HOUR * HOUR
    hours = expected(world, asset_id, "delivered", first, last)
    return {hour: sum(values) / 1000 for hour, values in hours.items()}


@pytest.mark.parametrize("times", ["start and end", "date and time"])
async def test_other_columns_of_times(
    hass: HomeAssistant, account: GridDuckAccount, world: World, lamp: str, times: TimeColumns
) -> None:
    world.csv = CsvStyle(times=times)
    await imported(account, lamp)
    rows = await rows_of(hass, lamp, "energy")
    due = amounts(world, lamp)
    assert {hour: row["state"] for hour, row in rows.items()} == pytest.approx(due, abs=1e-6)


@pytest.mark.parametrize("granularity", [Granularity.MINUTE, Granularity.HALF_HOUR, "hour"])
@pytest.mark.parametrize("several", [False, True])
async def test_statistics_equal_the_service(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    lamp: str,
    granularity: str,
    several: bool,
) -> None:
    assets = [lamp, *(one for one in world.ids()[:6] if one != lamp)] if several else [lamp]
    answer = await imported(account, *assets, granularity=Granularity(granularity))
    assert answer["statistics_written"] > 0
    for asset_id in assets:
        rows = await rows_of(hass, asset_id, "energy")
        due = amounts(world, asset_id)
        # Neither the hours at both ends, of which only a part was asked for, nor the running one.
        assert {hour: row["state"] for hour, row in rows.items()} == pytest.approx(due, abs=1e-6)
        if due:
            assert rows[max(rows)]["sum"] == pytest.approx(sum(due.values()))
    cost = await rows_of(hass, lamp, "cost")
    price = account.assets.data[lamp].price
    assert price is not None
    assert {hour: row["state"] for hour, row in cost.items()} == pytest.approx(
        {hour: amount * price for hour, amount in amounts(world, lamp).items()}
    )


async def test_twice_changes_nothing(
    hass: HomeAssistant, account: GridDuckAccount, lamp: str
) -> None:
    first = await imported(account, lamp)
    before = await rows_of(hass, lamp, "energy")
    second = await imported(account, lamp, granularity=Granularity.MINUTE)
    assert first["statistics_written"] == 2 * len(before)
    assert second["statistics_written"] == 0
    assert await rows_of(hass, lamp, "energy") == before


@pytest.mark.parametrize(
    ("granularity", "of_type"),
    [
        (Granularity.DAY, TelemetryType.DELIVERED),
        (Granularity.HOUR, TelemetryType.CONSUMPTION),
        (Granularity.HOUR, TelemetryType.TEMPERATURE),
    ],
)
async def test_what_cannot_be_imported(
    account: GridDuckAccount,
    simulator: Simulator,
    lamp: str,
    granularity: Granularity,
    of_type: TelemetryType,
) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await imported(account, lamp, granularity=granularity, of_type=of_type)
    assert caught.value.translation_key == "import_needs_hourly_energy"
    assert not simulator.calls.list(path="data_request")


def csv_files(folder: Path) -> set[str]:
    """Return the names of all CSV files below a folder."""
    return {path.name for path in folder.rglob("*.csv")}


def archive(members: Mapping[str, str]) -> bytes:
    """Return a ZIP of CSV files."""
    packed = BytesIO()
    with ZipFile(packed, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return packed.getvalue()


async def test_a_file_for_each_month(
    hass: HomeAssistant, account: GridDuckAccount, simulator: Simulator, lamp: str
) -> None:
    members = {
        "b.csv": "time;Lamp\n1794963600;1,5\n1794960000;500,5\n",
        "a.csv": f"time,{lamp} (kWh),Other\n1794967200,0.25,7\n1794970800,,7\n",
        "c.csv": "time,Lamp (Wh)\n",
    }
    simulator.faults.add(
        Fault(service="gridduck", path="^/download/", status=200, body=archive(members))
    )
    await imported(account, lamp)
    rows = await rows_of(hass, lamp, "energy")
    assert {hour: (row["state"], row["sum"]) for hour, row in rows.items()} == {
        1794960000: (0.5005, 0.5005),
        1794963600: (0.0015, pytest.approx(0.502)),
        1794967200: (0.25, pytest.approx(0.752)),
    }


@pytest.mark.parametrize(
    "members",
    [
        {"one.csv": "time,Energy (Wh)\n1794960000,5\n"},
        {"a.csv": "time,Lamp (Wh)\n1794960000,5\n", "b.csv": "time,Lamp (Wh)\n1794961800,5\n"},
        {"a.csv": "time,Lamp (Wh)\n1794960000,5\n1794963600,5\n1794961800,5\n"},
        {"a.csv": "time,Lamp (Wh),Lamp (kWh)\n1794960000,5,5\n"},
        {"a.csv": "time,Lamp (W)\n1794960000,5\n"},
        {"a.csv": "time,Lamp (Wh)\n1794960000,5\n", "b.csv": "time,X (Wh)\n1794960000,5\n"},
        {"a.csv": "time,Lamp (Wh)\n1794960000,1e308\n1794963600,5\n"},
        {"a.csv": "Date,Lamp (Wh)\n2026-11-17,5\n2026-11-17,6\n"},
        {"a.csv": "Time (UTC+1),Lamp (Wh)\n2026-11-17 12:00,5\n2026-11-17 13:00,6\n"},
    ],
    ids=[
        *("nobody's", "one hour twice", "disorder", "two columns", "no energy", "one is certain"),
        *("beyond all measurements", "one time twice", "times of another zone"),
    ],
)
async def test_what_is_not_certain_stays_out(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    world: World,
    lamp: str,
    tmp_path: Path,
    members: dict[str, str],
) -> None:
    """The files stay, as there is nothing wrong with them."""
    simulator.faults.add(
        Fault(service="gridduck", path="^/download/", status=200, body=archive(members))
    )
    other = next(one for one in world.ids() if one != lamp)
    with pytest.raises(HomeAssistantError) as caught:
        await imported(account, lamp, other)
    assert caught.value.translation_key == "download_not_importable"
    assert csv_files(tmp_path) == set(members)
    assert not await rows_of(hass, lamp, "energy")


async def test_units_without_brackets(
    hass: HomeAssistant, account: GridDuckAccount, simulator: Simulator, lamp: str, tmp_path: Path
) -> None:
    """A unit at the end of a name counts; a doubtful one costs the file, and is reported."""

    async def download(header: str, value: float = 1.5) -> None:
        content = f"time,{header}\n1794960000,{value}\n"
        simulator.faults.add(
            Fault(service="gridduck", path="^/download/", status=200, body=content)
        )
        await imported(account, lamp)

    for doubtful in (
        *("kWh Lamp", "LampkWh", "Lamp mWh", "Lamp (kWh) total", "Lamp kWh (total)"),
        *("Lamp kilowattstunden", "Lamp \N{SQUARE KW}h", "Lamp m³", "kW Lamp", "Lamp litres"),
        *("Lamp watts", "Joules of the lamp", "Lamp °C", "Lamp £", "Lamp cost", "Lamp kilowatt"),
    ):
        with pytest.raises(HomeAssistantError) as caught:
            await download(doubtful)
        assert caught.value.translation_key == "download_unit_unclear"
        assert doubtful.split()[0] in str(caught.value)
        assert not await rows_of(hass, lamp, "energy")
    assert csv_files(tmp_path)
    price = account.assets.data[lamp].price
    assert price
    # An hour that was empty at first costs what it gets later.
    for header, value, state in (
        ("Lamp kWh", 0, 0),
        ("Lamp kWh", 1.5, 1.5),
        ("Lamp_Wh", 1.5, 0.0015),
        ("energy-MWh", 0.5, 500),
    ):
        await download(header, value)
        (row,) = (await rows_of(hass, lamp, "energy")).values()
        assert row["state"] == pytest.approx(state)
        (row,) = (await rows_of(hass, lamp, "cost")).values()
        assert row["state"] == pytest.approx(state * price)


async def test_nothing_of_a_cut_off_file(
    hass: HomeAssistant, account: GridDuckAccount, simulator: Simulator, lamp: str
) -> None:
    cut = "time,Lamp (Wh)\n1794960000,5\n1794963600,5\n17949"
    simulator.faults.add(Fault(service="gridduck", path="^/download/", status=200, body=cut))
    with pytest.raises(HomeAssistantError):
        await imported(account, lamp)
    assert not await rows_of(hass, lamp, "energy")


class TestAmounts:
    """From rows to hours."""

    ASSETS = {  # noqa: RUF012 - never changed
        "id-1": Asset(id="id-1", name="Lamp"),
        "id-10": Asset(id="id-10", name="Lamp 2"),
        "id-11": Asset(id="id-11", name="Lamp 2"),
        "id-12": Asset(id="id-12", name=None),
    }

    @pytest.mark.parametrize(
        ("file", "column", "alone", "asset"),
        [
            ("x.csv", "Lamp delivered", False, "id-1"),
            ("x.csv", "lamp", False, "id-1"),
            ("x.csv", "Lamp 2 delivered", False, None),
            ("x.csv", "Lamps", False, None),
            ("x.csv", "ID-10 energy", False, "id-10"),
            ("x.csv", "Lamp (id-10)", True, "id-10"),
            ("lamp_2_id-11.csv", "Energy", True, "id-11"),
            ("lamp-2-id-111.csv", "Energy", True, None),
            ("id-11.csv", "Lamp 2", True, "id-11"),
            ("id-11.csv", "Lamp", False, "id-1"),
            ("id-1 and id-11.csv", "Energy", True, None),
        ],
    )
    def test_asset_of(self, file: str, column: str, alone: bool, asset: str | None) -> None:
        assert asset_of(file, Column(column, None), self.ASSETS, alone=alone) == asset

    def test_the_only_asset(self) -> None:
        only = {"id-1": self.ASSETS["id-1"]}
        assert asset_of("x.csv", Column("Energy", None), only, alone=True) == "id-1"
        assert asset_of("x.csv", Column("Energy", None), only, alone=False) is None

    def test_energy_columns(self) -> None:
        assert energy_columns((Column("a", None), Column("b", None))) == {0: 1, 1: 1}
        columns = (Column("a", "kWh"), Column("b", "W"), Column("c", None), Column("d", "WH"))
        assert energy_columns(columns) == {0: 1000, 3: 1}
        in_words = (Column("a", "kilowatt-hours"), Column("b", "mWh"), Column("c", "kW h"))
        assert energy_columns(in_words) == {0: 1000, 2: 1000}

    @pytest.mark.parametrize(
        ("column", "doubtful"),
        [
            (Column("Lamp", "kWh"), False),
            (Column("Lamp", None), False),
            (Column("Lamp", "W"), False),
            (Column("Lamp", "p/kWh"), False),
            # An asset is called so.
            (Column("Boiler", "kWh"), True),
        ],
    )
    def test_doubtful_unit(self, column: Column, *, doubtful: bool) -> None:
        assets = [Asset(id="id-2", name="Boiler kWh"), *self.ASSETS.values()]
        assert is_unit_doubtful(column, assets) is doubtful

    def test_whole_hours_of_what_is_usable(self) -> None:
        amounts = FileAmounts([EnergyColumn("id-1", 0, 1000)])
        rows = ((0, 9), (3600, 0.1), (5400, 0.2), (5400, 0.3), (6000, None), (6600, -1), (7200, 5))
        for some in (rows[:4], rows[4:]):
            times, values = [float(at) for at, _ in some], [value for _, value in some]
            amounts.take(Block(times, [values, [7.0] * len(some)]))
        start, end = (datetime.fromtimestamp(at, UTC) for at in (1, 7201))
        assert amounts.samples(start, end) == {"id-1": [(3600.0, 0.4)]}

    def test_newest_first(self) -> None:
        amounts = FileAmounts([EnergyColumn("id-1", 0, 1000)])
        times = [float(at) for at in range(7200, -1, -1800)]
        amounts.take(Block(times, [[1.0] * len(times)]))
        start, end = (datetime.fromtimestamp(at, UTC) for at in (0, 7200))
        assert amounts.samples(start, end) == {"id-1": [(0.0, 2.0), (3600.0, 2.0)]}
