"""CSV files as tolerant as the contract, and no more."""

from pathlib import Path

import pytest

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer
from custom_components.gridduck_heimdall.api.gridduck import csv_file
from custom_components.gridduck_heimdall.api.gridduck.csv_file import Column, CsvFile
from tests.csv_rows import Row, rows_of

NOON = 1_795_003_200.0
ROWS = [(NOON, (1.5,)), (NOON + 3600, (2.0,))]


def read(path: Path, content: str | bytes) -> tuple[CsvFile, list[Row]]:
    """Write a file and read it."""
    path /= "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    file = CsvFile(path)
    return file, rows_of(file)


@pytest.mark.parametrize(
    "content",
    [
        "time,Lamp (Wh)\n2026-11-18T12:00:00Z,1.5\n2026-11-18T13:00:00Z,2\n",
        "\ufefftime,Lamp (Wh)\n2026-11-18T12:00:00Z,1.5\n2026-11-18T13:00:00Z,2\n",
        "Time (UTC);Lamp (Wh)\r\n2026-11-18 12:00;1,5\r\n2026-11-18 13:00;2,0\r\n",
        "Timestamp\tLamp [Wh]\r2026-11-18T12:00:00+00:00\t1.5\r2026-11-18T14:00+01:00\t2\r",
        '"time","Lamp (Wh)"\n"1795003200","1.5"\n"1795006800","2"\n',
        "\n\nUnix time,Lamp (Wh)\n\n1795003200,1.5\n\r\n,\n1795006800000,2e0\n\n",
        "Zeit;Lamp (Wh)\n1795003200;1,5\n1795006800,0;+2\n",
        "Lamp (Wh);time\n1,5;20261118T120000Z\n2;20261118T130000Z\n",
        "time;Lamp (Wh)\n1795003200;1.5;;\n1795006800;2",
        "\ufeffsep=;\r\ntime;Lamp (Wh)\r\n1795003200;1,5\r\n1795006800;2\r\n",
    ],
    ids=[
        "plain",
        "byte order mark",
        "semicolons",
        "tabs and old line ends",
        "quoted unix times",
        "blank lines and milliseconds",
        "unknown name of the time",
        "time is not first",
        "no line end at the end",
        "a line for spreadsheets",
    ],
)
def test_variants(tmp_path: Path, content: str) -> None:
    file, rows = read(tmp_path, content)
    assert rows == ROWS
    assert file.columns == (Column("Lamp", "Wh"),)
    assert (file.count, file.bad) == (2, 0)
    assert (file.first, file.last) == (NOON, NOON + 3600)


def test_names_with_delimiters(tmp_path: Path) -> None:
    file, rows = read(tmp_path, "time;Lamp, left (Wh)\n1795003200;1,5\n")
    assert file.columns == (Column("Lamp, left", "Wh"),)
    assert rows == ROWS[:1]
    file, rows = read(tmp_path, 'time,"Lamp; ""left"" (Wh)"\n1795003200,1.5\n')
    assert file.columns == (Column('Lamp; "left"', "Wh"),)
    assert rows == ROWS[:1]


def test_several_series(tmp_path: Path) -> None:
    file, rows = read(tmp_path, "time,Lamp (Wh),Boiler\n1795003200,,7\n")
    assert file.columns == (Column("Lamp", "Wh"), Column("Boiler", None))
    assert rows == [(NOON, (None, 7.0))]


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        ("from,to", ("1795003200,1795006800", "1795006800,1795010400")),
        ("Start,End", ("2026-11-18T12:00Z,2026-11-18T13:00Z", "2026-11-18T13:00Z,")),
        ("Interval end,Interval start", ("1795006800,1795003200", "1795010400,1795006800")),
    ],
)
def test_the_end_of_an_interval_is_no_value(
    tmp_path: Path, names: str, rows: tuple[str, str]
) -> None:
    file, found = read(tmp_path, f"{names},Lamp (Wh)\n{rows[0]},1.5\n{rows[1]},2\n")
    assert file.columns == (Column("Lamp", "Wh"),)
    assert found == ROWS


