"""The range of time that an action asks for."""

from datetime import UTC, datetime
from typing import Final

from homeassistant.core import ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from custom_components.gridduck_heimdall.const import DOMAIN

ATTR_START: Final = "start"
ATTR_END: Final = "end"

RANGE: Final[dict[vol.Marker, object]] = {
    vol.Required(ATTR_START): cv.datetime,
    vol.Optional(ATTR_END): cv.datetime,
}


def checked_range(call: ServiceCall) -> tuple[datetime, datetime]:
    """Return start and end in UTC; a time without a zone is Home Assistant's own.

    Raises:
        ServiceValidationError: the range is empty, or begins in the future.
    """
    now = dt_util.utcnow()
    start = _utc(call.data[ATTR_START])
    end = min(_utc(call.data[ATTR_END]), now) if ATTR_END in call.data else now
    if start >= end:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="empty_range")
    return start, end


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt_util.get_default_time_zone())
    return moment.astimezone(UTC)
