"""A congested line is relieved, and load comes back when it has recovered."""

from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.feeder import LINE, SITE
from simulator.gridduck.asset import Asset
from simulator.heimdall.assets import Line
from simulator.options import Options

from .house import House


@pytest.fixture
def simulator_options() -> Options:
    return Options(lines=1, assets=0, sites=1, feeders=1)


@pytest.fixture
def start() -> str:
    """Return the last quiet half hour: the evening is from half past four to half past eight."""
    return "2026-11-17T16:00:00Z"


def feeder(house: House) -> Line:
    return next(line for line in house.simulator.heimdall.world.lines() if line.name == LINE)


def site(house: House) -> str:
    return house.device("site", next(iter(house.assets(SITE))).site.id)


def loading(house: House) -> float:
    return float(house.value(feeder(house).id, "loading"))


def snoozed(house: House) -> list[Asset]:
    return [asset for asset in house.assets(SITE) if house.running(asset) == {"snooze"}]


async def relieve(house: House, **inputs: object) -> None:
    given = {"candidates": {"device_id": site(house)}} | inputs
    await house.automate(
        "relieve_congested_line", line=house.device("line", feeder(house).id), **given
    )


async def to_the_peak(house: House) -> None:
    """Let the quiet half hour pass, and the first minutes of the evening's load."""
    await house.wait(step=300, minutes=30)
    assert loading(house) < 100
    assert snoozed(house) == []
    await house.wait(step=300, minutes=30)


async def test_the_evening_peak_is_relieved_and_the_load_comes_back(house: House) -> None:
    # Longer than the peak lasts, so that it comes back by recovery.
    for asset in house.assets(SITE):
        house.simulator.gridduck.world.set_field(asset.id, "max_time_off", None)
    await relieve(house, hold={"hours": 6})
    await house.wait(step=300, minutes=30)
    full = house.power(*house.assets(SITE))
    peak = 0.0
    while not (off := snoozed(house)):
        await house.wait(minutes=5, step=300)
        peak = max(peak, loading(house))
    assert peak > 100
    assert len(off) < len(house.assets(SITE))
    assert "Hall ventilation" not in {asset.name for asset in off}
    assert house.power(*house.assets(SITE)) < full * 0.8
    await house.wait(step=300, minutes=15)
    assert loading(house) < 100
    (message,) = house.messages()
    assert message.startswith(f"{LINE} is congested: ")
    assert all(asset.name in message for asset in off)
    assert "not enough" not in message
    await house.wait(step=1200, hours=3)
    assert snoozed(house)
    await house.wait(step=300, minutes=75)
    assert snoozed(house) == []
    assert loading(house) < 90
    assert house.power(*off) > 0
    assert any(f"{LINE} has recovered: " in message for message in house.messages())
    assert house.errors() == []


async def test_load_comes_back_in_steps(house: House) -> None:
    # Longer than the peak lasts, so that nothing comes back by itself.
    for asset in house.assets(SITE):
        house.simulator.gridduck.world.set_field(asset.id, "max_time_off", None)
    await relieve(house, shed_to=75, recovered_below=72, hold={"hours": 6})
    await to_the_peak(house)
    await house.wait(step=1200, hours=3)
    most = len(snoozed(house))
    assert most > 2
    counts = [most]
    for _ in range(20):
        await house.wait(step=300, minutes=5)
        if (now := len(snoozed(house))) != counts[-1]:
            counts.append(now)
    assert counts == [*range(most, -1, -1)]


async def carry(house: House, share: float) -> None:
    """Let the line carry a share of what it can from now on, as it is measured."""
    line = feeder(house).id
    limit = float(house.value(line, "current")) / loading(house)
    house.home.recover()
    measured = {"data": {"current": {"value": share * limit}}}
    house.home.fault("current", "patch", item_id=line, patch=measured)
    await house.wait(step=300, minutes=5)
    assert loading(house) == pytest.approx(share, abs=3)


@pytest.mark.parametrize("interrupted", [False, True])
async def test_load_comes_back_only_after_the_line_was_below_for_so_long(
    house: House, *, interrupted: bool
) -> None:
    # None has to come back before that because it has been off for long.
    for asset in house.assets(SITE):
        house.simulator.gridduck.world.set_field(asset.id, "max_time_off", None)
    await relieve(house, recovered_for={"minutes": 20})
    await to_the_peak(house)
    await house.wait(minutes=3)
    off = len(snoozed(house))
    assert off
    # It has capacity to spare, but has not recovered.
    await carry(house, 90)
    await house.wait(step=300, minutes=25)
    await carry(house, 50)
    if interrupted:
        await house.hass.services.async_call("automation", "reload", blocking=True)
        assert await house.hass.config_entries.async_reload(house.heimdall.entry_id)
        await house.wait(minutes=1)
    await house.wait(step=60, minutes=13)
    assert len(snoozed(house)) == off
    await house.wait(step=60, minutes=17)
    assert len(snoozed(house)) < off