@pytest.mark.parametrize(
    "content",
    [
        "Date,Time,Lamp (Wh)\n2026-11-18,12:00,1.5\n2026-11-18, 13:00:00 ,2\n",
        "Time (UTC);Lamp (Wh);Date (UTC)\n12:00;1,5;2026-11-18\n13:00;2;2026-11-18\n",
        # The date has it already.
        "Date,Time,Lamp (Wh)\n2026-11-18T12:00Z,12:00,1.5\n2026-11-18T13:00Z,13:00,2\n",
        "Time,Date,Lamp (Wh)\n2026-11-18T12:00Z,2026-11-18,1.5\n2026-11-18T13:00Z,,2\n",
    ],
)
def test_date_and_time_of_day_in_two_columns(tmp_path: Path, content: str) -> None:
    """The date alone would put all values of a day at one time, of which only the last counts."""
    file, rows = read(tmp_path, content)
    assert rows == ROWS
    assert (file.columns, file.bad) == ((Column("Lamp", "Wh"),), 0)


def test_an_asset_called_like_a_time(tmp_path: Path) -> None:
    file, _ = read(tmp_path, "time,Time clock delivered (Wh)\n1795003200,1.5\n")
    assert file.columns == (Column("Time clock delivered", "Wh"),)


@pytest.mark.parametrize(
    "line",
    [
        "yesterday,1",
        "1795003200",
        "1795003200,1,2",
        "1795003200,one",
        "1795003200,1_000",
        "1795003200,1e999",
        "1795003200,1;5",
        '1795003200,"1',
        '1795003200,"1"2',
        "-1795003200,1",
        "12,1",
        "9999999999999999,1",
        "2026-02-30T12:00Z,1",
        ",1",
        '1795003200,"1,5"',
        "1795003200,\x001",
        "1795003200,0x1F",
    ],
)
def test_bad_row(tmp_path: Path, line: str) -> None:
    content = f"time,Lamp (Wh)\n1795003200,1.5\n{line}\n1795006800,2\n"
    file, rows = read(tmp_path, content)
    assert rows == ROWS
    assert file.bad == 1


@pytest.mark.parametrize(
    ("lines", "contradicts"),
    [
        (("1795003200,1,2", "1795006800,1,2"), False),
        (("1795003200,1,2", "1795003200,1,2"), False),
        (("1795003200,1,", "1795003200,,2"), False),
        (("1795003200,1,2", "1795003200,1,3"), True),
        (("2026-10-25 01:00,1,2", "2026-10-25 01:30,1,2", "2026-10-25 01:30,3,2"), True),
    ],
)
# So many blank lines put the rows into different blocks.
@pytest.mark.parametrize("between", ["\n", "\n" * 40_000])
def test_different_values_at_one_time(
    tmp_path: Path, lines: tuple[str, ...], between: str, *, contradicts: bool
) -> None:
    file, rows = read(tmp_path, between.join(("time,Lamp (Wh),Fan (Wh)", *lines, "")))
    assert len(rows) == len(lines)
    assert file.contradicts is contradicts


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Time (UTC)", True),
        ("Time (GMT)", True),
        ("Time [UTC+00:00]", True),
        ("TIMESTAMP", True),
        ("Date/Time", True),
        ("Start Time (yyyy-mm-dd hh:mm)", True),
        ("Time (UTC+1)", False),
        ("time [gmt-05:30]", False),
        ("Time (+0100)", False),
        ("Time (Europe/London)", False),
        ("Zeit CEST", False),
        ("Local time", False),
        ("timestamp_local", False),
    ],
)
def test_times_of_another_zone(tmp_path: Path, name: str, *, known: bool) -> None:
    """They are known only where each names its own, or is in unix seconds."""
    file, _ = read(tmp_path, f"{name};Lamp (Wh)\n2026-11-18 12:00;1\n2026-11-18 13:00;2\n")
    assert file.contradicts is not known
    for time in ("2026-11-18T12:00Z", "2026-11-18 13:00+01:00", "1795003200"):
        file, rows = read(tmp_path, f"{name};Lamp (Wh)\n{time};1,5\n")
        assert rows == ROWS[:1]
        assert not file.contradicts


@pytest.mark.parametrize(
    ("times", "in_order"),
    [
        ((), True),
        ((1, 1, 2, 3), True),
        ((3, 2, 2, 1), True),
        ((1, 2, 1), False),
        ((2, 1, 3), False),
    ],
)
def test_order(tmp_path: Path, times: tuple[int, ...], in_order: bool) -> None:
    rows = "".join(f"{NOON + at},1\n" for at in times)
    file, _ = read(tmp_path, f"time,Lamp (Wh)\n{rows}")
    assert file.in_order is in_order


@pytest.mark.parametrize("nothing", ["", "null", "NaN", "-", " "])
def test_no_value(tmp_path: Path, nothing: str) -> None:
    file, rows = read(tmp_path, f"time,Lamp (Wh)\n1795003200,{nothing}\n")
    assert rows == [(NOON, (None,))]
    assert file.bad == 0


