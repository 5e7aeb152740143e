"""Both accounts are added in the user interface, with a wrong secret and then with the right one.

The first tests: all others use these accounts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import re
from typing import Final

from playwright.async_api import expect
import pytest

from devtools import accounts
from devtools.clouds import Clouds
from devtools.settings import DOMAIN

from .conftest import Visit
from .hands import Hands, Keyboard, Mouse
from .home import Home


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account of one service.

    Attributes:
        service: what the form calls it.
        fields: what is entered, by label; the addresses are those of the simulator.
        secret: the right one.
    """

    service: str
    fields: Callable[[Clouds], Mapping[str, str]]
    secret: Callable[[Clouds], str]


GRIDDUCK: Final = Account(
    service="GridDuck",
    fields=lambda clouds: {
        "Client ID": clouds.gridduck.client_id,
        "Service address": clouds.gridduck.base_url,
    },
    secret=lambda clouds: clouds.gridduck.client_secret,
)
HEIMDALL: Final = Account(
    service="Heimdall Power",
    fields=lambda clouds: {
        "Client ID": clouds.heimdall.client_id,
        "Service address": clouds.heimdall.base_url,
        "Token address": clouds.heimdall.token_url,
        "Scope": clouds.heimdall.scope,
    },
    secret=lambda clouds: clouds.heimdall.client_secret,
)


@pytest.mark.parametrize(
    ("account", "hands_of"),
    [
        pytest.param(GRIDDUCK, Keyboard, id="gridduck-keyboard"),
        pytest.param(GRIDDUCK, Mouse, id="gridduck-mouse"),
        # Then the simulator is busy with the history of all lines.
        pytest.param(HEIMDALL, Mouse, id="heimdall-mouse"),
        pytest.param(HEIMDALL, Keyboard, id="heimdall-keyboard"),
    ],
)
async def test_add_account(
    visit: Visit, launched_home: Home, account: Account, hands_of: type[Hands]
) -> None:
    # By the hands before, or another run.
    await accounts.remove(launched_home.hass, account.service)
    before = await accounts.entries(launched_home.hass)
    person = await visit()
    hands, page = hands_of(person.page), person.page
    await person.open(f"config/integrations/dashboard/add?domain={DOMAIN}")
    await hands.press(page.get_by_role("button", name="OK"))
    dialog = page.locator("dialog-data-entry-flow")
    await hands.choose(dialog.get_by_role("radio", name=account.service))
    await hands.press(dialog.get_by_role("button", name="Next"))
    await hands.toggle(dialog.get_by_role("button", name="Advanced"))
    for label, text in account.fields(launched_home.clouds).items():
        await hands.enter(dialog.get_by_role("textbox", name=label), text)
    secret = dialog.get_by_role("textbox", name="Client secret")
    await hands.enter(secret, "wrong")
    await hands.press(dialog.get_by_role("button", name="Submit"))
    await expect(dialog.locator("ha-alert")).to_contain_text("refused")
    await hands.enter(secret, account.secret(launched_home.clouds))
    await hands.press(dialog.get_by_role("button", name="Submit"))
    await hands.press(dialog.get_by_role("button", name=re.compile("finish", re.IGNORECASE)))
    await person.leave(dialog)
    found = await accounts.wait_until_loaded(launched_home.hass, count=len(before) + 1)
    assert any(each.title.startswith(account.service) for each in found)
    assert person.reported() == []
