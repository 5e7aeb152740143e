"""Every word that is used exists, and every word that exists is used."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
from types import MappingProxyType
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import SelectSelector
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.gridduck_heimdall import config_flow, repairs, system_health
from custom_components.gridduck_heimdall.actions.lines import CONGESTION
from custom_components.gridduck_heimdall.api.errors import ErrorReason
from custom_components.gridduck_heimdall.backends import BACKENDS
from custom_components.gridduck_heimdall.const import CONF_ENVIRONMENT, DOMAIN
from custom_components.gridduck_heimdall.core import (
    command_queue,
    config_forms,
    entity_choice,
    exceptions,
    inclusion,
    issues,
    lifetime,
    storage,
)
from custom_components.gridduck_heimdall.gridduck import command_errors
from custom_components.gridduck_heimdall.heimdall.line_response import (
    FORECAST_KINDS,
    MEASUREMENT_KINDS,
)
from custom_components.gridduck_heimdall.heimdall.options import OPTIONS_SCHEMA as HEIMDALL_OPTIONS
from custom_components.gridduck_heimdall.llm_tools import tool
from custom_components.gridduck_heimdall.load_limits.issues import DAMAGED
from custom_components.gridduck_heimdall.load_limits.meter import Problem
from custom_components.gridduck_heimdall.load_limits.settings.config import SUBENTRY_TYPE, Measured
from custom_components.gridduck_heimdall.load_limits.settings.forms import SECTIONS, form_schema
from custom_components.gridduck_heimdall.load_limits.settings.replaced_blueprint import (
    ISSUE as REPLACED,
)
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import first_device, setup

INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / DOMAIN
STRINGS: Final[dict[str, Any]] = json.loads((INTEGRATION / "translations/en.json").read_text())
ICONS: Final[dict[str, Any]] = json.loads((INTEGRATION / "icons.json").read_text())
SERVICES: Final = load_yaml_dict(str(INTEGRATION / "services.yaml"))
AUTOMATION: Final = {
    section: {
        key: value
        for key, value in load_yaml_dict(str(INTEGRATION / f"{section}.yaml")).items()
        if not key.startswith(".")
    }
    for section in ("triggers", "conditions")
}

RAISED: Final = {
    "ConfigEntryAuthFailed",
    "ConfigEntryNotReady",
    "HomeAssistantError",
    "ServiceValidationError",
    "UpdateFailed",
    "_refused",
    # Where nothing is left of a target.
    "conclude",
    # Of an error that brings its own key.
    "__init__",
}

ALL_ISSUES: Final = (*issues.ISSUES, *map(issues.access_denied, BACKENDS))


RAISED_BY_KEY: Final = {"failure", "duration_between", "_out_of_range"}
"""Functions that take the key of an exception as an argument."""

OF_CORE: Final = ("logbook_", "shed_", "span_number", "statistic_")
"""Texts that Home Assistant shows, not a card; what follows is chosen at run time."""


def constants(call: ast.Call) -> Iterator[str]:
    """Yield the arguments of a call that are plain texts."""
    for argument in call.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


@pytest.fixture
def simulator_options() -> Options:
    """Return a world of several sites."""
    return Options()


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call in the integration, with the last name of what is called."""
    for path in INTEGRATION.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func).rsplit(".", 1)[-1], node


def keyword(call: ast.Call, name: str) -> str | None:
    """Return a keyword argument that is a plain text."""
    for argument in call.keywords:
        if argument.arg == name and isinstance(argument.value, ast.Constant):
            return str(argument.value.value)
    return None


