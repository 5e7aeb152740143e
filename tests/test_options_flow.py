"""The options of an account of either service."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.selector import SelectSelector
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.core.inclusion import CONF_INCLUDE
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import THREE_SITES, setup


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(sites=1, assets=4, lines=1)


async def test_heimdall(hass: HomeAssistant, heimdall_entry: MockConfigEntry) -> None:
    await setup(hass, heimdall_entry)
    result = await hass.config_entries.options.async_init(heimdall_entry.entry_id)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "heimdall"
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"spans": True, "sensors": True}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    standard = {"rating_in_force": "standard", "static_rating_is_upper_bound": False}
    assert heimdall_entry.options == {
        "entities": "automatic",
        "all_entities_for": [],
        "include": [],
        "spans": True,
        "sensors": True,
        **standard,
    }
    assert heimdall_entry.state is ConfigEntryState.LOADED


STORED = (
    *("entities", "all_entities_for", "include", "holidays"),
    *("data_hook", "webhook_id", "real_time_address", "real_time_message"),
    *("spans", "sensors", "rating_in_force", "static_rating_is_upper_bound", "static_ratings"),
)


@pytest.mark.parametrize("service", ["gridduck", "heimdall"])
@pytest.mark.parametrize("junk", ["newer", None, [], [None], {"a": {}}, -1, True], ids=repr)
async def test_options_of_another_kind(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
    service: str,
    junk: object,
) -> None:
    """Each counts as its default, and the form opens to choose another value."""
    entry = gridduck_entry if service == "gridduck" else heimdall_entry
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options=dict.fromkeys(STORED, junk))
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert hass.states.async_entity_ids("sensor")
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["type"] is FlowResultType.FORM


async def test_gridduck(hass: HomeAssistant, gridduck_entry: MockConfigEntry) -> None:
    """The address that is shown is the one that is listened at, and stays the same."""
    await setup(hass, gridduck_entry)
    result = await hass.config_entries.options.async_init(gridduck_entry.entry_id)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "gridduck"
    assert result["description_placeholders"] is not None
    address = result["description_placeholders"]["address"]
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"data_hook": True}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert gridduck_entry.state is ConfigEntryState.LOADED
    assert gridduck_entry.options["data_hook"]
    assert address.endswith(gridduck_entry.options[CONF_WEBHOOK_ID])
    result = await hass.config_entries.options.async_init(gridduck_entry.entry_id)
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["address"] == address


async def test_an_address_that_is_given_up(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry
) -> None:
    """After the data hook was turned off, the next address is another."""
    await setup(hass, gridduck_entry)
    addresses = set()
    for wanted in (True, False, True):
        result = await hass.config_entries.options.async_init(gridduck_entry.entry_id)
        result = await hass.config_entries.options.async_configure(
            result["flow_id"], {"data_hook": wanted}
        )
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()
        addresses.add(gridduck_entry.options.get(CONF_WEBHOOK_ID))
    assert len(addresses) == 3
    assert None in addresses


@THREE_SITES
async def test_titles_follow_what_is_included(
    hass: HomeAssistant, simulator: Simulator, gridduck_entry: MockConfigEntry
) -> None:
    """A title that was made here names the included sites; one of the user's own stays."""
    sites = {site.name: site.id for site in simulator.gridduck.world.sites.values()}
    title = f"GridDuck: {', '.join([*sites][:2])} +{len(sites) - 2}"
    object.__setattr__(gridduck_entry, "title", title)
    await setup(hass, gridduck_entry)
    last = [*sites][-1]
    await choose(hass, gridduck_entry, [sites[last]])
    assert gridduck_entry.title == f"GridDuck: {last}"
    await choose(hass, gridduck_entry, [])
    assert gridduck_entry.title == title
    hass.config_entries.async_update_entry(gridduck_entry, title="My buildings")
    await choose(hass, gridduck_entry, [sites[last]])
    assert gridduck_entry.title == "My buildings"


@THREE_SITES
async def test_names_of_what_is_left_out(
    hass: HomeAssistant, simulator: Simulator, gridduck_entry: MockConfigEntry
) -> None:
    """The form offers all sites by name, and a site that no longer exists by its id."""
    sites = {site.id: site.name for site in simulator.gridduck.world.sites.values()}
    chosen = [next(iter(sites)), "gone"]
    object.__setattr__(gridduck_entry, "options", {CONF_INCLUDE: chosen})
    await setup(hass, gridduck_entry)
    assert await offered(hass, gridduck_entry) == {**sites, "gone": "gone"}
    await hass.config_entries.async_unload(gridduck_entry.entry_id)
    assert await offered(hass, gridduck_entry) == {chosen[0]: sites[chosen[0]], "gone": "gone"}


async def choose(hass: HomeAssistant, entry: MockConfigEntry, parts: list[str]) -> None:
    """Choose what to include."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {CONF_INCLUDE: parts, "data_hook": False}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


async def offered(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, str]:
    """Return the names of what the options offer to include, by id."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    schema = result["data_schema"]
    assert schema is not None
    selector = schema.schema[CONF_INCLUDE]
    assert isinstance(selector, SelectSelector)
    hass.config_entries.options.async_abort(result["flow_id"])
    choices = selector.config["options"]
    return {one["value"]: one["label"] for one in choices if isinstance(one, dict)}
