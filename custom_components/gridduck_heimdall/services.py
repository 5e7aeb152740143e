"""The integration's actions, registered by a table."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.helpers.typing import VolSchemaType

from .actions import (
    assets,
    control,
    data_requests,
    expected_load,
    history,
    lines,
    load_limits,
    plan,
    reports,
    shedding,
)
from .api.override import Override
from .const import DOMAIN

type Handler = Callable[[HomeAssistant, ServiceCall], Coroutine[Any, Any, ServiceResponse | None]]


@dataclass(frozen=True, slots=True)
class ActionDescription:
    """An action: handler, schema, response, and whether only administrators may call it."""

    handler: Handler
    schema: VolSchemaType
    response: SupportsResponse = SupportsResponse.NONE
    admin: bool = False


ACTIONS: Final[dict[str, ActionDescription]] = {
    "boost": ActionDescription(
        partial(control.async_control, kind=Override.BOOST),
        control.OVERRIDE_SCHEMA,
        SupportsResponse.OPTIONAL,
    ),
    "snooze": ActionDescription(
        partial(control.async_control, kind=Override.SNOOZE),
        control.OVERRIDE_SCHEMA,
        SupportsResponse.OPTIONAL,
    ),
    "resume": ActionDescription(
        partial(control.async_control, kind=Override.NONE),
        control.RESUME_SCHEMA,
        SupportsResponse.OPTIONAL,
    ),
    "get_measurements": ActionDescription(
        lines.async_get_measurements, lines.MEASUREMENTS_SCHEMA, SupportsResponse.ONLY
    ),
    "get_forecast": ActionDescription(
        lines.async_get_forecast, lines.FORECAST_SCHEMA, SupportsResponse.ONLY
    ),
    "get_expected_load": ActionDescription(
        expected_load.async_get_expected_load,
        expected_load.EXPECTED_LOAD_SCHEMA,
        SupportsResponse.ONLY,
    ),
    "get_history": ActionDescription(
        lines.async_get_history, lines.HISTORY_SCHEMA, SupportsResponse.ONLY
    ),
    "get_line_report": ActionDescription(
        reports.async_get_line_report, reports.LINE_REPORT_SCHEMA, SupportsResponse.ONLY
    ),
    "get_forecast_skill": ActionDescription(
        reports.async_get_forecast_skill, reports.SKILL_SCHEMA, SupportsResponse.ONLY
    ),
    "get_site_report": ActionDescription(
        reports.async_get_site_report, reports.SITE_REPORT_SCHEMA, SupportsResponse.ONLY
    ),
    "get_telemetry": ActionDescription(
        assets.async_get_telemetry, assets.TELEMETRY_SCHEMA, SupportsResponse.ONLY
    ),
    "download_data": ActionDescription(
        assets.async_download_data,
        assets.DOWNLOAD_SCHEMA,
        SupportsResponse.OPTIONAL,
        admin=True,
    ),
    "list_data_requests": ActionDescription(
        data_requests.async_list,
        data_requests.LIST_SCHEMA,
        SupportsResponse.ONLY,
        admin=True,
    ),
    "get_data_request_link": ActionDescription(
        data_requests.async_link,
        data_requests.LINK_SCHEMA,
        SupportsResponse.ONLY,
        admin=True,
    ),
    "delete_data_request": ActionDescription(
        data_requests.async_delete_one, data_requests.DELETE_SCHEMA, admin=True
    ),
    "shed_load": ActionDescription(
        shedding.async_shed_load, shedding.SHED_SCHEMA, SupportsResponse.OPTIONAL
    ),
    "plan_load": ActionDescription(plan.async_plan_load, plan.PLAN_SCHEMA, SupportsResponse.ONLY),
    "restore_load": ActionDescription(
        shedding.async_restore_load, shedding.RESTORE_SCHEMA, SupportsResponse.OPTIONAL
    ),
    "get_decisions": ActionDescription(
        load_limits.async_get_decisions, load_limits.DECISIONS_SCHEMA, SupportsResponse.ONLY
    ),
    "import_history": ActionDescription(
        history.async_import_history,
        history.IMPORT_SCHEMA,
        SupportsResponse.OPTIONAL,
        admin=True,
    ),
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, action in ACTIONS.items():
        handler = partial(action.handler, hass)
        if action.admin:
            async_register_admin_service(
                hass, DOMAIN, name, handler, action.schema, action.response
            )
        else:
            hass.services.async_register(DOMAIN, name, handler, action.schema, action.response)
