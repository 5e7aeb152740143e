"""The examples of the README can be used as they stand."""

from collections.abc import Iterator
from pathlib import Path
import re

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml

from custom_components.gridduck_heimdall.const import DOMAIN

README = Path(__file__).parents[1] / "README.md"


def actions(part: object) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the actions of this integration in an example, with what they are given."""
    match part:
        case {"action": str() as action, **rest} if action.startswith(f"{DOMAIN}."):
            data, target = rest.get("data"), rest.get("target")
            assert isinstance(data, dict)
            yield action.partition(".")[2], data | (target if isinstance(target, dict) else {})
        case dict():
            for value in part.values():
                yield from actions(value)
        case list():
            for value in part:
                yield from actions(value)


async def test_actions_in_examples(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    blocks = re.findall(r"```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    found = [action for block in blocks for action in actions(parse_yaml(block))]
    assert found
    for name, data in found:
        schema = hass.services.async_services_for_domain(DOMAIN)[name].schema
        assert schema is not None
        schema(data)
