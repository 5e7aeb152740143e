"""The coordinator's base: who is woken, and when data counts as lost."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Set as AbstractSet
from datetime import timedelta
from typing import override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_CLIENT_ID
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.api.errors import (
    ApiError,
    AuthenticationFailed,
    ConnectionFailed,
    RateLimited,
    ServerError,
)
from custom_components.gridduck_heimdall.const import CONF_SERVICE, DOMAIN
from custom_components.gridduck_heimdall.core.announcing import KEYS_AT_ONCE, NOTIFIED_AT_ONCE
from custom_components.gridduck_heimdall.core.coordinator import PollingCoordinator
from custom_components.gridduck_heimdall.core.slices import SLICE
from tests.conftest import pass_time

from .turns import counting

MINUTE = timedelta(minutes=1)


class Numbers(PollingCoordinator[str, dict[str, int]]):
    """Polls numbers that a test sets."""

    source: dict[str, int]
    error: ApiError | None = None
    polls = 0
    under_way = 0
    # Keys that stand for no more than a value.
    values = frozenset[str]()

    @override
    def _changes_inventory(self, changed: AbstractSet[str]) -> bool:
        return super()._changes_inventory(changed - self.values)

    @override
    async def _async_poll(self) -> dict[str, int]:
        self.polls += 1
        self.under_way += 1
        assert self.under_way == 1
        await asyncio.sleep(0)
        self.under_way -= 1
        if self.error:
            raise self.error
        before = self.data or {}
        self.mark(key for key in before | self.source if before.get(key) != self.source.get(key))
        return dict(self.source)


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return an account in use."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Test",
        state=ConfigEntryState.LOADED,
        data={CONF_SERVICE: "gridduck", CONF_CLIENT_ID: "test"},
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def numbers(hass: HomeAssistant, entry: MockConfigEntry) -> AsyncGenerator[Numbers]:
    """Return a coordinator that has polled once."""
    coordinator = Numbers(hass, entry, name="numbers", update_interval=MINUTE)
    coordinator.source = {"a": 1, "b": 1}
    await coordinator.async_refresh()
    yield coordinator
    await coordinator.async_shutdown()


def listen(numbers: Numbers, *keys: str) -> tuple[list[str], Callable[[], None]]:
    """Listen for these keys; return what was heard, and how to stop."""
    heard = list[str]()
    remove = numbers.async_add_listener(lambda: heard.append("woken"), keys or None)
    return heard, remove


async def test_trouble_is_reported_until_it_has_passed(numbers: Numbers) -> None:
    looks = list[bool]()
    numbers.after_problem.append(lambda: looks.append(numbers.last_update_success))
    await numbers.async_refresh()
    assert not looks
    numbers.error = ConnectionFailed("down")
    await numbers.async_refresh()
    await numbers.async_refresh()
    numbers.error = None
    await numbers.async_refresh()
    await numbers.async_refresh()
    assert looks == [False, False, True]


async def test_the_first_poll_announces_what_it_has_found(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    numbers = Numbers(hass, entry, name="numbers", update_interval=MINUTE)
    numbers.source = {"a": 1}
    announced = list[AbstractSet[str] | None]()
    numbers.async_add_listener(lambda: announced.append(numbers.announced))
    await numbers.async_refresh()
    await numbers.async_shutdown()
    assert announced == [{"a"}]


async def test_polls_are_followed_until_the_listener_is_removed(numbers: Numbers) -> None:
    polls = list[bool]()
    remove = numbers.async_follow_polls(lambda: polls.append(numbers.last_update_success))
    await numbers.async_refresh()
    numbers.error = ConnectionFailed("down")
    await numbers.async_refresh()
    remove()
    await numbers.async_refresh()
    assert polls == [True, False]


async def test_only_listeners_of_what_changed(numbers: Numbers) -> None:
    first, _ = listen(numbers, "a")
    second, _ = listen(numbers, "b")
    both, _ = listen(numbers, "a", "b")
    every, _ = listen(numbers)
    await numbers.async_refresh()
    assert not first + second + both + every
    numbers.source["a"] = 2
    await numbers.async_refresh()
    assert (len(first), len(second), len(both), len(every)) == (1, 0, 1, 1)
    numbers.source = {"a": 3, "b": 3}
    await numbers.async_refresh()
    assert (len(first), len(second), len(both), len(every)) == (2, 1, 2, 2)
    assert set(numbers.announced or ()) == {"a", "b"}


async def test_removed_listener_hears_nothing(numbers: Numbers) -> None:
    first, remove = listen(numbers, "a")
    every, remove_every = listen(numbers)
    remove()
    remove_every()
    numbers.source["a"] = 2
    await numbers.async_refresh()
    assert not first + every


async def test_what_is_announced(numbers: Numbers) -> None:
    """Some keys, or all."""
    first, _ = listen(numbers, "a")
    second, _ = listen(numbers, "b")
    numbers.announce(("a",))
    await numbers.async_announced()
    assert (len(first), len(second)) == (1, 0)
    numbers.announce(None)
    await numbers.async_announced()
    assert (len(first), len(second)) == (2, 1)


@pytest.mark.parametrize("keys", [(), ("a",)])
async def test_without_listeners_nothing_is_polled(
    hass: HomeAssistant, numbers: Numbers, freezer: FrozenDateTimeFactory, keys: tuple[str, ...]
) -> None:
    _, remove = listen(numbers, *keys)
    await pass_time(hass, freezer, 61)
    assert numbers.polls == 2
    remove()
    remove()
    await pass_time(hass, freezer, 200)
    assert numbers.polls == 2


@pytest.mark.usefixtures("freezer")
async def test_many_listeners_are_woken_in_batches(hass: HomeAssistant, numbers: Numbers) -> None:
    many = [listen(numbers, "a")[0] for _ in range(2 * NOTIFIED_AT_ONCE + 1)]
    every, _ = listen(numbers)
    reported = list[int]()
    numbers.announce(("a",))
    # Somebody else's turn, again and again.
    while sum(map(len, many)) < len(many):
        reported.append(sum(map(len, many)))
        await asyncio.sleep(0)
    assert reported == [NOTIFIED_AT_ONCE, 2 * NOTIFIED_AT_ONCE]
    assert every == ["woken"]
    await hass.async_block_till_done()
    assert many == [["woken"]] * len(many)


async def test_a_batch_ends_with_its_slice(
    hass: HomeAssistant, numbers: Numbers, freezer: FrozenDateTimeFactory
) -> None:
    """Listeners that take long are woken one by one, and the loop runs in between."""
    woken_at = list[int]()
    with counting() as turns:

        def slow() -> None:
            freezer.tick(2 * SLICE)
            woken_at.append(turns.count)

        for _ in range(3):
            numbers.async_add_listener(slow, ("a",))
        numbers.announce(("a",))
        await hass.async_block_till_done()
    assert len(woken_at) == len(set(woken_at)) == 3


@pytest.mark.usefixtures("freezer")
async def test_work_in_batches(
    hass: HomeAssistant, numbers: Numbers, caplog: pytest.LogCaptureFixture
) -> None:
    """It begins when all listeners are woken, and has a turn of its own for each batch."""
    many = [listen(numbers, "a")[0] for _ in range(2 * NOTIFIED_AT_ONCE)]
    left, woken = ["last", "middle", "first"], list[int]()

    def work() -> bool:
        woken.append(sum(map(len, many)))
        left.pop()
        return bool(left)

    def broken() -> bool:
        raise ValueError("broken")

    def heard() -> None:
        numbers.work_in_batches(broken)
        numbers.work_in_batches(work)

    numbers.async_add_listener(heard)
    numbers.announce(("a",))
    assert sum(map(len, many)) == NOTIFIED_AT_ONCE
    assert not woken
    turns = list[int]()
    while left:
        turns.append(len(woken))
        await asyncio.sleep(0)
    assert woken == [len(many)] * 3
    assert turns[-3:] == [0, 1, 2]
    assert "Work of Test numbers failed" in caplog.text
    left.append("alone")
    numbers.work_in_batches(work)
    assert left
    await numbers.async_announced()
    assert not left


async def test_work_that_comes_first(numbers: Numbers) -> None:
    """It is done before listeners with keys are woken and before other work that waits already."""
    order, left = list[str](), 2

    def register() -> bool:
        nonlocal left
        left -= 1
        order.append("register")
        return left > 0

    def add() -> bool:
        order.append("add")
        if begins := order == ["add"]:
            numbers.announce(("a",))
        return begins

    numbers.async_add_listener(lambda: numbers.work_in_batches(register, first=True))
    numbers.async_add_listener(lambda: order.append("listener"), ("a",))
    numbers.work_in_batches(add)
    await numbers.async_announced()
    assert order == ["add", "register", "register", "listener", "add"]


async def test_first_work_begins_after_the_announcement_has_returned(numbers: Numbers) -> None:
    order = list[str]()

    def register() -> bool:
        order.append("register")
        return False

    numbers.async_add_listener(lambda: numbers.work_in_batches(register, first=True))
    numbers.async_add_listener(lambda: order.append("listener"), ("a",))
    numbers.announce(("a",))
    assert not order
    await numbers.async_announced()
    assert order == ["register", "listener"]


async def test_listeners_of_many_keys(numbers: Numbers) -> None:
    """They are looked up in batches, and one that shows many keys is woken once."""
    keys = [str(number) for number in range(2 * KEYS_AT_ONCE + 1)]
    heard, _ = listen(numbers, *keys)
    turns = 0
    numbers.announce(keys)
    while not heard:
        turns += 1
        await asyncio.sleep(0)
    await numbers.async_announced()
    assert turns == 2
    assert heard == ["woken"]


@pytest.mark.usefixtures("freezer")
async def test_what_is_announced_meanwhile_is_reported_too(
    hass: HomeAssistant, numbers: Numbers
) -> None:
    first = [listen(numbers, "a")[0] for _ in range(NOTIFIED_AT_ONCE)]
    late, _ = listen(numbers, "a")
    gone, remove = listen(numbers, "a")
    other, _ = listen(numbers, "b")
    numbers.announce(("a",))
    numbers.announce(("a", "b"))
    remove()
    await hass.async_block_till_done()
    assert first == [["woken"] * 2] * NOTIFIED_AT_ONCE
    # They were still waiting: one look at the newest data is enough.
    assert late == other == ["woken"]
    assert not gone


async def test_a_listener_that_fails_harms_no_other(
    numbers: Numbers, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("a fault in an entity")

    numbers.async_add_listener(fail, ("a",))
    heard, _ = listen(numbers, "a")
    numbers.source["a"] = 2
    await numbers.async_refresh()
    # To log the fault can take longer than a slice.
    await numbers.async_announced()
    assert heard
    assert "a fault in an entity" in caplog.text


async def test_two_failures_pass_unseen(
    hass: HomeAssistant,
    numbers: Numbers,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The third failure is announced, once, and so is the recovery; each is logged once."""
    caplog.set_level("INFO")
    heard, _ = listen(numbers, "a")
    numbers.error = ConnectionFailed("no route")
    for serving in (True, True, False, False):
        await pass_time(hass, freezer, 61)
        assert numbers.serving is serving
    assert len(heard) == 1
    numbers.error = None
    await pass_time(hass, freezer, 61)
    assert numbers.serving
    assert len(heard) == 2
    assert caplog.text.count("Error fetching") == 1
    assert caplog.text.count("recovered") == 1


