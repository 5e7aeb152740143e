"""The rating in force: what loading and headroom compare the current with."""

from collections.abc import Collection, Mapping

from homeassistant.components.number import DOMAIN as NUMBER, SERVICE_SET_VALUE
from homeassistant.const import ATTR_ENTITY_ID, Platform
import pytest

from custom_components.gridduck_heimdall.heimdall.rating import (
    Basis,
    Rated,
    Ratings,
    Rule,
    in_force,
)

from .home import Home

GOOD, FALLBACK, STALE = Rated(1165), Rated(1165, fallback=True), Rated(None)
AAR = Rated(770)
OF_LINE = Rated(1165, of_line=True)


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        (Ratings(circuit=OF_LINE, dlr=GOOD, aar=AAR), (1165, Basis.CIRCUIT_RATING, False)),
        (Ratings(circuit=Rated(500), dlr=GOOD, aar=AAR), (500, Basis.CIRCUIT_RATING, False)),
        # The two are not of the same time: the DLR bounds the circuit.
        (Ratings(circuit=OF_LINE, dlr=Rated(900), aar=AAR), (900, Basis.DLR, False)),
        # The circuit rating holds without a DLR.
        (Ratings(circuit=OF_LINE, dlr=STALE, aar=AAR), (1165, Basis.CIRCUIT_RATING, False)),
        (Ratings(circuit=OF_LINE, aar=AAR), (1165, Basis.CIRCUIT_RATING, False)),
        (Ratings(circuit=OF_LINE), (1165, Basis.CIRCUIT_RATING, False)),
        # Without it the DLR; where the line has one, a component may limit.
        (Ratings(dlr=GOOD, aar=AAR), (1165, Basis.DLR, False)),
        (Ratings(circuit=STALE, dlr=GOOD, aar=AAR), (1165, Basis.DLR, True)),
        # AAR only in place of the DLR.
        (Ratings(dlr=STALE, aar=AAR), (770, Basis.AAR, True)),
        (Ratings(dlr=FALLBACK, aar=AAR), (770, Basis.AAR, True)),
        (Ratings(dlr=FALLBACK, aar=Rated(1300)), (1300, Basis.AAR, True)),
        (Ratings(aar=AAR), (770, Basis.AAR, False)),
        (Ratings(circuit=STALE, dlr=STALE, aar=AAR), (770, Basis.AAR, True)),
        # A fallback is better than nothing, and said to be one.
        (Ratings(dlr=FALLBACK), (1165, Basis.DLR, True)),
        (Ratings(dlr=FALLBACK, aar=STALE), (1165, Basis.DLR, True)),
        (Ratings(circuit=FALLBACK), (1165, Basis.CIRCUIT_RATING, True)),
        # A circuit rating that is a fallback still bounds: it knows the components.
        (Ratings(circuit=Rated(500, fallback=True), dlr=GOOD), (500, Basis.CIRCUIT_RATING, True)),
        (Ratings(circuit=FALLBACK, dlr=FALLBACK, aar=AAR), (770, Basis.AAR, True)),
        (Ratings(circuit=OF_LINE, dlr=FALLBACK, aar=AAR), (1165, Basis.CIRCUIT_RATING, True)),
        (Ratings(circuit=Rated(500), dlr=FALLBACK), (500, Basis.CIRCUIT_RATING, False)),
        (Ratings(), None),
        (Ratings(circuit=STALE, dlr=STALE, aar=STALE), None),
        # Where nothing may flow there is nothing to compare with.
        (Ratings(circuit=Rated(0), dlr=GOOD), None),
        (Ratings(circuit=Rated(-5), dlr=GOOD), None),
        # The static rating is an upper bound, and no rating of its own.
        (Ratings(dlr=GOOD, aar=AAR, bound=800), (800, Basis.STATIC_RATING, False)),
        (Ratings(dlr=FALLBACK, bound=800), (800, Basis.STATIC_RATING, False)),
        (Ratings(dlr=GOOD, aar=AAR, bound=1200), (1165, Basis.DLR, False)),
        (Ratings(dlr=STALE, bound=800), None),
    ],
)
def test_standard(ratings: Ratings, expected: tuple[float, Basis, bool] | None) -> None:
    found = in_force(ratings, Rule.STANDARD)
    assert (None if found is None else (found.value, found.basis, found.fallback)) == expected


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        (Ratings(circuit=OF_LINE, dlr=GOOD, aar=AAR), (770, Basis.AAR)),
        (Ratings(circuit=Rated(500), dlr=GOOD, aar=AAR), (500, Basis.CIRCUIT_RATING)),
        (Ratings(dlr=GOOD), (1165, Basis.DLR)),
        # Without one of them the line would seem to have capacity that it may not have.
        (Ratings(circuit=OF_LINE, dlr=GOOD, aar=STALE), None),
        (Ratings(circuit=STALE, dlr=GOOD, aar=AAR), None),
        (Ratings(), None),
        (Ratings(dlr=Rated(0), aar=AAR), None),
        (Ratings(dlr=GOOD, aar=AAR, bound=600), (600, Basis.STATIC_RATING)),
    ],
)
def test_lowest_of_all(ratings: Ratings, expected: tuple[float, Basis] | None) -> None:
    found = in_force(ratings, Rule.LOWEST)
    assert (None if found is None else (found.value, found.basis)) == expected


