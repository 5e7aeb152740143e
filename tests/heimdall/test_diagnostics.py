"""What diagnostics say of an account."""

import json

from custom_components.gridduck_heimdall.heimdall.diagnostics import calls_per_hour
from custom_components.gridduck_heimdall.heimdall.options import CONF_SENSORS, CONF_SPANS

from .home import Home


async def test_the_account(home: Home) -> None:
    await home.open()
    diagnostics = home.account.diagnostics()
    json.dumps(diagnostics)
    assert diagnostics["devices"] == {"owner": 2, "facility": 4, "line": 2}
    measurements = diagnostics["polls"]["measurements"]
    assert measurements["interval_seconds"] == 300
    assert measurements["last_error"] is None
    assert measurements["asked_for"]["current"] == 2
    assert measurements["without_data"] == {f"{home.line}/icing": 300}
    assert diagnostics["polls"]["forecasts"]["interval_seconds"] == 3600
    home.fault("any")
    await home.polls(1)
    failed = home.account.diagnostics()["polls"]["measurements"]
    assert failed["last_poll_succeeded"] is False
    assert failed["last_error"].startswith("UpdateFailed")


async def test_what_fails(home: Home) -> None:
    await home.open()
    home.fault("sag", item_id=home.line)
    await home.polls(1)
    failing = home.account.diagnostics()["polls"]["measurements"]["failing"]
    assert list(failing) == [f"{home.line}/sag"]


async def test_the_call_budget(home: Home) -> None:
    await home.open()
    for _ in range(6):
        await home.wait(hours=1)
    calls = calls_per_hour(home.account.data)
    assert calls["assets"] == 0.17
    assert calls["current"] == 24
    assert calls["dlr_forecast"] == 2
    # Of one line every 5 minutes, of the other hourly, since it has none.
    assert calls["icing"] == 13
    home.forget_calls()
    await home.polls(12)
    made = home.simulator.calls.count(service="heimdall", method="GET")
    assert abs(made - calls["total"]) <= 1


async def test_a_device(home: Home) -> None:
    await home.open()
    device = home.device("line", home.line)
    assert device is not None
    diagnostics = home.account.device_diagnostics(device)
    json.dumps(diagnostics)
    assert diagnostics["kind"] == "line"
    assert diagnostics["item"]["id"] == home.line
    assert diagnostics["readings"]["current"]["answer"]["current"]["value"] > 0
    assert diagnostics["readings"]["icing"]["answer"] is None
    owner = home.device("owner", home.world.owners[0].name)
    assert owner is not None
    assert home.account.device_diagnostics(owner) == {
        "kind": "owner",
        "item": {"name": home.world.owners[0].name},
        "readings": {},
    }


async def test_a_facility_a_span_and_a_sensor(home: Home) -> None:
    await home.open(**{CONF_SPANS: True, CONF_SENSORS: True})
    line = home.world.line(home.line)
    span, _, point = next(
        one for one in line.sensors() if one[2].active(home.simulator.clock.now())
    )
    for kind, item_id, product in (
        ("facility", home.facility, "circuit"),
        ("span", span.id, "dlr"),
        ("sensor", point.id, "current"),
    ):
        device = home.device(kind, item_id)
        assert device is not None
        diagnostics = home.account.device_diagnostics(device)
        assert diagnostics["item"]["id"] == item_id
        assert diagnostics["readings"][product]["answer"] is not None
