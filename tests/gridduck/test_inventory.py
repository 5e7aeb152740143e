"""Sites and the tree of assets."""

import pytest

from custom_components.gridduck_heimdall.api.gridduck import Asset
from custom_components.gridduck_heimdall.gridduck.inventory import (
    Gateway,
    branch,
    gateway_connections,
    gateways,
    lineage,
    may_control,
    site_names,
    sites,
)


def listed(*assets: Asset) -> dict[str, Asset]:
    return {asset.id: asset for asset in assets}


def test_lineage() -> None:
    top = Asset(id="top")
    middle = Asset(id="middle", parent_asset="top")
    leaf = Asset(id="leaf", parent_asset="middle")
    assert lineage(leaf, listed(leaf, middle, top)) == [top, middle, leaf]
    assert lineage(leaf, listed(leaf, middle)) == [middle, leaf]


def test_a_circle_ends() -> None:
    one = Asset(id="one", parent_asset="two")
    two = Asset(id="two", parent_asset="one")
    assert lineage(one, listed(one, two)) == [two, one]
    own = Asset(id="own", parent_asset="own", site_id="s")
    assert lineage(own, listed(own)) == [own]
    assert sites(listed(own))["s"].roots == (own,)


def test_a_branch_is_the_same_whoever_of_a_circle_is_asked_about() -> None:
    one = Asset(id="one", parent_asset="two")
    two = Asset(id="two", parent_asset="one")
    leaf = Asset(id="leaf", parent_asset="two")
    assert branch(one, listed(one, two, leaf)) == [one]
    assert branch(two, listed(one, two, leaf)) == [one, two]
    assert branch(leaf, listed(one, two, leaf)) == [one, two, leaf]
    own = Asset(id="own", parent_asset="own")
    assert branch(own, listed(own)) == [own]
    assert branch(leaf, listed(leaf)) == [leaf]


def test_gateways() -> None:
    """What its assets tell of a gateway need not agree, nor come in the same order."""
    one = Asset(id="one", gateway_id="g", gateway_name="Hub", site_id="s")
    two = Asset(id="two", gateway_id="g", gateway_name="Old hub", site_id="t")
    bare = Asset(id="bare")
    assert gateways(listed(one, two, bare)) == gateways(listed(two, bare, one))
    assert gateways(listed(one, two)) == {"g": Gateway("Hub", "s")}


def test_sites() -> None:
    meter = Asset(id="meter", site_id="s")
    circuit = Asset(id="circuit", site_id="s", site_name="School", parent_asset="meter")
    guest = Asset(id="guest", site_id="s", parent_asset="not seen")
    homeless = Asset(id="homeless")
    found = sites(listed(meter, circuit, guest, homeless))
    assert list(found) == ["s"]
    assert found["s"].name == "School"
    assert found["s"].assets == (meter, circuit, guest)
    assert found["s"].roots == (meter, guest)
    assert sites(listed(meter))["s"].name == "s"
    assert site_names([meter, circuit, circuit]) == ["School"]


@pytest.mark.parametrize(
    ("asset", "allowed"),
    [
        (Asset(id="a"), True),
        (Asset(id="a", permission="admin", read_only=False), True),
        (Asset(id="a", permission="something new"), True),
        (Asset(id="a", permission=" View "), False),
        (Asset(id="a", permission="admin", read_only=True), False),
    ],
)
def test_permission(asset: Asset, *, allowed: bool) -> None:
    assert may_control(asset) is allowed


def test_gateway_connections() -> None:
    assets = [
        Asset(id="a", gateway_id="one", gateway_disconnected=False),
        Asset(id="b", gateway_id="one", gateway_disconnected=True),
        Asset(id="c", gateway_id="one"),
        Asset(id="d", gateway_id="two"),
        Asset(id="e", gateway_id="two", gateway_disconnected=False),
        Asset(id="f", gateway_id="three"),
        Asset(id="g"),
    ]
    expected = {"one": False, "two": True, "three": None}
    assert gateway_connections(assets) == gateway_connections(assets[::-1]) == expected