def test_both_separators_are_never_guessed_at(tmp_path: Path) -> None:
    file, rows = read(tmp_path, "time;Lamp\n1795003200;1,5\n1795006800;1.234,5\n")
    assert rows == ROWS[:1]
    assert file.bad == 1


def test_names_in_another_encoding(tmp_path: Path) -> None:
    _, rows = read(tmp_path, "time,Küche (Wh)\n1795003200,1.5\n".encode("latin-1"))
    assert rows == ROWS[:1]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Lamp kWh", Column("Lamp", "kWh")),
        ("Lamp_kWh", Column("Lamp", "kWh")),
        ("Lamp [Wh]", Column("Lamp", "Wh")),
        ("energy-MWh", Column("energy", "MWh")),
        ("kwh", Column("kwh", "kwh")),
        ("(kWh)", Column("(kWh)", "kWh")),
        ("Lamp: Wh.", Column("Lamp", "Wh")),
        ("Lamp (ground floor) kW h", Column("Lamp (ground floor)", "kW h")),
        ("Lamp, kilowatt-hours", Column("Lamp", "kilowatt-hours")),
        ("Lamp kW", Column("Lamp", "kW")),
        ("Lamp W", Column("Lamp", "W")),
        # No units: parts of words, a price, and what stands elsewhere.
        ("Lamp w", Column("Lamp w", None)),
        ("Lampkwh", Column("Lampkwh", None)),
        ("Lamp pence per kWh", Column("Lamp pence per kWh", None)),
        ("Lamp p/kWh", Column("Lamp p/kWh", None)),
        ("kWh Lamp", Column("kWh Lamp", None)),
        ("Phase A", Column("Phase A", None)),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_units_without_brackets(tmp_path: Path, header: str, column: Column, mark: str) -> None:
    file, rows = read(tmp_path, f"{mark}time;{header}\n1795003200;1.5\n")
    assert file.columns == (column,)
    assert rows == ROWS[:1]


@pytest.mark.parametrize("value", ["1e308", "-1e308", "1000000000000001", "1e15001"])
def test_beyond_all_measurements(tmp_path: Path, value: str) -> None:
    """One row with it costs that row, wherever it stands: as in JSON, it is no value."""
    for quoted in (value, f'"{value}"'):
        content = f"time,Lamp (Wh)\n1795003200,1.5\n1795005000,{quoted}\n1795006800,2\n"
        file, rows = read(tmp_path, content)
        assert rows == ROWS
        assert file.bad == 1


def test_header_alone(tmp_path: Path) -> None:
    file, rows = read(tmp_path, "time,Lamp (Wh)\n")
    assert not rows
    assert (file.count, file.first, file.last) == (0, None, None)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "header"),
        ("\n\n \n", "header"),
        ("<!DOCTYPE html>\n<html>\n", "header"),
        ("time\n1795003200\n", "header"),
        ("time,date\n1795003200,1795003200\n", "header"),
        ('time,"Lamp\n1795003200,1.5\n', "header"),
        ("1795003200,1.5\n1795006800,2\n", "no header"),
        ("2026-11-18T12:00:00Z;1,5\n", "no header"),
        ('{"error": "x", "message": "y"}\n{"a": 1, "b": 2}\n', "no column of times"),
        ("time,Lamp\nyesterday,1\ntomorrow,2\n", "No row"),
        ("time,Lamp\n1795003200,1.5\n17950068", "middle of a row"),
        ("time,Lamp\n1795003200,1.5\n1795006800,", "middle of a row"),
        ('time,Lamp\n1795003200,1.5\n1795006800,"2', "middle of a row"),
        (b"PK\x03\x04\x00\x00,\x00\x00\n\x00\xff,\x01\n", "no column of times"),
    ],
)
def test_unusable_file(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=words):
        read(tmp_path, content)


def test_a_line_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "LONGEST_LINE", 1000)
    with pytest.raises(UnexpectedAnswer, match="too long"):
        read(tmp_path, "time,Lamp\n" + "1" * 1001)
    _, rows = read(tmp_path, f"time,{'Lamp ' * 180}\n1795003200,1.5\n")
    assert rows == ROWS[:1]


def test_a_year_of_minutes_is_never_whole_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    with path.open("w") as file:
        file.write("time,Lamp (Wh)\n")
        file.writelines(f"{1_795_003_200 + 60 * minute},1.5\n" for minute in range(50_000))
    blocks = CsvFile(path).blocks()
    assert len(next(blocks).times) < 10_000
    blocks.close()
    assert sum(len(block.times) for block in CsvFile(path).blocks()) == 50_000
