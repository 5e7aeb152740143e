"""Each card says in words why its data are missing or old: one row for each card and state."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from playwright.async_api import expect
import pytest

from devtools import accounts
from devtools.settings import DOMAIN

from .conftest import Visit
from .home import Home
from .rows import ONE_OF_EACH, make_one_of_each
from .test_views import complete
from .visitor import Visitor
from .wire import change_messages, hold_commands

_HOUR_MS: Final = 3_600_000
_DATA: Final = frozenset(
    {
        "recorder/statistics_during_period",
        *(f"{DOMAIN}/{each}" for each in ("forecast", "lines", "load_limit")),
    }
)
"""Commands without whose answer a card has nothing to show."""

type Words = dict[str, str]
"""What a card has to say, by its name in the table of cards."""


@dataclass(frozen=True, kw_only=True)
class World:
    """What is known while messages are changed.

    Attributes:
        entities: ids of those of the integration.
        entries: ids of the accounts.
        now: the time on the clock of Home Assistant, in milliseconds.
    """

    entities: frozenset[str]
    entries: list[str]
    now: float


@dataclass(frozen=True, kw_only=True)
class State:
    """A state of the data.

    Attributes:
        name: what the test is called.
        begin: lets a page see that state.
        says: the words of each card that can be in it.
    """

    name: str
    begin: Callable[[Visitor, World], Awaitable[None]]
    says: Words = field(default_factory=dict)


def changed(
    change: Callable[[Any, World], Any],
) -> Callable[[Visitor, World], Awaitable[None]]:
    """Return what lets a page see messages that are changed."""

    async def begin(person: Visitor, world: World) -> None:
        await change_messages(person.page, lambda message: change(message, world))

    return begin


def held(error: str) -> Callable[[Visitor, World], Awaitable[None]]:
    """Return what keeps the commands for data from Home Assistant."""

    async def begin(person: Visitor, _world: World) -> None:
        await hold_commands(person.page, _DATA, error)

    return begin


def served(message: Any, world: World, **fields: Any) -> Any:
    """Let the account of each device be as `fields` say."""
    match message:
        case {"event": {"loaded": bool()} as event}:
            return {**message, "event": {**event, **fields}}
        case {"event": {"lines": dict(lines)}}:
            changed = {key: {**each, **fields} for key, each in lines.items()}
            return {**message, "event": {"lines": changed}}
        case {"event": {"curtailed": list(), "not_loaded": _, "sign_in": _} as event}:
            key = "sign_in" if "sign_in" in fields else "not_loaded"
            return {**message, "event": {**event, key: world.entries}}
    return message


def all_are(message: Any, world: World, state: str) -> Any:
    """Let the entities of the integration have one state."""
    match message:
        case {"event": {"a": dict(added)} as event}:
            every = {
                key: {**each, "s": state} if key in world.entities else each
                for key, each in added.items()
            }
            return {**message, "event": {**event, "a": every}}
        case {"event": {"c": dict(changes)} as event}:
            others = {key: each for key, each in changes.items() if key not in world.entities}
            return {**message, "event": {**event, "c": others}}
    return message


def late(message: Any, world: World) -> Any:
    """Let lines be measured, and the past recorded, until some hours before."""
    match message:
        case {"result": dict(result)} if result and all(map(is_statistic, result.values())):
            until = world.now - 4 * _HOUR_MS
            cut = {
                key: [one for one in rows if one["end"] <= until] for key, rows in result.items()
            }
            return {**message, "result": cut}
        case {"event": {"load": _}}:
            return message
    return served(message, world, last_measured=world.now - 15 * 60_000)


def nothing_recorded(message: Any, world: World) -> Any:
    """Let nothing be known of any line, and nothing be forecast."""
    match message:
        case {"result": dict(result)} if result and all(map(is_statistic, result.values())):
            return {**message, "result": {}}
        case {"event": {"loaded": bool(), "forecast": _} as event}:
            return {**message, "event": {**event, "forecast": None}}
        case {"event": {"loaded": bool(), "load": _} as event}:
            return {**message, "event": {**event, "load": None}}
    return all_are(served(message, world, hours=[]), world, "unknown")


def is_statistic(value: Any) -> bool:
    """Tell whether this is the past of one statistic."""
    match value:
        case [{"start": _, "end": _}, *_]:
            return True
    return False


STATES: Final = (
    State(
        name="loading",
        begin=held(""),
        says=dict.fromkeys(("line", "lines", "limit", "headroom"), "Loading…"),
    ),
    State(
        name="unavailable",
        begin=held("unknown_error"),
        says=dict.fromkeys(
            ("line", "lines", "limit", "headroom"),
            "Home Assistant did not answer. The card tries again by itself.",
        ),
    ),
    State(
        name="no data",
        begin=changed(nothing_recorded),
        says={
            "line": "There are no measurements and no forecast of this line yet.",
            "lines": "No forecast at present.",
            "limit": "Load unknown",
            "headroom": "There is no headroom recorded of this line yet.",
        },
    ),
    State(
        name="late",
        begin=changed(late),
        says={
            "line": "Values are late: last measured at",
            "lines": "Values are late: last measured at",
            "limit": "Values are late: last measured at",
            "headroom": "Values are late: recorded until",
        },
    ),
    State(
        name="not measured",
        begin=changed(partial(all_are, state="unknown")),
        says={
            **dict.fromkeys(("line", "lines"), "No measurement in the last hour."),
            "limit": "Load unknown",
        },
    ),
    State(
        name="not responding",
        begin=changed(partial(all_are, state="unavailable")),
        says={
            **dict.fromkeys(
                ("line", "lines", "assets"), "The service does not respond at present."
            ),
            "limit": "Unavailable",
        },
    ),
    State(
        name="not loaded",
        begin=changed(partial(served, loaded=False)),
        says={
            **dict.fromkeys(
                ("line", "lines", "headroom"), "The account of this line is not loaded"
            ),
            "limit": "The account of this load limit is not loaded.",
            "assets": "The account of these assets is not loaded.",
        },
    ),
    State(
        name="sign in",
        begin=changed(partial(served, sign_in=True)),
        says=dict.fromkeys(
            ("line", "lines", "limit", "assets", "headroom"),
            "The account has to sign in again",
        ),
    ),
)


@pytest.fixture(scope="module")
async def world(home: Home) -> World:
    """Return what is known; there is a view with one card of each kind."""
    await make_one_of_each(home)
    inventory = await home.inventory()
    return World(
        entities=frozenset(each.entity_id for each in inventory.entities),
        entries=[each.entry_id for each in await accounts.entries(home.hass)],
        now=home.now.timestamp() * 1000,
    )


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
async def test_state(visit: Visit, world: World, state: State) -> None:
    person = await visit()
    await state.begin(person, world)
    await person.open(f"{ONE_OF_EACH}/all")
    for card, words in state.says.items():
        name = "load-limit" if card == "limit" else card
        element = person.page.locator(f"gridduck-heimdall-{name}")
        await element.scroll_into_view_if_needed()
        await expect(element).to_contain_text(words)
    await complete(person)
