"""What the user interface is told of triggers and conditions, and that it fits what they take."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition, config_validation as cv, trigger
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.gridduck_heimdall.automation.forecast import MAX_HOURS
from custom_components.gridduck_heimdall.condition import CONDITIONS
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.description import RATING_KINDS
from custom_components.gridduck_heimdall.core.line_forecast import Confidence
from custom_components.gridduck_heimdall.trigger import TRIGGERS
from tests.conftest import setup
from tests.test_readme import ROOT, documented_fields, examples, sections

type Described = Mapping[str, Mapping[str, Any]]

# For each kind of selector, what the user interface would send.
CHOSEN: Final[Mapping[str, object]] = {
    "automation_behavior": "all",
    "choose": {"active_choice": "entity", "entity": "sensor.limit", "number": 1},
    "duration": {"hours": 0, "minutes": 5, "seconds": 0},
    "number": 12,
    "numeric_threshold": {
        "type": "between",
        "value_min": {"active_choice": "number", "number": 1},
        "value_max": {"active_choice": "entity", "entity": "sensor.limit"},
    },
}
TARGET: Final = {"device_id": ["a"], "label_id": ["b"], "entity_id": ["sensor.c"]}


@pytest.fixture
async def described(hass: HomeAssistant, gridduck_entry: MockConfigEntry) -> Described:
    """Return the descriptions of our triggers and conditions."""
    await setup(hass, gridduck_entry)
    everything = {
        **await trigger.async_get_all_descriptions(hass),
        **await condition.async_get_all_descriptions(hass),
    }
    prefix = f"{DOMAIN}."
    ours = {key.removeprefix(prefix): one for key, one in everything.items() if prefix in key}
    assert None not in ours.values()
    return {key: one for key, one in ours.items() if one is not None}


async def check(hass: HomeAssistant, key: str, options: Mapping[str, object]) -> dict[str, Any]:
    """Return the options as a trigger or condition takes them."""
    config = {"target": TARGET, "options": dict(options)}
    if key in TRIGGERS:
        written = cv.TRIGGER_SCHEMA([{"trigger": f"{DOMAIN}.{key}", **config}])
        (checked,) = await trigger.async_validate_trigger_config(hass, written)
    else:
        written = cv.CONDITION_SCHEMA({"condition": f"{DOMAIN}.{key}", **config})
        checked = await condition.async_validate_condition_config(hass, written)
    return dict(checked["options"])


def choice(field: Mapping[str, Any]) -> object:
    kind, config = next(iter(field["selector"].items()))
    return config["options"][-1] if kind == "select" else CHOSEN[kind]


async def test_everything_is_described(described: Described) -> None:
    assert set(described) == set(TRIGGERS) | set(CONDITIONS)
    for key, one in described.items():
        for entities in one["target"]["entity"]:
            # Only ours, by name or by a device class of our own.
            classes = entities.get("device_class", [])
            assert entities.get("integration") == DOMAIN or all(
                one.startswith(f"{DOMAIN}__") for one in classes
            ), key


async def test_what_can_be_chosen_is_taken(
    hass: HomeAssistant, described: Described, subtests: pytest.Subtests
) -> None:
    for key in (*TRIGGERS, *CONDITIONS):
        with subtests.test(key):
            fields = described[key]["fields"]
            chosen = {name: choice(field) for name, field in fields.items()}
            checked = await check(hass, key, chosen)
            assert set(checked) == set(fields)
            with pytest.raises(vol.Invalid):
                await check(hass, key, {**chosen, "other": 1})


async def test_defaults_are_the_same(
    hass: HomeAssistant, described: Described, subtests: pytest.Subtests
) -> None:
    for key in (*TRIGGERS, *CONDITIONS):
        with subtests.test(key):
            await check_defaults(hass, key, described[key]["fields"])


async def check_defaults(hass: HomeAssistant, key: str, fields: Mapping[str, Any]) -> None:
    """Check that what is left out gets the default that is shown, or is missed."""
    needed = {name: choice(field) for name, field in fields.items() if "default" not in field}
    checked = await check(hass, key, needed)
    for name, field in fields.items():
        if "default" in field and name != "for":
            assert checked[name] == field["default"], name
    for name in needed:
        assert name == "threshold"
        with pytest.raises(vol.Invalid):
            await check(hass, key, {})


@pytest.mark.parametrize("key", ["capacity_forecast_fell_below", "capacity_forecast_stays_above"])
async def test_all_forecasts_can_be_chosen(described: Described, key: str) -> None:
    fields = described[key]["fields"]
    assert set(fields["rating"]["selector"]["select"]["options"]) == set(RATING_KINDS)
    assert tuple(fields["level"]["selector"]["select"]["options"]) == tuple(Confidence)
    assert fields["hours"]["selector"]["number"]["max"] == MAX_HOURS


@pytest.mark.parametrize(
    ("reference", "keys"),
    [("triggers", tuple(TRIGGERS)), ("conditions", tuple(CONDITIONS))],
    ids=["triggers", "conditions"],
)
async def test_reference(
    hass: HomeAssistant, described: Described, reference: str, keys: tuple[str, ...]
) -> None:
    """Each has a section with all of its options and an example that is valid."""
    documented = sections(ROOT / "docs" / "reference" / f"{reference}.md")
    assert sorted(documented) == sorted(keys)
    for key in keys:
        assert documented_fields(documented[key]) == set(described[key]["fields"]), key
        (example,) = examples(documented[key])
        assert isinstance(example, dict)
        (one,) = example[reference]
        assert one[reference.removesuffix("s")] == f"{DOMAIN}.{key}"
        await validate(hass, example)


async def test_examples_in_the_readme(hass: HomeAssistant, described: Described) -> None:
    used = [
        automation
        for example in examples((ROOT / "README.md").read_text("utf-8"))
        if isinstance(example, dict)
        for automation in example.get("automation", ())
    ]
    assert sum(f"{DOMAIN}." in str(one["triggers"]) for one in used)
    for one in used:
        await validate(hass, one)


async def validate(hass: HomeAssistant, automation: Mapping[str, Any]) -> None:
    """Validate the triggers and conditions of an automation."""
    triggers = cv.TRIGGER_SCHEMA(automation.get("triggers", []))
    await trigger.async_validate_trigger_config(hass, triggers)
    for each in automation.get("conditions", ()):
        assert await condition.async_validate_condition_config(hass, cv.CONDITION_SCHEMA(each))
