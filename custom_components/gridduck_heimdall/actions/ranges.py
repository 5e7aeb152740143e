"""Time ranges of actions."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..const import DOMAIN

ATTR_START: Final = "start"
ATTR_END: Final = "end"


def utc_time(value: object) -> datetime:
    """Validate a time and return it in UTC; the default is Home Assistant's time zone.

    Raises:
        vol.Invalid: it is no time.
        ServiceValidationError: it is out of range in UTC.
    """
    try:
        return dt_util.as_utc(cv.datetime(value))
    except OverflowError:
        raise _out_of_range("time_out_of_range") from None


def duration_between(
    shortest: timedelta, longest: timedelta, key: str
) -> Callable[[object], timedelta]:
    """Return what validates a duration.

    Args:
        shortest: the shortest that is valid.
        longest: the longest.
        key: translation key of the error of any other, which names both.
    """

    def validate(value: object) -> timedelta:
        try:
            duration = cv.positive_time_period(value)
        except OverflowError:
            raise _out_of_range("time_out_of_range") from None
        if not shortest <= duration <= longest:
            raise _out_of_range(key)
        return duration

    return validate


def _out_of_range(key: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key)


RANGE: Final[dict[vol.Marker, object]] = {
    vol.Required(ATTR_START): utc_time,
    vol.Optional(ATTR_END): utc_time,
}


def checked_range(call: ServiceCall) -> tuple[datetime, datetime]:
    """Return start and end in UTC.

    Raises:
        ServiceValidationError: the range is empty, or begins in the future.
    """
    now = dt_util.utcnow()
    start: datetime = call.data[ATTR_START]
    end = min(call.data.get(ATTR_END, now), now)
    if start >= end:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="empty_range")
    return start, end
