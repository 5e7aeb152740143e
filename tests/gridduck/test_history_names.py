"""Names that tell the statistics of assets apart."""

from homeassistant.components.recorder.statistics import valid_statistic_id

from custom_components.gridduck_heimdall.api.gridduck import Asset
from custom_components.gridduck_heimdall.gridduck.history_names import async_names
from custom_components.gridduck_heimdall.gridduck.history_series import statistic_id


async def test_the_shortest_that_tells_them_apart() -> None:
    assets = [
        Asset(id="1", name="Fan", site_name="Mill"),
        Asset(id="2", name="Lamp", site_name="Mill"),
        Asset(id="3", name="Lamp", site_name="Harbour"),
        Asset(id="4", name="Plug", site_name="Mill", gateway_name="Hall"),
        Asset(id="5", name="Plug", site_name="Mill", gateway_name="Attic"),
        Asset(id="6", name="Pump", site_name="Mill", gateway_name="Hall", serial_no="GD6"),
        Asset(id="7", name="Pump", site_name="Mill", gateway_name="Hall", serial_no="GD7"),
        Asset(id="8", name="Oven", site_name="Mill"),
        Asset(id="9", name="Oven", site_name="Mill"),
        # Somebody has named it as another one is called in the end.
        Asset(id="10", name="Mill Lamp", site_name="Mill"),
        Asset(id="11", name=" Fan\n", site_name="Harbour"),
    ]
    names = await async_names(assets)
    assert names == {
        "1": "Mill Fan",
        "2": "Mill Lamp (2)",
        "3": "Harbour Lamp",
        "4": "Mill Plug (Hall)",
        "5": "Mill Plug (Attic)",
        "6": "Mill Pump (GD6)",
        "7": "Mill Pump (GD7)",
        "8": "Mill Oven (8)",
        "9": "Mill Oven (9)",
        "10": "Mill Lamp",
        "11": "Harbour Fan",
    }
    # They do not depend on the order of the list.
    assert await async_names(reversed(assets)) == names


def test_each_asset_has_statistics_of_its_own() -> None:
    """Whatever its id is; that of a UUID shows the id."""
    uuid = "c89cccc0-c597-4226-a4d8-707538720b9d"
    assert (
        statistic_id("gridduck_1", uuid, "energy")
        == f"gridduck_heimdall:gridduck_1_{uuid.replace('-', '_')}_energy"
    )
    odd = ["a-b", "a_b", "a b", "A-b", "é", "e", "E", "\N{DUCK}", "?", "_", "a__b", "x" * 300]
    odd += [*(f"{'x' * 299}{end}" for end in "yz"), f"{'-' * 87}a", f"{'b-' * 50}"]
    found = {statistic_id("gridduck_1", one, "energy") for one in odd}
    assert len(found) == len(odd)
    assert all(valid_statistic_id(one) and len(one) <= 255 for one in found)