async def test_a_short_failure_wakes_nobody(numbers: Numbers) -> None:
    heard, _ = listen(numbers, "a")
    numbers.error = ConnectionFailed("no route")
    await numbers.async_refresh()
    numbers.error = None
    await numbers.async_refresh()
    assert not heard


async def test_what_changes_while_polls_fail_is_announced(numbers: Numbers) -> None:
    """With the first failed poll and with the second, although neither is shown."""
    heard, _ = listen(numbers, "a")
    numbers.error = ConnectionFailed("no route")
    for announced in (1, 2):
        numbers.mark(("a",))
        await numbers.async_refresh()
        assert numbers.serving
        assert len(heard) == announced
    await numbers.async_refresh()
    assert not numbers.serving
    assert len(heard) == 3


async def test_refused_credentials_are_reported_at_once(
    hass: HomeAssistant, numbers: Numbers, freezer: FrozenDateTimeFactory
) -> None:
    """Nothing is shown and nothing is asked any more until the user has acted."""
    heard, _ = listen(numbers, "a")
    numbers.error = AuthenticationFailed("refused")
    await numbers.async_refresh()
    assert not numbers.serving
    assert len(heard) == 1
    polls = numbers.polls
    # The request for new ones loads what it needs, which takes time of a clock that stands still.
    await hass.async_block_till_done()
    await pass_time(hass, freezer, 600)
    assert numbers.polls == polls


