"""The list of repairs as a user meets it: what is shown, and a fix walked over HTTP."""

from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.issues import Issue


def found(hass: HomeAssistant, entry: MockConfigEntry, issue: Issue) -> ir.IssueEntry | None:
    """Return an account's issue; None where there is none, or one of before a restart only."""
    registered = ir.async_get(hass).async_get_issue(DOMAIN, issue.id_of(entry.entry_id))
    return registered if registered is not None and registered.active else None


def own(hass: HomeAssistant) -> set[str | None]:
    """Return the kinds of all issues of the integration."""
    issues = ir.async_get(hass).issues.values()
    return {one.translation_key for one in issues if one.domain == DOMAIN and one.active}


async def texts(hass: HomeAssistant, issue: ir.IssueEntry) -> dict[str, str]:
    """Return what the user interface shows of an issue, with every placeholder filled in."""
    every = await async_get_translations(hass, "en", "issues", {DOMAIN})
    prefix = f"component.{DOMAIN}.issues.{issue.translation_key}."
    placeholders = issue.translation_placeholders or {}
    return {
        key.removeprefix(prefix): text.format(**placeholders)
        for key, text in every.items()
        if key.startswith(prefix)
    }


async def restart_registry(hass: HomeAssistant) -> None:
    """Let the list of repairs be as after a restart: known, and not yet raised again."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    await ir.async_load(hass)


class Fix:
    """The flow that fixes an issue, by Home Assistant's HTTP API."""

    def __init__(self, client: TestClient[Any, Any], issue: ir.IssueEntry) -> None:
        self._client = client
        self._issue = issue
        self._flow_id = ""

    @classmethod
    async def of(cls, hass: HomeAssistant, client: TestClient[Any, Any], issue: Issue) -> Fix:
        """Return the fix of the only issue of its kind."""
        registered = next(
            one for one in ir.async_get(hass).issues.values() if one.translation_key == issue.key
        )
        return cls(client, registered)

    async def begin(self) -> dict[str, Any]:
        """Open the issue and return its first step."""
        data = {"handler": DOMAIN, "issue_id": self._issue.issue_id}
        step = await post(self._client, "/api/repairs/issues/fix", data)
        self._flow_id = step["flow_id"]
        return step

    async def go_on(self, **data: object) -> dict[str, Any]:
        """Submit a step and return the next."""
        return await post(self._client, f"/api/repairs/issues/fix/{self._flow_id}", data)


async def post(client: TestClient[Any, Any], path: str, data: object) -> dict[str, Any]:
    """Post JSON and return the answer of the success."""
    answer = await client.post(path, json=data)
    assert answer.status == HTTPStatus.OK, await answer.text()
    body: dict[str, Any] = await answer.json()
    return body


async def set_up_repairs(hass: HomeAssistant) -> None:
    """Set up what the HTTP API of repairs and of config flows needs."""
    for component in ("repairs", "config"):
        assert await async_setup_component(hass, component, {})
