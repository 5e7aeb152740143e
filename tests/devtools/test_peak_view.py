"""The dashboard's view of the evening peak, and the blueprints of the demo."""

from pathlib import Path

from devtools import folder
from devtools.demo.peak_view import PATH, peak_view
from devtools.demo.relief import KIND
from devtools.inventory import Device, Entity, Inventory, State
from devtools.settings import DOMAIN, ROOT
from simulator.feeder import LINE, SITE


def test_the_blueprints_are_in_the_folder(tmp_path: Path) -> None:
    """All of them, as files, and as they are now."""
    folder.prepare(tmp_path, 8123)
    own = tmp_path / "blueprints" / "automation" / DOMAIN
    wanted = {
        each.name: each.read_text() for each in (ROOT / "blueprints/automation" / DOMAIN).iterdir()
    }
    assert "tariff_window.yaml" in wanted
    (own / "tariff_window.yaml").write_text("old")
    folder.prepare(tmp_path, 8123)
    assert {each.name: each.read_text() for each in own.iterdir()} == wanted
    assert not any(each.is_symlink() for each in (own, *own.iterdir()))


def device(kind: str, own_id: str, name: str, via: str | None = None) -> Device:
    identifiers = [(DOMAIN, f"{kind}:{own_id}")]
    return Device(id=own_id, identifiers=identifiers, name=name, via_device_id=via)


def entity(own_id: str, key: str, domain: str = "sensor") -> Entity:
    return Entity(
        entity_id=f"{domain}.{own_id}_{key}",
        unique_id=f"gridduck_1_{own_id}_{key}",
        platform=DOMAIN,
        device_id=own_id,
        translation_key=key,
    )


def house(*devices: Device) -> Inventory:
    """Return a line with a loading, and assets with a switch each."""
    switches = [entity(each.own_id, "asset", "switch") for each in devices if each.kind == "asset"]
    decisions = [
        entity(each.own_id, "load_limit_decision", "event") for each in devices if each.kind == KIND
    ]
    entities = [entity("line", "loading"), *switches, *decisions]
    states = [State(entity_id=each.entity_id, state="on") for each in entities]
    return Inventory(
        devices={each.id: each for each in devices},
        entities=entities,
        states={each.entity_id: each for each in states},
    )


def test_the_view_shows_the_line_and_its_load() -> None:
    inventory = house(
        device("line", "line", LINE),
        device("site", "site", SITE),
        device("gateway", "hub", "Hub", "site"),
        device("asset", "boiler", "Boiler", "hub"),
        device("asset", "kettle", "Kettle", "elsewhere"),
        device(KIND, "limit", f"Load limit {LINE}"),
    )
    (view,) = peak_view(inventory)
    text = str(view)
    assert view["path"] == PATH
    for entity_id in (
        "sensor.line_loading",
        "switch.boiler_asset",
        "event.limit_load_limit_decision",
    ):
        assert entity_id in text
    assert "kettle" not in text


def test_without_a_feeder_there_is_no_such_view() -> None:
    assert list(peak_view(house(device("line", "line", LINE)))) == []