def leaves(tree: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of the translations with the path to it."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, f"{path}.{key}" if path else key)
    else:
        yield path, str(tree)


def test_exceptions() -> None:
    used = {keyword(call, "translation_key") for name, call in calls() if name in RAISED}
    used |= set(exceptions.TRANSLATION_KEYS.values()) | set(command_errors.COMMAND_KEYS.values())
    used |= {lifetime.ACCOUNT_CLOSED, command_queue.NOT_SENT, command_queue.OUTCOME_UNKNOWN}
    used |= {exceptions.ASKS_FOR_PAUSE, command_errors.ASKS_FOR_PAUSE, tool.NOT_EXPOSED}
    used |= {text for name, call in calls() if name in RAISED_BY_KEY for text in constants(call)}
    used |= set(exceptions.SYSTEM_ERRORS.values()) | {exceptions.OTHER, exceptions.INTERNAL}
    reasons = {f"api_{reason}" for reason in ErrorReason}
    detailed = {key for key in STRINGS["exceptions"] if key.removesuffix("_detail") in reasons}
    assert used - {None} | reasons | detailed == set(STRINGS["exceptions"])


def test_issues() -> None:
    raised = {
        argument.id
        for name, call in calls()
        if name == "async_raise"
        for argument in call.args
        if isinstance(argument, ast.Name) and argument.id in vars(issues)
    }
    assert {getattr(issues, name) for name in raised} == set(issues.ISSUES)
    of_files = {*storage.Damage, storage.WRITE_FAILED}
    keys = {issue.key for issue in ALL_ISSUES}
    assert keys | of_files | set(Problem) | {DAMAGED, REPLACED} == set(STRINGS["issues"])


def test_repairs() -> None:
    """An issue that can be fixed here has words for each step, any other an explanation."""
    for issue in ALL_ISSUES:
        assert (issue in repairs.FLOWS) is issue.fixable
        assert set(STRINGS["issues"][issue.key]) - {"title"} == {
            "fix_flow" if issue in repairs.FLOWS else "description"
        }


def test_system_health() -> None:
    rows = {"state", "reach_api", *system_health.FACTS}
    named = {f"{service}_{row}" for service in BACKENDS for row in rows}
    # Only GridDuck has features that are merely assumed.
    named ^= {"heimdall_reach_token", "heimdall_not_available"}
    assert named == set(STRINGS["system_health"]["info"])


def test_cards() -> None:
    source = Path(__file__).parents[1] / "frontend" / "src"
    files = [*source.rglob("*.ts"), *(INTEGRATION / "frontend").glob("*.py")]
    code = "".join(path.read_text("utf-8") for path in files)
    used = set(re.findall(r'"(\w+)"', code))
    # The description of a card follows its name.
    used |= {f"{name}_description" for name in re.findall(r'\bname: "(\w+_card)"', code)}
    assert not {key for key in STRINGS["common"] if not key.startswith(OF_CORE)} - used


def test_texts_of_home_assistant() -> None:
    """Each text that Python shows is used: its key, or the beginning of it, is in the code."""
    code = "".join(path.read_text("utf-8") for path in INTEGRATION.rglob("*.py"))
    used = set(re.findall(rf'"((?:{"|".join(OF_CORE)})\w*)', code))
    for key in STRINGS["common"]:
        if key.startswith(OF_CORE):
            assert any(key.startswith(one) for one in used), key


def test_flow_errors() -> None:
    used = {
        str(call.args[0].value)
        for name, call in calls()
        if name in {"FormError", "NothingFound"} and isinstance(call.args[0], ast.Constant)
    }
    used |= {key for _, key in config_flow.ERRORS}
    # An address is either of the two.
    used |= {
        f"{how}_{what}" for how in ("insecure", "invalid") for what in ("address", "token_address")
    }
    of_load_limits = STRINGS["config_subentries"][SUBENTRY_TYPE]["error"]
    assert used == set(STRINGS["config"]["error"]) | set(of_load_limits)


def test_flow_steps() -> None:
    steps = {
        str(name).removeprefix("async_step_")
        for name in dir(config_flow.AccountFlow)
        if name.startswith("async_step_")
    }
    asked = set(STRINGS["config"]["step"])
    # These lead on to another step and show nothing themselves, or are Home Assistant's own.
    silent = {"reauth"}
    assert asked <= steps
    own = {name for name in vars(config_flow.AccountFlow) if name.startswith("async_step_")}
    assert {name.removeprefix("async_step_") for name in own} - silent <= asked


@pytest.mark.parametrize("service", list(BACKENDS))
def test_form_fields(service: str) -> None:
    """Each field of a form has a name and an explanation, and none is left over."""
    step = STRINGS["config"]["step"][service]
    schema = BACKENDS[service].form.schema().schema
    assert {str(key) for key in schema} == set(step["data"]) | set(step["sections"])
    own = {CONF_ENVIRONMENT} if service == "heimdall" else set[str]()
    credentials = {CONF_CLIENT_ID, CONF_CLIENT_SECRET}
    assert set(step["data"]) == set(step["data_description"]) == credentials | own
    section = step["sections"][config_forms.SECTION_ADVANCED]
    fields = {str(key) for key in schema[config_forms.SECTION_ADVANCED].schema.schema}
    assert fields == set(section["data"]) == set(section["data_description"])


def test_reconfiguration_names_every_field() -> None:
    steps = STRINGS["config"]["step"]
    section = steps["reconfigure"]["sections"][config_forms.SECTION_ADVANCED]
    every = {key for name in BACKENDS for key in _section(steps[name])["data"]}
    assert set(section["data"]) == set(section["data_description"]) == every


def _section(step: dict[str, Any]) -> dict[str, Any]:
    section: dict[str, Any] = step["sections"][config_forms.SECTION_ADVANCED]
    return section


def test_actions(hass: HomeAssistant) -> None:
    assert set(SERVICES) == set(STRINGS["services"]) == set(ICONS["services"])
    for name, service in SERVICES.items():
        fields = set(service.get("fields", {}))
        assert fields == set(STRINGS["services"][name].get("fields", {})), name


async def test_actions_are_registered(hass: HomeAssistant, gridduck_entry: MockConfigEntry) -> None:
    await setup(hass, gridduck_entry)
    assert set(hass.services.async_services_for_domain(DOMAIN)) == set(SERVICES)


@pytest.mark.parametrize("section", AUTOMATION)
def test_triggers_and_conditions(section: str) -> None:
    described, icon = AUTOMATION[section], section.removesuffix("s")
    assert set(described) == set(STRINGS[section]) == set(ICONS[section])
    for key, value in described.items():
        texts = STRINGS[section][key]
        assert set(texts) == {"name", "description", "fields"}, key
        assert set(value["fields"]) == set(texts["fields"]), key
        assert ICONS[section][key][icon].startswith("mdi:"), key


@pytest.mark.parametrize("measured", Measured)
def test_forms_of_load_limits(measured: Measured) -> None:
    """Each field has a name, those that need one an explanation, and none is left over."""
    step = STRINGS["config_subentries"][SUBENTRY_TYPE]["step"][measured]
    schema = form_schema(measured, {}).schema
    assert {str(key) for key in schema} == {*step["data"], *step["sections"]}
    assert set(step["data_description"]) <= set(step["data"])
    for name, section in step["sections"].items():
        fields = {str(key) for key in schema[name].schema.schema}
        assert fields == set(section["data"]) == set(section["data_description"]), name


def chosen_from(schema: vol.Schema) -> dict[str, set[object]]:
    """Return what there is to choose in a form, its sections included, by translation key."""
    fields = list(schema.schema.values())
    for section in (config_forms.SECTION_ADVANCED, *SECTIONS):
        if section in schema.schema:
            fields += schema.schema[section].schema.schema.values()
    selects = [field.config for field in fields if isinstance(field, SelectSelector)]
    translated = (one for one in selects if "translation_key" in one)
    return {str(one["translation_key"]): set(one["options"]) for one in translated}


def test_selectors() -> None:
    used: dict[str, set[object]] = {}
    described = [*SERVICES.values(), *AUTOMATION["triggers"].values()]
    for one in [*described, *AUTOMATION["conditions"].values()]:
        for field in one.get("fields", {}).values():
            selector = field.get("selector") or {}
            if select := selector.get("select"):
                used[select["translation_key"]] = set(select["options"])
            if choose := selector.get("choose"):
                used[choose["translation_key"]] = set(choose["choices"])
    choice = vol.Schema(entity_choice.choice_fields({}))
    forms = (backend.form.schema() for backend in BACKENDS.values())
    limits = (form_schema(measured, {}) for measured in Measured)
    for schema in (*forms, *limits, HEIMDALL_OPTIONS, choice):
        used |= chosen_from(schema)
    used |= {
        "service": set(BACKENDS),
        "measured": set(Measured),
        "view_only": {"accept", "other_credentials"},
        "access_denied": {"retry", "credentials"},
        # Beside the names of sites.
        inclusion.CONF_INCLUDE: {inclusion.UNASSIGNED},
    }
    assert used["measurement_kind"] == set(MEASUREMENT_KINDS)
    assert used["forecast_kind"] == {*FORECAST_KINDS, CONGESTION}
    named = {
        key: set(value.get("options") or value["choices"])
        for key, value in STRINGS["selector"].items()
    }
    assert used == named


async def test_entities(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
) -> None:
    """Every entity has a name, and no name or icon is left over."""
    static = {simulator.heimdall.world.lines()[0].id: 800}
    options = {"spans": True, "sensors": True, "static_ratings": static}
    object.__setattr__(heimdall_entry, "options", options)
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    site = first_device(hass, gridduck_entry, "site")
    limit = {
        "measured": "site",
        "device": site,
        "limit": 40,
        "limit_unit": "kilowatt",
        "window": 15,
        "candidates": {"device_id": [site]},
        "mode": "off",
    }
    hass.config_entries.async_add_subentry(
        gridduck_entry,
        ConfigSubentry(
            data=MappingProxyType(limit),
            subentry_type=SUBENTRY_TYPE,
            title="Site",
            unique_id=None,
        ),
    )
    await hass.async_block_till_done()
    named: dict[str, set[str]] = {}
    used: dict[str, set[str]] = {}
    registry = er.async_get(hass)
    for entry in (gridduck_entry, heimdall_entry):
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
            if entity.translation_key:
                used.setdefault(entity.domain, set()).add(entity.translation_key)
                if entity.original_name is not None:
                    named.setdefault(entity.domain, set()).add(entity.translation_key)
    # A switch is called what its device is, and yet the words of its attributes are translated.
    texts = {domain: set(keys) for domain, keys in STRINGS["entity"].items()}
    assert texts.pop("switch") <= used["switch"]
    assert named == texts
    for domain, icons in ICONS["entity"].items():
        assert set(icons) <= used[domain]


def test_words_read_well() -> None:
    """Plain words: no doubled blanks, no stray quotes, names in sentence case."""
    for path, text in leaves(STRINGS):
        assert text == text.strip(), path
        assert "  " not in text, path
        # Home Assistant's validator refuses addresses: they are placeholders.
        assert "://" not in text, path
        if path.rsplit(".", 1)[-1] in {"name", "title"}:
            assert not text.endswith("."), path
            later = re.findall(r"(?<=\s)[A-Z][a-z]+", text)
            assert set(later) <= {"Power", "Duck", "Heimdall", "Home", "Assistant"} | {
                word for word in later if "GridDuck" in text
            }, path
