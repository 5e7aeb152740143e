"""Whose sign-in a feed follows."""

from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.frontend.feed import async_follow_sign_in
from tests.heimdall.home import Home


async def test_sign_in_of_an_account_is_followed(home: Home) -> None:
    waiting: list[str] = []
    end = async_follow_sign_in(home.hass, waiting.append)
    home.entry.async_start_reauth(home.hass)
    await home.hass.async_block_till_done()
    assert waiting == [home.entry.entry_id]
    (flow,) = home.hass.config_entries.flow.async_progress()
    home.hass.config_entries.flow.async_abort(flow["flow_id"])
    await home.hass.async_block_till_done()
    assert waiting == [home.entry.entry_id] * 2
    end()
    home.entry.async_start_reauth(home.hass)
    await home.hass.async_block_till_done()
    assert len(waiting) == 2


async def test_repairs_of_others_are_not_followed(home: Home) -> None:
    waiting: list[str] = []
    async_follow_sign_in(home.hass, waiting.append)
    other = MockConfigEntry(domain="other")
    for domain, issue_id in (
        (HOMEASSISTANT_DOMAIN, f"config_entry_reauth_{other.domain}_{other.entry_id}"),
        (HOMEASSISTANT_DOMAIN, "country_not_configured"),
        (home.entry.domain, f"config_entry_reauth_{home.entry.domain}_{home.entry.entry_id}"),
    ):
        ir.async_create_issue(
            home.hass,
            domain,
            issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="any",
        )
    await home.hass.async_block_till_done()
    assert waiting == []
