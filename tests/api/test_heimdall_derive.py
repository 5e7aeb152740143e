"""What follows from the answers by the rules of the field."""

from datetime import UTC, datetime

import pytest

from custom_components.gridduck_heimdall.api.heimdall import endpoints
from custom_components.gridduck_heimdall.api.heimdall.units import apparent_power_mva
from tests.api.heimdall_examples import body

NOW = datetime(2026, 11, 16, 12, 20, tzinfo=UTC)


def test_apparent_power_is_that_of_the_example() -> None:
    assert apparent_power_mva(412.6, 130_000) == pytest.approx(92.904, abs=0.001)
    assert apparent_power_mva(742.3, 130_000) == pytest.approx(167.141, abs=0.001)


def test_instrumented_lines() -> None:
    assets = endpoints.ASSETS.decoder.decode(body("A1"))

    [(owner, facility, line)] = assets.instrumented_lines(NOW)

    assert owner.name == "Example Grid Owner"
    assert facility.id == "f1000000-0000-4000-8000-000000000001"
    assert line.name == "Nordvik - Sordal"
