"""Actions that return data of GridDuck assets: telemetry and downloads."""

from typing import Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
import voluptuous as vol

from ..api.gridduck.assumed import Granularity, TelemetryType
from ..const import DOMAIN
from ..core.authorization import async_check_devices
from ..core.device_map import name_of
from ..core.exceptions import action_errors
from ..gridduck.backend import GridDuckAccount
from ..gridduck.download import async_download
from ..gridduck.telemetry_response import TELEMETRY_KINDS, async_telemetry
from .ranges import RANGE, checked_range
from .targets import async_accounts_and_devices

ATTR_KIND: Final = "kind"
ATTR_GRANULARITY: Final = "granularity"
ATTR_TYPE: Final = "type"
ATTR_IMPORT_STATISTICS: Final = "import_statistics"
ATTR_DELETE_AFTER_IMPORT: Final = "delete_after_import"

_GRANULARITY: Final = {
    vol.Optional(ATTR_GRANULARITY, default=Granularity.HOUR): vol.Coerce(Granularity)
}
TELEMETRY_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ATTR_DEVICE_ID): cv.string,
        vol.Required(ATTR_KIND): vol.In(sorted(TELEMETRY_KINDS)),
        **_GRANULARITY,
        **RANGE,
    }
)
DOWNLOAD_SCHEMA: Final = cv.make_entity_service_schema(
    {
        vol.Optional(ATTR_TYPE, default=TelemetryType.DELIVERED): vol.Coerce(TelemetryType),
        vol.Optional(ATTR_IMPORT_STATISTICS, default=False): cv.boolean,
        vol.Optional(ATTR_DELETE_AFTER_IMPORT, default=False): cv.boolean,
        **_GRANULARITY,
        **RANGE,
    }
)


async def async_get_telemetry(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Return the telemetry of one asset in a time range."""
    start, end = checked_range(call)
    device, entry = service.async_get_device_and_config_entry(
        hass, DOMAIN, call.data[ATTR_DEVICE_ID]
    )
    account = entry.runtime_data
    asset_id = account.asset_of(device) if isinstance(account, GridDuckAccount) else None
    if asset_id is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_an_asset",
            translation_placeholders={"target": name_of(device)},
        )
    await async_check_devices(hass, call.context, (device.id,), POLICY_READ)
    async with action_errors(), account.lifetime.within():
        return await async_telemetry(
            account, asset_id, call.data[ATTR_KIND], start, end, call.data[ATTR_GRANULARITY]
        )


async def async_download_data(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Download the telemetry of the target's assets, and return what was received."""
    start, end = checked_range(call)
    targets = await async_accounts_and_devices(hass, call)
    wanted = {
        account: asset_ids
        for account, devices in targets.found.items()
        if isinstance(account, GridDuckAccount) and (asset_ids := account.assets_under(devices))
    }
    if not wanted:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_asset_to_download"
        )
    if len(wanted) > 1:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="several_accounts")
    ((account, asset_ids),) = wanted.items()
    async with action_errors():
        answer = await async_download(
            account,
            asset_ids,
            start,
            end,
            granularity=call.data[ATTR_GRANULARITY],
            type=call.data[ATTR_TYPE],
            import_statistics=call.data[ATTR_IMPORT_STATISTICS],
            delete_after_import=call.data[ATTR_DELETE_AFTER_IMPORT],
        )
    return {**answer, "passed_over": [one.answer() for one in targets.passed_over]}
