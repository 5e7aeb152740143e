"""What the guide and the README say of automation is so: links, tables and examples."""

from collections.abc import Iterator
import logging
from pathlib import Path
import re
from urllib.parse import parse_qs, urlsplit

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.helpers import device_registry as dr, label_registry as lr
from homeassistant.util.yaml import parse_yaml
import pytest

from custom_components.gridduck_heimdall.condition import CONDITIONS
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.shedding.candidates import Reason
from custom_components.gridduck_heimdall.trigger import TRIGGERS
from simulator.feeder import LINE, SITE
from simulator.options import Options

from .house import AUTOMATION, House
from .test_files import NAMES, ROOT, documentation

GUIDE = ROOT / "docs" / "automation.md"
README = ROOT / "README.md"
ANY_LINE, ANY_SITE = "0123456789abcdef" * 2, "fedcba9876543210" * 2
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)


@pytest.fixture
def simulator_options() -> Options:
    return Options(lines=1, assets=0, sites=1, feeders=1)


@pytest.fixture
def start() -> str:
    """Return a time at which the feeder is overloaded."""
    return "2026-11-17T18:00:00Z"


def section(title: str) -> str:
    """Return a section of the guide."""
    found = re.search(
        rf"^## {title}\n(.*?)^## ", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    return found[1]


def listed(text: str) -> list[str]:
    """Return the keys in the first column of tables."""
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return [key for row in rows for key in re.findall(r"`(\w+)`", row)]


def used(part: object, kind: str) -> Iterator[str]:
    """Yield the triggers or conditions of this integration in an example."""
    match part:
        case dict():
            for key, value in part.items():
                if key == kind and isinstance(value, str) and value.startswith(f"{DOMAIN}."):
                    yield value.partition(".")[2]
                yield from used(value, kind)
        case list():
            for value in part:
                yield from used(value, kind)


@pytest.mark.parametrize("document", [GUIDE, README], ids=["guide", "readme"])
def test_each_blueprint_can_be_imported(document: Path) -> None:
    text = document.read_text("utf-8")
    links = re.findall(r"\((https://my\.home-assistant\.io/redirect/blueprint_import/.*?)\)", text)
    found = set()
    for link in links:
        query = parse_qs(urlsplit(link).query, strict_parsing=True)
        (address,) = query.pop("blueprint_url")
        assert not query
        assert address.startswith(f"{documentation()}/blob/main/")
        file = ROOT / address.removeprefix(f"{documentation()}/blob/main/")
        assert file.is_file()
        found.add(file.name)
    assert found == set(NAMES)


def test_links_of_the_guide_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", GUIDE.read_text("utf-8"))
    for link in [one for one in links if "://" not in one]:
        path, _, anchor = link.partition("#")
        file = GUIDE if not path else (GUIDE.parent / path).resolve()
        assert file.is_file(), link
        titles = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.MULTILINE)
        assert not anchor or anchor in {title.lower().replace(" ", "-") for title in titles}, link


def test_tables_and_examples_have_all_there_is() -> None:
    assert sorted(listed(section("Triggers"))) == sorted(TRIGGERS)
    assert sorted(listed(section("Conditions"))) == sorted(CONDITIONS)
    assert set(Reason) <= set(listed(section("How shedding chooses")))
    examples = [parse_yaml(example) for example in EXAMPLES]
    assert sorted(used(examples, "trigger")) == sorted(TRIGGERS)
    assert sorted(used(examples, "condition")) == sorted(CONDITIONS)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
async def test_examples_run(house: House, number: int, caplog: pytest.LogCaptureFixture) -> None:
    world = house.simulator.gridduck.world
    line = next(one for one in house.simulator.heimdall.world.lines() if one.name == LINE)
    assets = house.assets(SITE)
    for asset in assets:
        world.set_field(asset.id, "min_time_on", None)
    named = {
        ANY_LINE: house.device("line", line.id),
        ANY_SITE: house.device("site", assets[0].site.id),
    }
    labels, devices = lr.async_get(house.hass), dr.async_get(house.hass)
    for label, device in (
        ("Flexible", house.device("asset", assets[0].id)),
        ("Mountain lines", named[ANY_LINE]),
    ):
        made = labels.async_create(label)
        devices.async_update_device(device, labels={made.label_id})
    await house.wait(minutes=2)
    example = EXAMPLES[number]
    for placeholder, device in named.items():
        example = example.replace(placeholder, device)
    config = parse_yaml(example)
    assert isinstance(config, dict)
    await house.configure({"triggers": [], "actions": [], **config})
    house.simulator.calls.clear()
    await house.hass.services.async_call(
        "automation", "trigger", {ATTR_ENTITY_ID: AUTOMATION, "skip_condition": False}
    )
    await house.wait(minutes=5, step=30)
    assert house.errors() == []
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
    if "actions" in config:
        assert house.simulator.calls.list(service="gridduck", method="PUT")
        (message,) = house.messages()
        names = message.removesuffix(" gave way.").split(", ")
        assert set(names) <= {asset.name for asset in assets}
