"""Pauses after failed commands: of an asset, and of an account whose commands all fail."""

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.gridduck_heimdall.load_limits.candidates import CandidateAsset
from custom_components.gridduck_heimdall.load_limits.pauses import GIVEN_UP_AFTER, LONGEST, Pauses

from .yard import Yard

NOW = 1_000_000.0


@pytest.mark.parametrize(
    ("error", "paused"),
    [(HomeAssistantError("failed"), True), (ServiceValidationError("disabled"), False)],
)
async def test_an_account_pauses_if_its_service_fails(
    yard: Yard, error: HomeAssistantError, paused: bool
) -> None:
    """An asset that may not be controlled, so that nothing is sent, holds up no other."""
    charger, pump = (
        CandidateAsset(account=yard.account, asset_id=one, device_id=None)
        for one in (yard.charger, yard.pump)
    )
    pauses = Pauses()
    for _ in range(GIVEN_UP_AFTER):
        pauses.failed(charger, error, NOW)
    assert pauses.holds(charger, NOW + LONGEST - 1)
    assert not pauses.holds(charger, NOW + LONGEST)
    assert pauses.holds(pump, NOW) is paused
    pauses.succeeded(pump)
    assert not pauses.holds(pump, NOW)