async def test_retry_after_is_obeyed(
    hass: HomeAssistant, numbers: Numbers, freezer: FrozenDateTimeFactory
) -> None:
    listen(numbers, "a")
    numbers.error = RateLimited("too many", retry_after=300)
    await pass_time(hass, freezer, 61)
    polls = numbers.polls
    numbers.error = None
    await pass_time(hass, freezer, 200)
    assert numbers.polls == polls
    await pass_time(hass, freezer, 120)
    assert numbers.polls == polls + 1


@pytest.mark.parametrize("seconds", [0.0, 1.0])
@pytest.mark.parametrize(
    "error",
    [
        lambda at: RateLimited("", retry_after=at),
        lambda at: ServerError("", status=503, retry_after=at),
    ],
)
async def test_a_short_retry_after_does_not_hasten_polls(
    hass: HomeAssistant,
    numbers: Numbers,
    freezer: FrozenDateTimeFactory,
    error: Callable[[float], ApiError],
    seconds: float,
) -> None:
    """A service may name 0, or a time in the past, for as long as it fails."""
    listen(numbers, "a")
    numbers.error = error(seconds)
    polls = numbers.polls
    for minute in range(1, 4):
        for _ in range(4):
            await pass_time(hass, freezer, 15)
        assert numbers.polls <= polls + minute
    assert numbers.polls >= polls + 2


