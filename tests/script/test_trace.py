"""The main journeys through the integration are within the bounds of files and functions."""

from pathlib import Path
import subprocess
import sys

import pytest

from script.tracing.journeys import JOURNEYS, Journey

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(600)
def test_journeys_are_within_their_bounds() -> None:
    subprocess.run([sys.executable, "-m", "script.tracing"], cwd=ROOT, check=True)


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=list(JOURNEYS))
def test_the_documentation_has_them(journey: Journey) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    [row] = [line for line in text.splitlines() if line.startswith(f"| {journey.title} |")]
    _, _, files, most_files, functions, most_functions, _, _ = row.split("|")
    assert (int(most_files), int(most_functions)) == (journey.most_files, journey.most_functions)
    assert int(files) <= journey.most_files
    assert int(functions) <= journey.most_functions
