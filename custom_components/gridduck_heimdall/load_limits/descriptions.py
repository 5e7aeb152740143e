"""The sensors of a load limit: what each shows, and which load limits have it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
import time
from typing import Final

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfPower
from homeassistant.util import dt as dt_util

from ..core.entity import RoundedDescription
from .active_limit import ActiveLimit
from .control_law.models import State, Status
from .settings.config import LimitConfig, Measured


def always(_config: LimitConfig) -> bool:
    """Return True: every load limit has the sensor."""
    return True


def _of_mean(config: LimitConfig) -> bool:
    return config.window > 0


@dataclass(frozen=True, kw_only=True)
class LimitSensorDescription(SensorEntityDescription, RoundedDescription):
    """A sensor of a load limit.

    Attributes:
        value: returns what it shows.
        exists: whether a load limit that is configured so has it.
        in_unit_of_limit: whether it is in the unit of the limit, A or kW.
        only_with_value: whether it is unavailable, not unknown, while it has no value.
        attributes: returns further attributes; None where it has none.
    """

    precision: int | None = 3
    value: Callable[[ActiveLimit], float | str | datetime | None]
    exists: Callable[[LimitConfig], bool] = always
    in_unit_of_limit: bool = False
    only_with_value: bool = False
    attributes: Callable[[ActiveLimit], Mapping[str, object]] | None = None


def _projected(limit: ActiveLimit) -> float | None:
    """Return the mean at the end of the window if the load stays as it is, W."""
    if limit.window is None or limit.reading is None:
        return None
    return limit.window.projected(limit.reading.value, time.time())


def _available(limit: ActiveLimit) -> float | None:
    if limit.window is None or limit.reading is None or limit.limit is None:
        return None
    now, load = time.time(), limit.reading.value
    return limit.meter.shown(limit.window.allowed(limit.limit, load, now) - load)


def peak_at_risk(limit: ActiveLimit) -> bool | None:
    """Return whether the mean will exceed the limit if the load stays as it is."""
    mean = _projected(limit)
    return None if mean is None or limit.limit is None else mean > limit.limit


def _problems(limit: ActiveLimit) -> Mapping[str, object]:
    """Return what keeps it from working, at once; repairs say so once it has lasted."""
    return {"problems": sorted(one.removeprefix("load_limit_") for one in limit.problems)}


def _of_site(config: LimitConfig) -> bool:
    return config.measured is Measured.SITE


def _expected_peak(limit: ActiveLimit) -> float | None:
    return None if (peak := limit.expected_peak) is None else peak.centre


def _peak_time(limit: ActiveLimit) -> Mapping[str, object]:
    peak = limit.expected_peak
    return {"at": None if peak is None else peak.start.isoformat()}


def _next_return(limit: ActiveLimit) -> datetime | None:
    found = limit.status.next_return
    # Whole minutes: it is a forecast, and moves with each pass.
    return None if found is None else dt_util.utc_from_timestamp(round(found / 60) * 60)


def _power(key: str, watts: Callable[[Status], float]) -> LimitSensorDescription:
    """Describe a sensor of a power in kW, whatever the unit of the limit."""
    return LimitSensorDescription(
        key=key,
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value=lambda limit: watts(limit.status) / 1000,
    )


def _like_limit(
    key: str,
    value: Callable[[ActiveLimit], float | None],
    exists: Callable[[LimitConfig], bool] = always,
) -> LimitSensorDescription:
    """Describe a sensor in the unit of the limit, A or kW."""
    return LimitSensorDescription(
        key=key,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value=value,
        exists=exists,
        in_unit_of_limit=True,
    )


SENSORS: Final = (
    LimitSensorDescription(
        key="load_limit_state",
        device_class=SensorDeviceClass.ENUM,
        options=list(State),
        value=lambda limit: limit.status.state,
        attributes=_problems,
    ),
    _like_limit("load_limit_load", lambda limit: limit.load),
    _like_limit("load_limit_limit", lambda limit: limit.meter.shown(limit.limit)),
    _like_limit("load_limit_headroom", lambda limit: limit.headroom),
    _power("load_limit_power_curtailed", lambda status: status.curtailed),
    LimitSensorDescription(
        key="load_limit_assets_curtailed",
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda limit: limit.status.assets,
    ),
    _power("load_limit_unmet_power", lambda status: status.unmet),
    LimitSensorDescription(
        key="load_limit_next_return",
        device_class=SensorDeviceClass.TIMESTAMP,
        value=_next_return,
        only_with_value=True,
    ),
    LimitSensorDescription(
        key="load_limit_response",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        suggested_display_precision=0,
        value=lambda limit: 100 * limit.status.response,
    ),
    LimitSensorDescription(
        key="load_limit_expected_peak",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=1,
        value=_expected_peak,
        exists=_of_site,
        attributes=_peak_time,
    ),
    _like_limit(
        "load_limit_expected_mean", lambda limit: limit.meter.shown(_projected(limit)), _of_mean
    ),
    _like_limit("load_limit_available", _available, _of_mean),
)
