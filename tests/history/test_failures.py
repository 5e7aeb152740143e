"""What fails is tried again, later and later; what fails for long is told and can be repaired."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.repairs import ConfirmRepairFlow
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.api.errors import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    ConnectionFailed,
    ErrorReason,
    PermissionDenied,
    RateLimited,
    ServerError,
)
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.history.importer import Importer
from custom_components.gridduck_heimdall.history.series import Series
from custom_components.gridduck_heimdall.history.source import ImportSources
from custom_components.gridduck_heimdall.history.work import ImportState
from custom_components.gridduck_heimdall.repairs import async_create_fix_flow
from tests.conftest import pass_time

from .support import (
    CURRENT,
    ENERGY,
    FIRST,
    HOUR,
    NOON,
    NOW,
    Formula,
    check,
    new_importer,
    recorded,
    restart,
    run,
)

MINUTE = timedelta(minutes=1)


class Owner:
    """An account that has an importer."""

    def __init__(self, importer: Importer) -> None:
        self.importer = importer


def issue(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, f"import_failed_{entry.entry_id}")


def no_series() -> tuple[Series, ...]:
    raise ValueError("a fault of ours")


async def test_rate_limited(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Until the time that the service named has passed nothing is asked, whoever wants it."""
    source, other = Formula(), Formula(key="other", all_series=(CURRENT,))
    source.errors = [RateLimited("too many", retry_after=1200)]
    importer = new_importer(hass, entry, source, other)
    await run(hass, importer)
    progress = importer.progress
    assert progress.state is ImportState.WAITING
    assert importer.diagnostics()["error"] == "too many"
    asked = len(source.asked) + len(other.asked)
    importer.retry()
    importer.request(None, NOW - HOUR, NOW)
    await pass_time(hass, freezer, 19 * MINUTE)
    assert len(source.asked) + len(other.asked) == asked
    await pass_time(hass, freezer, 2 * MINUTE)
    assert importer.progress.state is ImportState.IDLE
    assert importer.diagnostics()["error"] is None
    assert issue(hass, entry) is None
    await check(hass, source)


@pytest.mark.parametrize("seconds", [None, 0, 5])
async def test_rate_limited_without_a_time(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    seconds: float | None,
) -> None:
    """A minute, then two, then four; what has been imported is not asked for again.

    A time that is too short to help counts as none.
    """
    source = Formula()
    source.errors = [RateLimited("too many", retry_after=seconds) for _ in range(3)]
    await run(hass, new_importer(hass, entry, source))
    for wait, tries in ((0, 1), (61, 2), (100, 2), (22, 3), (230, 3), (12, 8)):
        await pass_time(hass, freezer, wait)
        assert len(source.asked) == tries
    await check(hass, source)


@pytest.mark.parametrize(
    "error",
    [ConnectionFailed("no route"), ServerError("broken", status=500), BadRequest("no"), ApiError()],
    ids=lambda error: type(error).__name__,
)
async def test_one_source_fails(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory, error: ApiError
) -> None:
    """It is tried after 5 minutes, then 10; the others go on."""
    source, other = Formula(all_series=(ENERGY,)), Formula(key="other", all_series=(CURRENT,))
    source.errors = [error, error]
    importer = new_importer(hass, entry, source, other)
    await run(hass, importer)
    await check(hass, other)
    assert (importer.progress.state, importer.progress.hours_to_do) == (ImportState.WAITING, 240)
    for wait, tries in ((280, 1), (30, 2), (580, 2), (30, 7)):
        await pass_time(hass, freezer, wait)
        assert len(source.asked) == tries
    assert importer.progress.state is ImportState.IDLE
    await check(hass, source)


