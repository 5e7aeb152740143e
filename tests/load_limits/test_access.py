"""What load limits show to support and to other users, and what is left of a damaged file."""

import json
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.gridduck_heimdall import async_remove_config_entry_device
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.diagnostics import (
    async_get_config_entry_diagnostics,
    async_get_device_diagnostics,
)
from custom_components.gridduck_heimdall.load_limits.record import FILE, Record
from tests.load_limits.yard import Yard
from tests.repairs import own

from .feeder import SENSOR, Feeder, add, device_of, shown


async def test_diagnostics(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """They have figures, settings and decisions, and no name."""
    subentry = await add(yard, feeder.limit)
    await feeder.run(2)
    device = device_of(yard, subentry)
    found = await async_get_device_diagnostics(hass, yard.entry, device)
    assert found["candidates"] == 4
    assert found["settings"]["candidates"] == 1
    assert found["status"]["assets"] == 1
    assert found["decisions"][0]["action"] == "curtail"
    assert len(found["curtailed"]) == 1
    text = json.dumps(found)
    for name in ("Charger", "Feeder", SENSOR, yard.charger, yard.site):
        assert name not in text
    account = await async_get_config_entry_diagnostics(hass, yard.entry)
    assert account["load_limits"] == [found]


async def test_its_device_stays(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """It goes with the load limit."""
    subentry = await add(yard, feeder.limit)
    device = device_of(yard, subentry)
    with pytest.raises(HomeAssistantError) as error:
        await async_remove_config_entry_device(hass, yard.entry, device)
    assert error.value.translation_key == "device_of_load_limit"


async def test_a_user_without_rights(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_read_only_user: MockUser
) -> None:
    """They neither restore nor change the mode; a user without any rights sees no decision."""
    subentry = await add(yard, feeder.limit)
    await feeder.run(2)
    context = Context(user_id=hass_read_only_user.id)
    button = shown(hass, subentry, "button", "load_limit_restore").entity_id
    select = shown(hass, subentry, "select", "load_limit_mode").entity_id
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("button", "press", {"entity_id": button}),
        ("select", "select_option", {"entity_id": select, "option": "off"}),
    ]
    for domain, action, data in calls:
        with pytest.raises(Unauthorized):
            await hass.services.async_call(domain, action, data, blocking=True, context=context)
    hass_read_only_user.mock_policy({})
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN, "get_decisions", {}, blocking=True, return_response=True, context=context
        )


@pytest.mark.parametrize("gone", ["load limit", "account"])
async def test_decisions_of_what_is_gone(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_read_only_user: MockUser, gone: str
) -> None:
    """Decisions outlive their load limit; they name an asset, which the user must be able to read.

    That may be one of an account that is not in use.
    """
    subentry = await add(yard, feeder.limit)
    await feeder.run(2)
    if gone == "load limit":
        hass.config_entries.async_remove_subentry(yard.entry, subentry.subentry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    else:
        await hass.config_entries.async_unload(yard.entry.entry_id)
    context = Context(user_id=hass_read_only_user.id)

    async def read() -> object:
        answer = await hass.services.async_call(
            DOMAIN, "get_decisions", {}, blocking=True, return_response=True, context=context
        )
        return (answer or {})["decisions"]

    assert await read()
    hass_read_only_user.mock_policy({"entities": {"domains": {"light": True}}})
    with pytest.raises(Unauthorized):
        await read()


@pytest.mark.parametrize(
    ("content", "left"),
    [
        ([], 0),
        ({}, 0),
        ({"curtailed": 5, "returned": "x", "blocked": [], "decisions": None}, 0),
        ({"blocked": {"a": "soon", "b": 5}}, 0),
        ({"curtailed": [{"key": "a"}, None, "x"]}, 0),
        (
            {
                "curtailed": [
                    {
                        "key": f"cloud {until}",
                        "request": "r",
                        "since": 1.0,
                        "renewed": 1.0,
                        "until": until,
                        "power": 5.0,
                    }
                    for until in (2.0, 1e300, -1.0)
                ]
            },
            1,
        ),
    ],
)
async def test_a_damaged_file(
    hass: HomeAssistant, hass_storage: dict[str, Any], content: object, left: int
) -> None:
    """What can be read is used, and the start goes on."""
    hass_storage[FILE] = {"version": 1, "minor_version": 1, "key": FILE, "data": content}
    record = Record(hass)
    await record.async_load()
    assert len(record.ledger.curtailed) == left
    assert not list(record.journal)
    assert own(hass) <= {"storage_partly_unreadable", "storage_unreadable"}
    assert bool(own(hass)) is (content != {})
