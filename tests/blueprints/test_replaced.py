"""An automation of the former blueprint *Relieve a congested line* becomes a load limit."""

from datetime import timedelta

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.load_limits.control_law.models import Mode, Thresholds
from custom_components.gridduck_heimdall.load_limits.settings.config import (
    LimitConfig,
    LimitUnit,
    Measured,
)
from custom_components.gridduck_heimdall.repairs import BlueprintRepairFlow, async_create_fix_flow

from .house import AUTOMATION, House

ISSUE = f"blueprint_replaced_{AUTOMATION}"


async def relieve(house: House, **inputs: object) -> tuple[str, str]:
    """Have an automation of the blueprint; return its line and its site."""
    line = house.device("line", house.home.line)
    site = house.device("site", next(iter(house.simulator.gridduck.world.assets.values())).site.id)
    await house.automate(
        "relieve_congested_line", line=line, candidates={"device_id": site}, **inputs
    )
    await house.hass.services.async_call("automation", "reload", blocking=True)
    await house.hass.async_block_till_done(wait_background_tasks=True)
    return line, site


def issue(hass: HomeAssistant) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, ISSUE)


async def fix(hass: HomeAssistant) -> FlowResultType:
    """Open the repair, and submit it."""
    raised = issue(hass)
    assert raised is not None
    flow = await async_create_fix_flow(hass, ISSUE, raised.data)
    assert isinstance(flow, BlueprintRepairFlow)
    flow.hass, flow.handler, flow.issue_id = hass, DOMAIN, ISSUE
    shown = await flow.async_step_init()
    assert shown["type"] is FlowResultType.FORM
    assert shown["description_placeholders"] == {"title": "Under test", "automation": "Under test"}
    done = await flow.async_step_confirm({})
    await hass.async_block_till_done(wait_background_tasks=True)
    return done["type"]


def added(house: House) -> list[ConfigSubentry]:
    return [*house.heimdall.subentries.values()]


async def test_its_line_assets_and_thresholds_are_taken_over(house: House) -> None:
    line, site = await relieve(
        house,
        congested_above=98,
        shed_to=92,
        recovered_below=70,
        hold={"hours": 2},
        priority=["flexible"],
        allow_non_interruptible=True,
    )
    assert await fix(house.hass) is FlowResultType.CREATE_ENTRY
    (made,) = added(house)
    config = LimitConfig.of(made.data)
    assert (config.measured, config.device_id) == (Measured.LINE, line)
    assert (config.limit, config.limit_unit) == (100, LimitUnit.RATING)
    assert config.candidates == {"device_id": site}
    assert config.thresholds == Thresholds(act_above=0.98, down_to=0.92, release_below=0.7)
    assert config.longest_off == timedelta(hours=2)
    assert config.order == ("flexible",)
    assert config.allow_non_interruptible
    # Nothing is switched until a person has seen its advice.
    assert config.mode is Mode.ADVISE
    assert issue(house.hass) is None
    await house.hass.services.async_call("automation", "reload", blocking=True)
    assert issue(house.hass) is None


async def test_thresholds_that_no_load_limit_can_have_are_left(house: House) -> None:
    await relieve(house, shed_to=90, recovered_below=95)
    assert await fix(house.hass) is FlowResultType.CREATE_ENTRY
    (made,) = added(house)
    assert LimitConfig.of(made.data).thresholds == Thresholds()


async def test_no_other_automation_is_meant(house: House) -> None:
    """It is offered as long as the automation exists, and for that blueprint alone."""
    await relieve(house)
    assert issue(house.hass) is not None
    await house.automate("asset_offline", assets={"device_id": []})
    await house.hass.services.async_call("automation", "reload", blocking=True)
    assert issue(house.hass) is None


async def test_a_line_that_is_gone(house: House) -> None:
    await relieve(house)
    await house.hass.config_entries.async_remove(house.heimdall.entry_id)
    assert await fix(house.hass) is FlowResultType.ABORT


@pytest.mark.parametrize("inputs", [{}, {"congested_for": {"minutes": 5}}])
async def test_the_blueprint_still_works(house: House, inputs: dict[str, object]) -> None:
    """A copy that was imported before runs on the same actions."""
    await relieve(house, **inputs)
    await house.wait(minutes=10, step=300)
    assert house.errors() == []