async def test_data_is_lost_after_five_intervals(
    hass: HomeAssistant, numbers: Numbers, freezer: FrozenDateTimeFactory
) -> None:
    """Also while the cloud wants silence, so that no poll fails a third time."""
    heard, _ = listen(numbers, "a")
    numbers.error = RateLimited("too many", retry_after=3600)
    await pass_time(hass, freezer, 61)
    await pass_time(hass, freezer, 237)
    assert not heard
    await pass_time(hass, freezer, 4)
    assert len(heard) == 1
    assert not numbers.serving
    assert numbers.polls == 2
    numbers.error = None
    await numbers.async_refresh()
    assert len(heard) == 2
    assert numbers.last_update_success


@pytest.mark.parametrize(("seconds", "serving"), [(299, True), (300, False)])
async def test_a_failure_after_five_intervals_is_seen_at_once(
    numbers: Numbers, freezer: FrozenDateTimeFactory, seconds: float, *, serving: bool
) -> None:
    numbers.error = ConnectionFailed("no route")
    freezer.tick(seconds)
    await numbers.async_refresh()
    assert numbers.serving is serving


async def test_a_limit_that_names_no_time_asks_for_no_silence(numbers: Numbers) -> None:
    numbers.error = RateLimited("too many")
    await numbers.async_refresh()
    assert not numbers.rate_limited


async def test_silence_is_kept_also_when_a_user_asks(
    hass: HomeAssistant, numbers: Numbers, freezer: FrozenDateTimeFactory
) -> None:
    numbers.error = RateLimited("too many", retry_after=300)
    await numbers.async_refresh()
    polls = numbers.polls
    for seconds, limited, more in ((0, True, 0), (301, False, 1)):
        freezer.tick(seconds)
        assert numbers.rate_limited is limited
        await numbers.async_request_refresh()
        assert numbers.polls == polls + more


async def test_polls_do_not_overlap(numbers: Numbers) -> None:
    """An answer that comes late must not replace a newer one."""
    polls = numbers.polls
    both = asyncio.gather(numbers.async_refresh(), numbers.async_refresh())
    await asyncio.sleep(0)
    assert numbers.polling
    await both
    assert numbers.polls == polls + 2
    assert numbers.last_update_success
    assert not numbers.polling


async def test_listeners_of_the_inventory(numbers: Numbers) -> None:
    """They hear of everything but what changes values alone."""
    heard, every = list[str](), list[str]()
    remove = numbers.async_add_inventory_listener(lambda: heard.append("woken"))
    numbers.async_add_listener(lambda: every.append("woken"))
    numbers.announce(("a",))
    assert (len(heard), len(every)) == (1, 1)
    numbers.values = frozenset("a")
    numbers.announce(("a",))
    assert (len(heard), len(every)) == (1, 2)
    numbers.announce(("b",))
    assert (len(heard), len(every)) == (2, 3)
    numbers.announce(None)
    assert numbers.announced is None
    assert (len(heard), len(every)) == (3, 4)
    remove()
    numbers.announce(None)
    assert (len(heard), len(every)) == (3, 5)


async def test_what_waits_to_be_announced(numbers: Numbers) -> None:
    heard, _ = listen(numbers)
    numbers.announce(())
    assert not heard
    marked = [numbers.marked]
    numbers.mark(("a",))
    marked.append(numbers.marked)
    numbers.mark(("b",))
    numbers.async_update_listeners()
    assert numbers.announced == {"a", "b"}
    marked.append(numbers.marked)
    assert marked == [False, True, False]
    numbers.async_update_listeners()
    assert heard == ["woken"]


@pytest.mark.parametrize(
    ("state", "in_use"),
    [
        (ConfigEntryState.LOADED, True),
        (ConfigEntryState.SETUP_IN_PROGRESS, True),
        (ConfigEntryState.NOT_LOADED, False),
        (ConfigEntryState.UNLOAD_IN_PROGRESS, False),
    ],
)
def test_in_use(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    numbers: Numbers,
    state: ConfigEntryState,
    *,
    in_use: bool,
) -> None:
    entry.mock_state(hass, state)
    assert numbers.in_use is in_use


