"""Names that try to be more than text: a table of them, followed everywhere they show."""

from collections.abc import Iterable
from itertools import cycle
import json
import re
import string
from typing import Final
import unicodedata

from homeassistant.components.diagnostics import DOMAIN as DIAGNOSTICS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gridduck_heimdall.api.sanitizer import (
    LONGEST_NAME,
    escape_markdown,
    sanitize_name,
    sanitize_text,
)
from custom_components.gridduck_heimdall.backends import BACKENDS
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.issues import access_denied, async_raise
from simulator.faults import Cloud, Fault
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import setup
from tests.test_config_flow import FORMS, go_on, start

# What the service sends, and what is shown of it.
NAMES: Final = {
    "html": ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
    "script": ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    "link": ("[click](javascript:alert(1))", "[click](javascript:alert(1))"),
    "picture": ("![x](http://evil.example/p.png)", "![x](http://evil.example/p.png)"),
    "template": ("{{ 7 * 7 }}{% raw %}", "{{ 7 * 7 }}{% raw %}"),
    "placeholder": ("{title} {0} {error}", "{title} {0} {error}"),
    "percent": ("%s %(a)d 100%", "%s %(a)d 100%"),
    "line": ("Lamp\nERROR forged\r\n\x1b[31m", "Lamp ERROR forged [31m"),
    "control": ("a\x00b\x07c\x85d\u2028e", "a b c d e"),
    "direction": ("\u202etxt.exe\u202c \u2066x\u2069", "txt.exe x"),
    "unseen": ("\u200bL\ufeffamp\u2060", "Lamp"),
    "emoji": ("👩\u200d🔧 Bö\u0301iler ⚡", "👩\u200d🔧 Bö\u0301iler ⚡"),
    "right to left": ("מנורה \u200f1", "מנורה 1"),
    "long": ("x" * 10_000, "x" * (LONGEST_NAME - 1) + "…"),
    "surrogate": ("half \ud83d", "half ?"),
    "path": ("../../etc/passwd", "../../etc/passwd"),
    "empty": ("", None),
    "blank": (" \t\u3000 ", None),
    "only unseen": ("\u200b\u200d\u202e", None),
}
TABLE = pytest.mark.parametrize(("name", "shown"), NAMES.values(), ids=NAMES)
FORBIDDEN: Final = {"Cc", "Cs", "Zl", "Zp"}
TURNING: Final = {
    chr(one) for one in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def is_plain(text: str) -> bool:
    """Tell whether a text is on one line and turns no direction."""
    return not TURNING & set(text) and not FORBIDDEN & {unicodedata.category(one) for one in text}


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(lines=3)


@TABLE
def test_sanitize_name(name: str, shown: str | None) -> None:
    # A lone half becomes a question mark already where JSON is read.
    sent = name.encode(errors="replace").decode()
    assert sanitize_name(sent, "other") == (shown or "other")
    assert is_plain(sanitize_name(name))
    assert len(sanitize_text(name)) <= 200
    assert is_plain(sanitize_text(name))


def test_nothing_to_show() -> None:
    assert sanitize_name(None, "", " ") == ""


def call_everything(simulator: Simulator, names: Iterable[str]) -> None:
    """Have both clouds call everything by these names, in turn."""
    # A lone half becomes a question mark already where the simulator writes JSON.
    turn = cycle(name.encode(errors="replace").decode() for name in names)
    world = simulator.gridduck.world
    for asset_id in world.ids():
        for field in ("gateway_name", "site_name", "name"):
            world.set_field(asset_id, field, next(turn))
    for line in simulator.heimdall.world.lines():
        simulator.heimdall.world.rename_line(line.id, next(turn))
    owner = "/data/grid_owners/*"
    places = (owner, f"{owner}/facilities/*", f"{owner}/facilities/*/components/*")
    simulator.faults.add(
        Fault(
            service="heimdall",
            path="/assets$",
            count=None,
            kind="patch",
            patch=[(f"{place}/name", next(turn)) for place in places],
        )
    )


async def test_everywhere(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Devices, entities, states, diagnostics and the log of two accounts with such names."""
    caplog.set_level("DEBUG")
    call_everything(simulator, (name for name, _ in NAMES.values()))
    assert await async_setup_component(hass, DIAGNOSTICS, {})
    names = set[str]()
    for entry in (gridduck_entry, heimdall_entry):
        await setup(hass, entry)
        devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        names |= {device.name or "" for device in devices}
        for registered in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
            assert registered.entity_id.isascii()
            assert len(registered.entity_id) <= 255
        answer = await get_diagnostics_for_config_entry(hass, hass_client, entry)
        text = json.dumps(answer, ensure_ascii=False)
        assert not [name for name, _ in NAMES.values() if len(name) > 4 and name in text]
    assert all(one and is_plain(one) and len(one) <= LONGEST_NAME for one in names)
    assert names >= {shown for _, shown in NAMES.values() if shown is not None}
    for state in hass.states.async_all():
        shown = [state.state, state.name, *map(str, state.attributes.values())]
        assert all(map(is_plain, shown)), state
    assert not [line for line in caplog.text.splitlines() if line.startswith("ERROR forged")]


@pytest.mark.parametrize("service", FORMS)
async def test_title(hass: HomeAssistant, simulator: Simulator, service: Cloud) -> None:
    """The title of an account that was added by the config flow, and the forms that name it."""
    for name in ("link", "line", "direction", "long", "only unseen"):
        sent, shown = NAMES[name]
        simulator.faults.clear()
        call_everything(simulator, [sent])
        result = await go_on(hass, await start(hass, service), FORMS[service](simulator))
        await hass.async_block_till_done()
        entry = result["result"]
        assert is_plain(entry.title)
        assert entry.title.startswith(BACKENDS[service].title)
        assert shown is None or entry.title.endswith(f": {shown}")
        entry.async_start_reauth(hass)
        await hass.async_block_till_done()
        [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        form = await hass.config_entries.flow.async_configure(flow["flow_id"])
        assert form["description_placeholders"] is not None
        assert form["description_placeholders"]["account"] == entry.title
        await hass.config_entries.async_remove(entry.entry_id)


async def test_issue(hass: HomeAssistant, gridduck_entry: MockConfigEntry) -> None:
    """The title is plain text in the title of an issue, and escaped in its description."""
    gridduck_entry.add_to_hass(hass)
    name = NAMES["picture"][0]
    hass.config_entries.async_update_entry(gridduck_entry, title=name)
    issue = access_denied("gridduck")
    async_raise(hass, gridduck_entry, issue, error="See [this](http://evil.example)")
    found = ir.async_get(hass).async_get_issue(DOMAIN, issue.id_of(gridduck_entry.entry_id))
    assert found is not None
    assert found.translation_placeholders == {
        "title": name,
        "account": escape_markdown(name),
        "error": escape_markdown("See [this](http://evil.example)"),
    }
    for key, text in (await async_get_translations(hass, "en", "issues", {DOMAIN})).items():
        assert not (key.endswith("description") and "{title}" in text), key


async def test_no_name_in_the_markdown_of_forms(hass: HomeAssistant) -> None:
    """Titles are plain text; descriptions are Markdown and hold no text of a service."""
    strings = await async_get_translations(hass, "en", "config", {DOMAIN})
    texts = {key: text for key, text in strings.items() if key.endswith(".description")}
    assert len(texts) > 4
    used = {name for text in texts.values() for name in re.findall(r"\{(\w+)\}", text)}
    # These are texts of the integration itself.
    assert used <= {"dashboard", "scopes", "service"}


@pytest.mark.parametrize("name", [name for name, shown in NAMES.values() if shown])
def test_escape_markdown(name: str) -> None:
    """Everything that could begin a link, a picture, markup or a list is escaped."""
    text = escape_markdown(sanitize_name(name))
    # As a reader of CommonMark has it: an escaped character is that character, and nothing else.
    rest = iter(text)
    plain = "".join(next(rest) if char == "\\" else char for char in rest)
    assert plain == sanitize_name(name)
    assert text.count("\\") >= sum(char in string.punctuation for char in plain)
