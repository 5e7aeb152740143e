"""Units that telemetry names."""

import pytest

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer
from custom_components.gridduck_heimdall.gridduck.telemetry import MEASURES, TelemetryKind


@pytest.mark.parametrize(
    ("kind", "unit", "factor"),
    [
        (TelemetryKind.ENERGY, "kwh", 1),
        (TelemetryKind.ENERGY, "Kilowatt-hours", 1),
        (TelemetryKind.ENERGY, "watt hour", 0.001),
        (TelemetryKind.DEMAND, "watts", 1),
        (TelemetryKind.DEMAND, "KW", 1000),
        (TelemetryKind.TEMPERATURE, "degrees Celsius", 1),
        (TelemetryKind.TEMPERATURE, "degC", 1),
        (TelemetryKind.TEMPERATURE, "℃", 1),
    ],
)
def test_names_of_units(kind: TelemetryKind, unit: str, factor: float) -> None:
    assert MEASURES[kind].conversion(unit)(1.0) == pytest.approx(factor)


@pytest.mark.parametrize("unit", ["VA", "kWh", "°C", "hp·h", "?"])
def test_names_of_no_unit(unit: str) -> None:
    with pytest.raises(UnexpectedAnswer, match="Telemetry of consumption came in"):
        MEASURES[TelemetryKind.DEMAND].conversion(unit)