async def test_when_a_poll_last_brought_something(
    numbers: Numbers, freezer: FrozenDateTimeFactory
) -> None:
    """One that had nothing to ask for did not, nor did one that failed."""
    await numbers.async_refresh()
    looks = list[bool]()
    numbers.after_poll.append(lambda: looks.append(numbers.last_update_success))
    first = numbers.last_success
    assert first is not None
    freezer.tick(60)
    numbers.without_requests = True
    await numbers.async_refresh()
    assert numbers.last_success == first
    numbers.without_requests = False
    numbers.error = ConnectionFailed("no route")
    await numbers.async_refresh()
    assert numbers.last_success == first
    numbers.error = None
    await numbers.async_refresh()
    assert numbers.last_success == first + MINUTE
    assert looks == [True, False, True]


async def test_a_failed_poll_is_tried_again_sooner(
    hass: HomeAssistant, numbers: Numbers, freezer: FrozenDateTimeFactory
) -> None:
    listen(numbers, "a")
    numbers.retry_interval = 10
    numbers.error = ConnectionFailed("no route")
    await pass_time(hass, freezer, 61)
    polls = numbers.polls
    await pass_time(hass, freezer, 11)
    assert numbers.polls == polls + 1


async def test_a_recovery_ends_the_wait_for_data_to_be_lost(
    hass: HomeAssistant, numbers: Numbers, freezer: FrozenDateTimeFactory
) -> None:
    heard = list[str]()
    remove = numbers.async_add_inventory_listener(lambda: heard.append("woken"))
    numbers.error = ConnectionFailed("no route")
    await numbers.async_refresh()
    await numbers.async_refresh()
    numbers.error = None
    await numbers.async_refresh()
    remove()
    # No poll is made without listeners.
    await pass_time(hass, freezer, 400)
    assert numbers.serving
    assert not heard


async def test_data_that_is_lost_is_announced_once(
    hass: HomeAssistant, numbers: Numbers, freezer: FrozenDateTimeFactory
) -> None:
    heard, _ = listen(numbers)
    numbers.error = ConnectionFailed("no route")
    for _ in range(8):
        await pass_time(hass, freezer, 61)
    assert not numbers.serving
    assert heard == ["woken"]


async def test_nothing_is_lost_after_a_shutdown(
    hass: HomeAssistant, numbers: Numbers, freezer: FrozenDateTimeFactory
) -> None:
    heard, _ = listen(numbers)
    numbers.error = ConnectionFailed("no route")
    await numbers.async_refresh()
    await numbers.async_shutdown()
    await pass_time(hass, freezer, 400)
    assert not heard
    assert numbers.serving


async def test_failures_without_an_interval(
    hass: HomeAssistant, numbers: Numbers, freezer: FrozenDateTimeFactory
) -> None:
    """Their number alone counts."""
    numbers.update_interval = None
    numbers.error = ConnectionFailed("no route")
    freezer.tick(3600)
    for serving in (True, True, False):
        await numbers.async_refresh()
        assert numbers.serving is serving


async def test_failures_before_anything_was_polled(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    fresh = Numbers(hass, entry, name="numbers", update_interval=MINUTE)
    fresh.error = ConnectionFailed("no route")
    for serving in (True, True, False):
        freezer.tick(3600)
        await fresh.async_refresh()
        assert fresh.serving is serving
    assert fresh.last_success is None
    await fresh.async_shutdown()


async def test_polls_end_with_the_last_of_several_listeners(
    hass: HomeAssistant, numbers: Numbers, freezer: FrozenDateTimeFactory
) -> None:
    removals = [listen(numbers, "a")[1], listen(numbers, "b")[1], listen(numbers)[1]]
    for count, remove in enumerate(removals):
        await pass_time(hass, freezer, 61)
        assert numbers.polls == 2 + count
        remove()
    await pass_time(hass, freezer, 200)
    assert numbers.polls == 4
    listen(numbers, "a")
    await pass_time(hass, freezer, 61)
    assert numbers.polls == 5


async def test_work_that_comes_first_begins_after_its_caller(numbers: Numbers) -> None:
    done = list[str]()

    def work() -> bool:
        done.append("work")
        return False

    numbers.work_in_batches(work, first=True)
    assert not done
    await numbers.async_announced()
    assert done == ["work"]