async def test_what_others_snooze_is_not_asked_for(house: House) -> None:
    """Only what may give way is looked at, not all that is snoozed anywhere."""
    world = house.simulator.gridduck.world
    elsewhere = world.add_asset("Elsewhere", site_id=world.add_site("Elsewhere"))
    world.command(elsewhere, "snooze", 36000)
    by_hand, *_ = house.assets(SITE)
    world.set_field(by_hand.id, "min_time_on", None)
    await house.wait(minutes=1)
    assert house.value(elsewhere, "override") == "snooze"
    await house.hass.services.async_call(
        DOMAIN,
        "shed_load",
        {
            "device_id": house.device("asset", by_hand.id),
            "power": 1,
            "duration": {"hours": 10},
            "allow_non_interruptible": True,
            "verify_for": 0,
        },
        blocking=True,
        return_response=True,
    )
    assert snoozed(house) == [by_hand]
    house.simulator.calls.clear()
    await relieve(house)
    await carry(house, 50)
    await house.wait(step=300, minutes=20)
    # It is neither this automation's nor this line's.
    assert not house.simulator.calls.list(service="gridduck", method="PUT")
    assert snoozed(house) == [by_hand]
    assert house.messages() == []
    assert house.errors() == []


@pytest.mark.parametrize(("hours", "stays"), [(4, True), (1.5, False)])
async def test_what_the_line_needs_stays_off_between_the_limits(
    house: House, *, hours: float, stays: bool
) -> None:
    """For an hour at a time, so that it comes back soon without Home Assistant."""
    for asset in house.assets(SITE):
        house.simulator.gridduck.world.set_field(asset.id, "max_time_off", None)
    await relieve(house, hold={"hours": hours})
    await to_the_peak(house)
    await house.wait(minutes=3)
    off = {asset.id for asset in snoozed(house)}
    assert off
    await carry(house, 94.9)
    await house.wait(step=300, minutes=100)
    assert {asset.id for asset in snoozed(house)} == (off if stays else set())
    commands = house.simulator.calls.list(service="gridduck", method="PUT")
    assert max(call.body["snooze_finish"] for call in commands) <= 3660
    assert house.errors() == []


async def test_overrides_need_not_show(house: House) -> None:
    """The sensors of a large account may be disabled."""
    entities = er.async_get(house.hass)
    for one in er.async_entries_for_config_entry(entities, house.gridduck.entry_id):
        if one.translation_key == "override":
            entities.async_update_entity(one.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await relieve(house)
    await to_the_peak(house)
    await house.wait(minutes=3)
    off = len(snoozed(house))
    assert off
    await carry(house, 50)
    await house.wait(step=300, minutes=20)
    assert len(snoozed(house)) < off


async def test_a_reload_in_the_middle_does_no_harm(house: House) -> None:
    await relieve(house)
    await to_the_peak(house)
    await house.wait(minutes=3)
    before = {asset.id for asset in snoozed(house)}
    assert before
    house.simulator.calls.clear()
    for entry in (house.gridduck, house.heimdall):
        assert await house.hass.config_entries.async_reload(entry.entry_id)
    await house.hass.services.async_call("automation", "reload", blocking=True)
    await house.wait(minutes=3)
    await house.wait(step=300, minutes=10)
    assert before <= {asset.id for asset in snoozed(house)}
    commands = house.simulator.calls.list(service="gridduck", method="PUT")
    # They are only snoozed for longer.
    assert all(
        call.body["snooze_finish"] > 3000
        for call in commands
        if call.path.rsplit("/", 1)[-1] in before
    )


async def test_it_is_reported_where_too_little_is_shed(house: House) -> None:
    world = house.simulator.gridduck.world
    for asset in house.assets(SITE):
        world.set_field(asset.id, "interruptible", False)
    devices = dr.async_get(house.hass)
    line = house.device("line", feeder(house).id)
    await relieve(house)
    devices.async_update_device(line, name_by_user="[Line](http://elsewhere) *x* <b>")
    await to_the_peak(house)
    (message,) = house.messages()
    assert message.endswith(" is congested: nothing more is switched off. That is not enough.")
    # It is a name, and no link or markup.
    assert not set("[]*<>`") & set(message)
    assert snoozed(house) == []


async def test_nothing_runs_while_nothing_is_to_be_done(house: House) -> None:
    await carry(house, 50)
    await relieve(house)
    await house.wait(step=300, minutes=10)
    # Every look was in vain: it is kept as one, and was no run.
    assert house.executions() == {"failed_conditions"}
    assert house.triggered() is None
    house.home.recover()
    await house.wait(step=300, minutes=55)
    assert snoozed(house)
    assert "finished" in house.executions()
    assert "aborted" not in house.executions()
    assert house.triggered() is not None
