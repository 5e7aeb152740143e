"""What the guide and the reference say of automation is so: links, tables and examples."""

from collections.abc import Mapping
import logging
import re
from urllib.parse import parse_qs, urlsplit

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.helpers import device_registry as dr, label_registry as lr
from homeassistant.util.yaml import parse_yaml
import pytest

from custom_components.gridduck_heimdall.load_limits.shedding.passed import PassedReason
from simulator.feeder import LINE, SITE
from simulator.options import Options

from .house import AUTOMATION, House
from .test_files import NAMES, ROOT, documentation

GUIDE = ROOT / "docs" / "automation.md"
REFERENCE = ROOT / "docs" / "reference"
ANY_LINE, ANY_SITE = "0123456789abcdef" * 2, "fedcba9876543210" * 2
ANY_ASSET = "00112233445566778899aabbccddeeff"
ANY_ACCOUNT = "ffeeddccbbaa99887766554433221100"
# There is no recorder here, no load limit, and no data request to name.
# The tests of these actions run them.
NOT_RUN = (
    "import_",
    "get_data_request_link",
    "delete_data_request",
    "plan_load",
    "get_expected_load",
    "_report",
)


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


def examples(kind: str, devices: Mapping[str, str]) -> dict[str, list[object]]:
    """Return all examples of a reference as one automation, with the ids of devices."""
    text = (REFERENCE / f"{kind}.md").read_text("utf-8")
    for placeholder, device in devices.items():
        text = text.replace(placeholder, device)
    parts = map(parse_yaml, re.findall(r"```yaml\n(.*?)```", text, re.DOTALL))
    return {kind: [one for part in parts if isinstance(part, dict) for one in part[kind]]}


def test_each_blueprint_can_be_imported() -> None:
    text = GUIDE.read_text("utf-8")
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


def test_reasons_are_explained() -> None:
    assert set(PassedReason) <= set(listed(section("How shedding chooses")))


@pytest.mark.parametrize("kind", ["triggers", "conditions", "actions"])
async def test_examples_run(house: House, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    world = house.simulator.gridduck.world
    line = next(one for one in house.simulator.heimdall.world.lines() if one.name == LINE)
    assets = house.assets(SITE)
    for asset in assets:
        world.set_field(asset.id, "min_time_on", None)
    named = {
        ANY_LINE: house.device("line", line.id),
        ANY_SITE: house.device("site", assets[0].site.id),
        ANY_ASSET: house.device("asset", assets[0].id),
        ANY_ACCOUNT: house.gridduck.entry_id,
    }
    labels, devices = lr.async_get(house.hass), dr.async_get(house.hass)
    for label, device in (
        ("Flexible", named[ANY_ASSET]),
        ("Mountain lines", named[ANY_LINE]),
    ):
        made = labels.async_create(label)
        devices.async_update_device(device, labels={made.label_id})
    await house.wait(minutes=2)
    config = examples(kind, named)
    config[kind] = [one for one in config[kind] if not any(name in str(one) for name in NOT_RUN)]
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
