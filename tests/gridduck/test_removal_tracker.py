"""One absence proves nothing, three in a row do."""

from custom_components.gridduck_heimdall.api.gridduck import Asset, AssetList, IncompleteReason
from custom_components.gridduck_heimdall.gridduck.keys import Kind
from custom_components.gridduck_heimdall.gridduck.removal_tracker import RemovalTracker

LAMP = Asset(id="lamp", gateway_id="hub", site_id="school")
KETTLE = Asset(id="kettle", gateway_id="other hub", site_id="school")
NOTHING: dict[Kind, set[str]] = {Kind.ASSET: set(), Kind.GATEWAY: set(), Kind.SITE: set()}


def note(
    presence: RemovalTracker, *assets: Asset, complete: bool = True, malformed: int = 0
) -> dict[Kind, set[str]]:
    incomplete = None if complete else IncompleteReason.MISSING
    listed = AssetList(assets=assets, malformed=malformed, total=None, incomplete=incomplete)
    return presence.note(listed, {asset.id: asset for asset in assets})


def test_gone_after_three() -> None:
    presence = RemovalTracker({})
    assert note(presence, LAMP, KETTLE) == NOTHING
    assert note(presence, LAMP) == NOTHING
    assert presence.missing == 2
    assert note(presence, LAMP) == NOTHING
    assert presence.has(Kind.ASSET, "kettle")
    gone = {Kind.ASSET: {"kettle"}, Kind.GATEWAY: {"other hub"}, Kind.SITE: set[str]()}
    assert note(presence, LAMP) == gone
    assert not presence.has(Kind.ASSET, "kettle")
    assert not presence.has(Kind.GATEWAY, "other hub")
    assert presence.missing == 0
    assert note(presence, LAMP) == NOTHING


def test_back_in_time() -> None:
    presence = RemovalTracker({})
    note(presence, LAMP, KETTLE)
    for _ in range(3):
        assert note(presence, LAMP) == NOTHING
        assert note(presence, LAMP, KETTLE) == NOTHING


def test_uncertain_lists_do_not_count() -> None:
    presence = RemovalTracker({})
    note(presence, LAMP, KETTLE)
    for _ in range(5):
        assert note(presence, LAMP, complete=False) == NOTHING
        assert note(presence, LAMP, malformed=1) == NOTHING
    note(presence, LAMP)
    note(presence, LAMP)
    # What an uncertain list shows is there all the same.
    note(presence, KETTLE, complete=False)
    assert note(presence, LAMP) == NOTHING


def test_known_from_before() -> None:
    presence = RemovalTracker({Kind.ASSET: ["lamp", "old"]})
    note(presence, LAMP)
    note(presence, LAMP)
    assert presence.has(Kind.ASSET, "old")
    assert note(presence, LAMP)[Kind.ASSET] == {"old"}
