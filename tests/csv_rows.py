"""Rows of a CSV file, as a test compares them."""

from custom_components.gridduck_heimdall.api.gridduck.csv_file import CsvFile

type Row = tuple[float, tuple[float | None, ...]]


def rows_of(file: CsvFile) -> list[Row]:
    """Read a file to its end; returns the time and the values of each row."""
    return [
        row
        for block in file.blocks()
        for row in zip(block.times, zip(*block.columns, strict=True), strict=True)
    ]
