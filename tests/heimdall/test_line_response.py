"""What actions answer of a line."""

from datetime import datetime
from typing import Any

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.api.heimdall import Quantity, UnitSystem
from custom_components.gridduck_heimdall.api.heimdall.models.forecasts import ForecastLevel
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.heimdall.line_response import (
    FORECAST_KINDS,
    MEASUREMENT_KINDS,
    async_forecast,
    async_measurements,
)
from custom_components.gridduck_heimdall.heimdall.options import CONF_SPANS

from .home import Home


async def measurements(
    home: Home, device: dr.DeviceEntry | None, kinds: list[str] | None = None, **more: Any
) -> dict[str, Any]:
    assert device is not None
    question: dict[str, Any] = {
        "quantity": Quantity.CURRENT,
        "unit_system": UnitSystem.METRIC,
        "include": False,
        "since": None,
    }
    return await async_measurements(home.account, device, kinds, **question | more)


async def forecast(
    home: Home, device: dr.DeviceEntry | None, kinds: list[str] | None = None, **more: Any
) -> dict[str, Any]:
    assert device is not None
    question: dict[str, Any] = {"quantity": Quantity.CURRENT, "unit_system": UnitSystem.METRIC}
    return await async_forecast(home.account, device, kinds, **question | more)


async def test_all_kinds_of_a_line(home: Home) -> None:
    await home.open()
    answer = await measurements(home, home.device("line", home.icy_line))
    assert set(answer) == MEASUREMENT_KINDS | {"no_data"}
    assert answer["no_data"] == []
    current = answer["current"]
    assert current["unit"] == "Ampere"
    assert dt_util.parse_datetime(current["current"]["timestamp"]) is not None
    assert not any("malformed" in key for kind in answer.values() for key in kind)
    ahead = await forecast(home, home.device("line", home.icy_line))
    assert set(ahead) == FORECAST_KINDS | {"no_data"}
    hours = ahead["dlr"]["heimdall_dlr_forecasts"]
    assert len(hours) == 72
    levels = set(ForecastLevel)
    assert all(hour.keys() == {"timestamp", *levels} for hour in hours)
    assert all(hour[level].keys() == {"value", "at_span_id"} for hour in hours for level in levels)


async def test_a_facility_answers_for_its_line_too(home: Home) -> None:
    await home.open()
    answer = await measurements(
        home, home.device("facility", home.facility), ["current", "circuit_rating", "icing"]
    )
    assert set(answer) == {"current", "circuit_rating", "no_data"}
    assert answer["no_data"] == ["icing"]


async def test_a_facility_without_a_line_has_no_data(home: Home) -> None:
    await home.open()
    bare = next(facility for facility in home.world.facilities() if facility.line is None)
    answer = await measurements(home, home.device("facility", bare.id))
    assert set(answer["no_data"]) == MEASUREMENT_KINDS
    assert home.simulator.calls.count(path="apparent_power") == 0


async def test_a_span_answers_for_its_line(home: Home) -> None:
    await home.open(**{CONF_SPANS: True})
    span = home.device("span", home.world.line(home.line).spans[0].id)
    assert span is not None
    answer = await measurements(home, span, ["dlr"])
    assert answer["dlr"]["heimdall_dlr"]["value"] > 0
    line = home.account.target_of(span)
    assert line is not None
    assert line.id == home.line


async def test_a_grid_owner_is_no_target(home: Home) -> None:
    await home.open()
    device = home.device("owner", home.world.owners[0].name)
    assert device is not None
    assert home.account.target_of(device) is None
    answer = await measurements(home, device)
    assert set(answer) == {"no_data"}


async def test_a_facility_is_a_target(home: Home) -> None:
    await home.open()
    device = home.device("facility", home.facility)
    assert device is not None
    facility = home.account.target_of(device)
    assert facility is not None
    assert facility.id == home.facility


async def test_what_is_asked_reaches_the_service(home: Home) -> None:
    await home.open()
    home.forget_calls()
    answer = await measurements(
        home,
        home.device("line", home.icy_line),
        quantity=Quantity.APPARENT_POWER,
        unit_system=UnitSystem.IMPERIAL,
        include=True,
        since=datetime(2026, 11, 18, 9, 30),  # noqa: DTZ001 - in the user's own time zone
    )
    assert answer["dlr"]["unit"] == "MVA"
    assert answer["conductor_temperature"]["unit"] == "F"
    assert answer["dlr"]["heimdall_span_dlrs"]
    assert answer["current"]["measurement_point_currents"]
    assert {call.query["since"] for call in home.simulator.calls.list(path="latest")} == {
        "2026-11-18T17:30:00Z"
    }


async def test_old_icing_is_left_out_unless_asked_for(home: Home) -> None:
    await home.open()
    home.forget_calls()
    await measurements(home, home.device("line", home.icy_line), ["icing", "dlr"])
    (icing,) = home.simulator.calls.list(path="icing/latest")
    assert icing.query["since"] == "2026-11-18T17:00:00Z"
    (dlr,) = home.simulator.calls.list(path="heimdall_dlrs/latest")
    assert "since" not in dlr.query


async def test_what_is_not_allowed_is_no_data(home: Home) -> None:
    await home.open()
    home.fault("dlr", status=403)
    answer = await measurements(home, home.device("line", home.line), ["dlr", "aar"])
    assert answer["no_data"] == ["dlr"]


async def test_actions(home: Home) -> None:
    await home.open()
    device = home.device("line", home.line)
    assert device is not None
    answer = await home.hass.services.async_call(
        DOMAIN,
        "get_measurements",
        {"device_id": device.id, "kinds": ["dlr"]},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    assert "dlr" in answer
    home.fault("dlr")
    with pytest.raises(HomeAssistantError) as failure:
        await home.hass.services.async_call(
            DOMAIN,
            "get_measurements",
            {"device_id": device.id, "kinds": ["dlr"]},
            blocking=True,
            return_response=True,
        )
    assert failure.value.translation_key == "server_error"
