"""Read what a plan looks at: expected loads, limits and candidates of a load limit."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
import time
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import UnitOfElectricCurrent, UnitOfPower
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from ...core.asset_account import AssetAccount
from ...core.expected_load import HOURS_AHEAD, ExpectedLoad
from ...core.line_forecast import Confidence
from ...core.measured_load import MeasuredLoad
from ...core.slices import in_slices
from ...forecast.line_events import CONFIDENCE
from ...forecast.runtime import LOAD_FORECASTS
from ..active_limit import ActiveLimit
from ..candidates import CandidateAsset, rank
from ..control_law.ledger import Ledger
from ..control_law.models import AssetState, Refusal
from ..control_law.plan import HOUR, HourAhead, PlannedHour, PlanSnapshot, boost_ahead, plan
from ..runtime import LOAD_LIMITS
from ..settings.config import LimitConfig, LimitUnit, Measured

MOST_ASSETS: Final = 200
"""Assets whose own expected power is read; of the others what they draw now counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPlan:
    """A plan of a load limit, with its candidates by key."""

    limit: ActiveLimit
    assets: Mapping[str, CandidateAsset]
    hours: Sequence[PlannedHour]


async def async_plan(
    hass: HomeAssistant,
    limit: ActiveLimit,
    *,
    hours: int = HOURS_AHEAD,
    confidence: Confidence = CONFIDENCE,
    storing: Collection[str] | None = None,
) -> LimitPlan | None:
    """Plan what a load limit is going to curtail; None while load or limit is unknown.

    The forecast rating of a line has a confidence, by default that of congestion in calendars;
    `storing` are labels of assets that can be boosted ahead, by default those of the load limit.
    """
    ahead = await _async_hours(hass, limit, hours, confidence)
    if not ahead:
        return None
    load_limits = hass.data[LOAD_LIMITS]
    labels = tuple(limit.config.boost_ahead if storing is None else storing)
    known = load_limits.assets.known
    assets = {key: known[key] for key in limit.request.candidates if key in known}
    # Where nothing has to be curtailed, it does not matter what assets draw.
    act_above = limit.config.thresholds.act_above
    needed = any(one.load > act_above * one.limit for one in ahead)
    expected = await _async_expected(hass, assets) if needed else {}

    def power(key: str, at: float) -> float | None:
        return expected.get(key, {}).get(at // HOUR * HOUR)

    ranks = (rank(hass, one.device_id, labels) for one in assets.values())
    places = await in_slices(ranks, at_once=20)
    ledger = load_limits.record.ledger.frozen()
    snapshot = PlanSnapshot(
        request=limit.request,
        hours=ahead,
        states=_without_our_boosts(load_limits.assets.fleet.states, ledger),
        ledger=ledger,
        power=power,
        storing={key for key, place in zip(assets, places, strict=True) if place < len(labels)},
        paused_until=limit.paused_until if limit.is_paused(time.time()) else 0.0,
    )
    planned = list[PlannedHour]()
    await in_slices(plan(snapshot, planned))
    await in_slices(boost_ahead(snapshot, planned), at_once=10)
    return LimitPlan(limit=limit, assets=assets, hours=planned)


def _without_our_boosts(
    states: Mapping[str, AssetState], ledger: Ledger
) -> Mapping[str, AssetState]:
    """Return assets as they are without what load limits boost: a plan decides on that anew."""
    ours = {
        key: replace(
            state,
            boosted=False,
            boosted_until=None,
            refusal=None if state.refusal is Refusal.BOOSTED else state.refusal,
        )
        for key in ledger.boosted
        if (state := states.get(key)) is not None
    }
    return {**states, **ours}


async def _async_expected(
    hass: HomeAssistant, assets: Mapping[str, CandidateAsset]
) -> Mapping[str, Mapping[float, float]]:
    """Return what assets are expected to draw, W, by key and the beginning of the hour."""
    registry, keys = dr.async_get(hass), dict[str, str]()
    by_account = defaultdict[AssetAccount, list[MeasuredLoad]](list)
    for key, one in list(assets.items())[:MOST_ASSETS]:
        device = None if one.device_id is None else registry.async_get(one.device_id)
        load = None if device is None else one.account.measured_load(device)
        if load is not None:
            by_account[one.account].append(load)
            keys[load.device_id] = key
    forecasts, found = hass.data[LOAD_FORECASTS], dict[str, Mapping[float, float]]()
    for account, loads in by_account.items():
        for device_id, expected in (await forecasts.async_expect(account, loads)).items():
            found[keys[device_id]] = {
                hour.start.timestamp(): 1000 * max(0.0, hour.centre) for hour in expected.hours
            }
    return found


async def async_load_is_known(hass: HomeAssistant, limit: ActiveLimit) -> bool:
    """Return whether the load of a load limit is expected, so that only the limit is unknown."""
    return await _async_loads(hass, limit) is not None


async def _async_hours(
    hass: HomeAssistant, limit: ActiveLimit, hours: int, confidence: Confidence
) -> Sequence[HourAhead]:
    """Return the hours for which load and limit of a load limit are known."""
    now, config = time.time(), limit.config
    loads = await _async_loads(hass, limit)
    ratings = _ratings(hass, config, confidence)
    if loads is None:
        return ()
    end = dt_util.utcnow() + timedelta(hours=hours)
    return [
        HourAhead(start=max(start, now), end=start + HOUR, load=load, limit=watts)
        for start, load in loads
        if start < end.timestamp()
        and start + HOUR > now
        and (watts := limit.meter.limit_with(ratings.get(start), now)) is not None
    ]


async def _async_loads(
    hass: HomeAssistant, limit: ActiveLimit
) -> Sequence[tuple[float, float]] | None:
    """Return the expected load by the beginning of the hour, W; None if it is unknown."""
    forecasts, config = hass.data[LOAD_FORECASTS], limit.config
    load: ExpectedLoad | None
    if config.measured is Measured.SENSOR:
        entry = hass.config_entries.async_get_known_entry(limit.entry_id)
        if entry.state is not ConfigEntryState.LOADED:
            # Its account is down; the load limit is still in use.
            return None
        unit = UnitOfPower.KILO_WATT if config.voltage is None else UnitOfElectricCurrent.AMPERE
        sensor = MeasuredLoad(device_id=limit.id, unit=unit, entity_id=limit.meter.source())
        load = (await forecasts.async_expect(entry.runtime_data, [sensor])).get(limit.id)
    else:
        load = await forecasts.async_expected_load(config.device_id or "")
    factor = 1000.0 if load is None or load.unit == UnitOfPower.KILO_WATT else limit.meter.volts()
    if load is None or factor is None:
        return None
    return [(one.start.timestamp(), factor * one.centre) for one in load.hours]


def _ratings(
    hass: HomeAssistant, config: LimitConfig, confidence: Confidence
) -> Mapping[float, float]:
    """Return the forecast rating of a line by the beginning of the hour, A."""
    if config.limit_unit is not LimitUnit.RATING or config.device_id is None:
        return {}
    outlook = hass.data[LOAD_FORECASTS].outlook(config.device_id)
    if outlook is None:
        return {}
    return {one.start.timestamp(): one.rating(confidence) for one in outlook.hours}