def answer(home: Home, what: str, value: Mapping[str, object]) -> None:
    """Let the service answer with these values in place of its own."""
    key = {
        "current": "current",
        "dlr": "heimdall_dlr",
        "aar": "heimdall_aar",
        "circuit": "circuit_rating",
    }[what]
    item = home.facility if what == "circuit" else home.line
    home.fault(what, "patch", item_id=item, patch={"data": {key: dict(value)}})


def shown(home: Home) -> tuple[str, str, object, object]:
    """Return headroom and loading, what limits, and whether it is a fallback."""
    headroom, loading = (home.state(home.line, key) for key in ("headroom", "loading"))
    for name in ("limited_by", "fallback"):
        assert headroom.attributes[name] == loading.attributes[name]
    limited_by = headroom.attributes["limited_by"]
    assert home.value(home.line, "limited_by") == (limited_by or "unknown")
    return headroom.state, loading.state, limited_by, headroom.attributes["fallback"]


USUAL: Mapping[str, Mapping[str, object]] = {
    "current": {"value": 238},
    "dlr": {"value": 1165, "is_fallback": False},
    "aar": {"value": 770},
    "circuit": {"value": 1165, "is_fallback": False, "at_facility_component_id": None},
}


async def let(home: Home, *, stale: Collection[str] = (), **other: Mapping[str, object]) -> None:
    """Let the line carry 238 A of 1,165 A, with an AAR of 770 A, but for what is said."""
    home.recover()
    for what, value in USUAL.items():
        if what in stale:
            home.fault(what, "stale", delay=2 * 3600)
        else:
            answer(home, what, {**value, **other.get(what, {})})
    await home.polls(1)


async def test_a_line_through_its_day(home: Home) -> None:
    await home.open()
    await let(home)
    assert shown(home) == ("927.0", "20.4", "circuit_rating", False)
    await let(home, stale={"circuit"})
    assert shown(home) == ("927.0", "20.4", "dlr", True)
    await let(home, stale={"circuit", "dlr"})
    assert shown(home) == ("532.0", "30.9", "aar", True)
    await let(home, stale={"circuit", "dlr", "aar"})
    assert shown(home) == ("unknown", "unknown", None, None)
    fallback = {"is_fallback": True}
    await let(home, dlr=fallback)
    assert shown(home) == ("927.0", "20.4", "circuit_rating", True)
    await let(home, dlr=fallback, circuit=fallback)
    assert shown(home) == ("532.0", "30.9", "aar", True)
    await let(home, circuit={"value": 400, "at_facility_component_id": "breaker"})
    assert shown(home) == ("162.0", "59.5", "circuit_rating", False)


async def test_what_cannot_be_read_is_not_waited_for(home: Home) -> None:
    await home.open()
    home.fault("circuit")
    await home.polls(3)
    assert home.state(home.line, "loading").attributes["limited_by"] == "dlr"
    home.world.set_products(home.line, {"current", "dlr", "aar"})
    home.recover()
    await home.polls(13)
    assert shown(home)[2:] == ("dlr", False)


async def test_lowest_of_all_as_an_option(home: Home) -> None:
    await home.open(rating_in_force="lowest")
    await let(home)
    assert shown(home) == ("532.0", "30.9", "aar", False)
    await let(home, stale={"circuit"})
    assert shown(home) == ("unknown", "unknown", None, None)


async def set_static(home: Home, amperes: float) -> None:
    entity_id = home.entity_id(home.line, "static_rating", Platform.NUMBER)
    await home.hass.services.async_call(
        NUMBER, SERVICE_SET_VALUE, {ATTR_ENTITY_ID: entity_id, "value": amperes}, blocking=True
    )
    await home.hass.async_block_till_done()


async def test_a_static_rating_is_compared_with(home: Home) -> None:
    await home.open()
    await let(home)
    assert home.value(home.line, "static_rating", Platform.NUMBER) == "0.0"
    assert home.find(home.line, "gain_over_static_rating") is None
    home.forget_calls()
    await set_static(home, 800)
    assert home.value(home.line, "static_rating", Platform.NUMBER) == "800.0"
    assert home.value(home.line, "gain_over_static_rating") == "45.6"
    assert shown(home) == ("927.0", "20.4", "circuit_rating", False)
    assert home.calls("any") == 0, "nothing was asked, and the account was not loaded again"

    # It survives a restart, and a visit to the options.
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert home.value(home.line, "static_rating", Platform.NUMBER) == "800.0"
    flow = await home.hass.config_entries.options.async_init(home.entry.entry_id)
    await home.hass.config_entries.options.async_configure(
        flow["flow_id"], {"static_rating_is_upper_bound": True}
    )
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert shown(home) == ("562.0", "29.8", "static_rating", False)

    await set_static(home, 0)
    assert shown(home) == ("927.0", "20.4", "circuit_rating", False)
    assert home.value(home.line, "gain_over_static_rating") == "unavailable"
