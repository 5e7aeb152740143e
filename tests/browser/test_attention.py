"""What needs attention names its devices: a press opens the details, or names the others."""

from typing import Any, Final

from playwright.async_api import expect
import pytest

from .conftest import Visit
from .hands import Hands, Keyboard, Mouse
from .home import Home
from .rows import CARDS_DASHBOARD, make_dashboards
from .test_views import complete
from .wire import change_messages

LINE: Final = "Storvik - Elvebakk"
"""The line of the demo whose rating is a fallback."""
CARD: Final = "gridduck-heimdall-attention"
FEW: Final = 8
NUMBERS: Final = range(1, 13)
"""Those of the copies."""

pytestmark = pytest.mark.parametrize(
    "hands_of", [pytest.param(Mouse, id="mouse"), pytest.param(Keyboard, id="keyboard")]
)


@pytest.fixture(autouse=True)
async def _dashboards(home: Home) -> None:
    await make_dashboards(home)


async def test_details(visit: Visit, hands_of: type[Hands]) -> None:
    person = await visit()
    await person.open(f"{CARDS_DASHBOARD}/attention")
    line = person.page.locator(CARD).get_by_role("button", name=LINE, exact=True)
    await hands_of(person.page).press(line)
    details = person.page.locator("ha-more-info-dialog")
    await expect(details.get_by_text("DLR fallback").first).to_be_visible()


async def test_many(visit: Visit, home: Home, hands_of: type[Hands]) -> None:
    """The first ones are named in order, the others when they are asked for."""
    line = await home.device("line", LINE)
    person = await visit()
    fallback = (await home.inventory()).of_key(line, "dlr_fallback")
    assert fallback is not None
    await change_messages(person.page, Copies(line.id, fallback.entity_id))
    await person.open(f"{CARDS_DASHBOARD}/attention")
    row = person.page.locator(f"{CARD} .rows > li").filter(has_text="DLR fallback")
    names = [LINE, *(f"{LINE} {number}" for number in NUMBERS)]
    devices = row.get_by_role("listitem")
    await expect(devices).to_have_text([*names[:FEW], f"Show {len(names) - FEW} more"])
    await hands_of(person.page).press(row.get_by_role("button", name="more"))
    await expect(devices).to_have_text(names)
    await complete(person)


class Copies:
    """Adds copies of a line, and of one of its entities, to what Home Assistant sends to a page."""

    def __init__(self, device_id: str, entity_id: str) -> None:
        """Take the line and the entity."""
        self.device_id, self.entity_id = device_id, entity_id

    def __call__(self, message: Any) -> Any:
        """Return a message with the copies."""
        match message:
            case {"result": [{"identifiers": _}, *_] as devices}:
                line = next(each for each in devices if each["id"] == self.device_id)
                devices += [
                    {**line, "id": f"{line['id']}{number}", "name": f"{line['name']} {number}"}
                    for number in NUMBERS
                ]
            case {"result": {"entities": [*entities]}}:
                one = next(each for each in entities if each["ei"] == self.entity_id)
                message["result"]["entities"] += [
                    {**one, "ei": f"{one['ei']}_{number}", "di": f"{one['di']}{number}"}
                    for number in NUMBERS
                ]
            case {"event": {"a": dict(states)}} if self.entity_id in states:
                state = states[self.entity_id]
                states |= {f"{self.entity_id}_{number}": state for number in NUMBERS}
        return message