async def test_retry_after_of_a_server_that_fails(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    source = Formula()
    source.errors = [ServerError("busy", status=503, retry_after=1500)]
    await run(hass, new_importer(hass, entry, source))
    await pass_time(hass, freezer, 24 * MINUTE)
    assert len(source.asked) == 1
    await pass_time(hass, freezer, 2 * MINUTE)
    await check(hass, source)


async def test_an_outage_is_not_hammered(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """After three sources that cannot be reached none of the others is tried."""
    sources = [Formula(key=f"line_{number}") for number in range(20)]
    for source in sources:
        source.errors = [ConnectionFailed("no route")] * 2
    await run(hass, new_importer(hass, entry, *sources))
    assert sum(len(source.asked) for source in sources) <= 4


async def test_a_fault_of_ours_costs_one_source(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = Formula()
    faulty = Formula(key="faulty", errors=[ValueError("odd")])
    worse = Formula(key="worse")
    monkeypatch.setattr(worse, "series", no_series)
    importer = new_importer(hass, entry, worse, faulty, source)
    await run(hass, importer)
    await check(hass, source)
    assert importer.progress.state is ImportState.WAITING
    assert "worse cannot be imported" in caplog.text
    assert "faulty cannot be imported" in caplog.text


async def test_an_unexpected_error_ends_one_import_only(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is tried again after an hour, not at once."""
    source, errors = Formula(), [ValueError("odd")]

    async def sources() -> ImportSources:
        if errors:
            raise errors.pop()
        return ImportSources({source.key: source})

    importer = Importer(
        hass, entry, name="history", sources=sources, keys_of=lambda _: (), every=lambda: HOUR
    )
    await run(hass, importer)
    assert "unexpected error during an import" in caplog.text
    await pass_time(hass, freezer, HOUR - MINUTE)
    assert not source.asked
    await pass_time(hass, freezer, MINUTE)
    await check(hass, source, FIRST + 1, NOON + 1)


async def test_requested_while_an_import_breaks(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It is imported at once, not an hour later."""
    source, errors = Formula(), [ValueError("odd")]

    async def sources() -> ImportSources:
        if errors:
            importer.retry()
            raise errors.pop()
        return ImportSources({source.key: source})

    importer = Importer(
        hass, entry, name="history", sources=sources, keys_of=lambda _: (), every=lambda: HOUR
    )
    await run(hass, importer)
    await check(hass, source)


@pytest.mark.english
@pytest.mark.usefixtures("texts")
async def test_reported_after_a_day(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Restarts do not put it off; the fix starts the import again, and success ends the issue."""
    error = ConnectionFailed("no route").because(ErrorReason.NO_CONNECTION, host="cloud")
    source = Formula(errors=[error] * 40)
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    for _ in range(23):
        await pass_time(hass, freezer, HOUR)
    assert issue(hass, entry) is None
    importer = await restart(hass, entry, source)
    for _ in range(7):
        await pass_time(hass, freezer, HOUR)
    progress = importer.progress
    assert progress.state is ImportState.FAILED
    assert importer.diagnostics()["error"] == "no route"
    assert importer.diagnostics()["failing"] == 1
    found = issue(hass, entry)
    assert found is not None
    assert found.is_fixable
    assert found.translation_placeholders == {
        "title": "Test",
        "account": "Test",
        "error": "No connection to cloud can be made",
    }
    source.errors.clear()
    entry.runtime_data = Owner(importer)
    flow = await async_create_fix_flow(hass, found.issue_id, found.data)
    flow.hass, flow.handler, flow.context = hass, DOMAIN, {"issue_id": found.issue_id}
    assert isinstance(flow, ConfirmRepairFlow)
    form = await flow.async_step_init()
    assert form["description_placeholders"] == found.translation_placeholders
    await flow.async_step_confirm({})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert importer.progress.state is ImportState.IDLE
    assert issue(hass, entry) is None
    await check(hass, source, FIRST, NOON + 30)


async def test_it_heals_by_itself(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    source = Formula(errors=[PermissionDenied("not allowed")])
    importer = new_importer(hass, entry, source)
    await run(hass, importer)
    progress = importer.progress
    assert progress.state is ImportState.FAILED
    assert issue(hass, entry) is not None
    await pass_time(hass, freezer, 5 * HOUR)
    assert len(source.asked) == 1
    await pass_time(hass, freezer, 2 * HOUR)
    assert importer.progress.state is ImportState.IDLE
    assert issue(hass, entry) is None


async def test_refused_credentials_stop_the_account(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    sources = [Formula(key=f"line_{number}", all_series=()) for number in range(9)]
    for source in sources:
        source.all_series = (CURRENT,)
        source.errors = [AuthenticationFailed("refused")]
    importer = new_importer(hass, entry, *sources)
    await run(hass, importer)
    assert sum(len(source.asked) for source in sources) <= 2
    assert importer.progress.state is ImportState.FAILED
    await pass_time(hass, freezer, 5 * HOUR)
    assert sum(len(source.asked) for source in sources) <= 2


async def test_a_failing_source_that_goes_away(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    sources = [Formula(errors=[PermissionDenied("not allowed")])]
    importer = new_importer(hass, entry, more=sources)
    await run(hass, importer)
    progress = importer.progress
    assert progress.state is ImportState.FAILED
    sources.clear()
    await pass_time(hass, freezer, HOUR)
    assert importer.progress.state is ImportState.IDLE
    assert importer.progress.hours_to_do == 0
    assert issue(hass, entry) is None
    # What is known of it is kept for a while: it may come back.
    assert importer.store["line"].origins
    await pass_time(hass, freezer, timedelta(days=100))
    assert "line" not in importer.store


async def test_the_fix_of_an_account_that_is_gone(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Neither an entry that is gone nor one not in use stands in the way."""
    stored: list[dict[str, str | int | float | None] | None] = [
        None,
        {"entry_id": "gone"},
        {"entry_id": entry.entry_id},
    ]
    for data in stored:
        flow = await async_create_fix_flow(hass, "import_failed_x", data)
        flow.hass, flow.handler, flow.context = hass, DOMAIN, {"issue_id": "import_failed_x"}
        entry.runtime_data = None
        assert isinstance(flow, ConfirmRepairFlow)
        result = await flow.async_step_confirm({})
        assert result["type"] == "create_entry"
    assert await recorded(hass, ENERGY) == {}
