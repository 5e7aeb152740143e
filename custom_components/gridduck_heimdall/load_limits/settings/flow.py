"""The forms that add and change a load limit."""

from collections.abc import Mapping
from functools import partialmethod
from typing import Any, Final

from homeassistant.config_entries import SOURCE_USER, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import ATTR_DEVICE_ID, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import voluptuous as vol

from ...const import DOMAIN
from ...core.asset_account import AssetAccount
from ...core.backend import backend_of
from ...core.config_forms import FormError, choice
from ...core.device_kind import kind_of
from ...core.device_map import name_of
from ...core.line_account import LineAccount
from ..candidates import async_resolve
from ..meter import Meter
from . import config as key
from .config import SCHEMA, UNITS, LimitUnit, Measured, thresholds_of
from .forms import SECTION_OF, SECTIONS, form_schema
from .quantities import CURRENT_UNITS, POWER_UNITS, converted, number_of, unit_of

ACCOUNTS: Final = {Measured.LINE: LineAccount, Measured.SITE: AssetAccount}
"""The kind of account whose devices can be measured."""
_CURRENT: Final = "current"
"""The translation key of the sensor that shows the load of a line."""


class LoadLimitFlow(ConfigSubentryFlow):
    """Add or change a load limit."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask what is measured."""
        if user_input is not None:
            return await self._async_ask(Measured(user_input[key.CONF_MEASURED]))
        offered = [one for one in Measured if one is Measured.SENSOR or self._devices(one)]
        if offered == [Measured.SENSOR]:
            return await self._async_ask(Measured.SENSOR)
        return self.async_show_form(
            step_id="user", data_schema=choice(key.CONF_MEASURED, offered), last_step=False
        )

    async def async_step_reconfigure(self, _: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Go to the form of what is measured."""
        try:
            config = key.LimitConfig.of(self._get_reconfigure_subentry().data)
        except vol.Invalid:
            return self.async_abort(reason="damaged")
        return await self._async_ask(config.measured)

    async def _async_ask(
        self, measured: Measured, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        errors, placeholders = dict[str, str](), {"accounts": ""}
        if user_input is not None:
            try:
                data = await self._async_data(measured, user_input)
            except FormError as error:
                # Home Assistant shows an error of a field in a section at the section.
                errors = {SECTION_OF.get(error.field, error.field): error.key}
                placeholders |= error.placeholders
            else:
                return self._finish(data)
        return self.async_show_form(
            step_id=measured.value,
            data_schema=self.add_suggested_values_to_schema(
                form_schema(measured, self._devices(measured), opened=errors),
                user_input or self._shown(measured),
            ),
            errors=errors,
            description_placeholders=placeholders,
        )

    async_step_line = partialmethod(_async_ask, Measured.LINE)
    async_step_site = partialmethod(_async_ask, Measured.SITE)
    async_step_sensor = partialmethod(_async_ask, Measured.SENSOR)

    def _finish(self, data: dict[str, Any]) -> SubentryFlowResult:
        title = self._title(data)
        if self.source == SOURCE_USER:
            return self.async_create_entry(title=title, data=data)
        subentry = self._get_reconfigure_subentry()
        # A title that the user has changed stays.
        generated = subentry.title == self._title(subentry.data)
        return self.async_update_and_abort(
            self._get_entry(), subentry, data=data, title=title if generated else subentry.title
        )

    def _shown(self, measured: Measured) -> dict[str, Any]:
        """Return what the form shows at first."""
        if self.source == SOURCE_USER:
            return {key.CONF_LIMIT: 100.0} if measured is Measured.LINE else {}
        data = dict(self._get_reconfigure_subentry().data)
        registry = er.async_get(self.hass)
        for name in (key.CONF_SENSOR, key.CONF_LIMIT_ENTITY):
            if name in data:
                data[name] = er.async_resolve_entity_id(registry, data[name]) or data[name]
        data[key.CONF_WINDOW] = str(data.get(key.CONF_WINDOW, 0))
        if (sensor := data.get(key.CONF_SENSOR)) is not None:
            self._show_in_unit_of(sensor, data)
        sections: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
        for name in SECTION_OF.keys() & data.keys():
            sections[SECTION_OF[name]][name] = data[name]
        return data | sections

    def _show_in_unit_of(self, sensor: str, data: dict[str, Any]) -> None:
        """Convert the limit of a sensor whose unit has changed since it was entered."""
        state, unit = self.hass.states.get(sensor), data.get(key.CONF_UNIT)
        now = None if state is None else unit_of(state)
        if unit is not None and now is not None:
            data[key.CONF_LIMIT] = converted(data[key.CONF_LIMIT], unit, now)

    def _devices(self, measured: Measured) -> dict[str, str]:
        """Return the names of the lines or sites of all accounts, by device."""
        wanted = ACCOUNTS.get(measured)
        return {
            device.id: name_of(device)
            for entry in self.hass.config_entries.async_entries(DOMAIN)
            if wanted is not None and issubclass(backend_of(entry.data).account, wanted)
            for device in dr.async_entries_for_config_entry(dr.async_get(self.hass), entry.entry_id)
            if kind_of(device) == backend_of(entry.data).kinds.selectable
        }

    def _title(self, data: Mapping[str, Any]) -> str:
        """Return the title of a load limit: the name of what it measures."""
        if (device_id := data.get(key.CONF_DEVICE)) is not None:
            device = dr.async_get(self.hass).async_get(device_id)
            return device_id if device is None else name_of(device)
        sensor = er.async_resolve_entity_id(er.async_get(self.hass), data[key.CONF_SENSOR])
        state = self.hass.states.get(sensor or data[key.CONF_SENSOR])
        return data[key.CONF_SENSOR] if state is None else state.name

    async def _async_data(
        self, measured: Measured, user_input: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return what is stored.

        Raises:
            FormError: something does not fit together.
        """
        entered = dict(user_input)
        for name in SECTIONS:
            entered |= entered.pop(name, {})
        entered[key.CONF_MEASURED] = measured.value
        entered.setdefault(key.CONF_LIMIT_UNIT, UNITS[measured][0].value)
        if entered[key.CONF_LIMIT] <= 0:
            raise FormError("limit_not_positive", key.CONF_LIMIT)
        self._check_not_own(entered)
        if measured is Measured.SENSOR:
            _check_sensor(self.hass, entered)
        if key.CONF_LIMIT_ENTITY in entered:
            _check_limit_entity(self.hass, entered)
        _check_thresholds(entered)
        entered[key.CONF_CANDIDATES] = _candidates(measured, entered)
        await _async_check_candidates(self.hass, entered[key.CONF_CANDIDATES])
        registry = er.async_get(self.hass)
        for name in (key.CONF_SENSOR, key.CONF_LIMIT_ENTITY):
            # The id of the registry outlives a change of the entity id.
            if (found := registry.async_get(entered.get(name, ""))) is not None:
                entered[name] = found.id
        data: dict[str, Any] = SCHEMA(entered)
        _check_not_measured(self.hass, key.LimitConfig.of(data))
        return {name: value for name, value in data.items() if value is not None}

    def _check_not_own(self, entered: Mapping[str, Any]) -> None:
        """Check that a load limit reads none of its own entities.

        Raises:
            FormError: it would, and follow itself.
        """
        if self.source == SOURCE_USER:
            return
        registry, own = er.async_get(self.hass), self._get_reconfigure_subentry().subentry_id
        for name in (key.CONF_SENSOR, key.CONF_LIMIT_ENTITY):
            entity = registry.async_get(entered.get(name, ""))
            if entity is not None and entity.config_subentry_id == own:
                raise FormError("own_entity", name)


def _candidates(measured: Measured, entered: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what may be curtailed: for a site its own assets, unless a target is given."""
    target: Mapping[str, Any] = entered.get(key.CONF_CANDIDATES) or {}
    if not target and measured is Measured.SITE:
        return {ATTR_DEVICE_ID: [entered[key.CONF_DEVICE]]}
    return target


def _check_sensor(hass: HomeAssistant, entered: dict[str, Any]) -> None:
    """Check that a sensor can be measured, and note its unit, which may change later.

    Raises:
        FormError: it cannot.
    """
    entered[key.CONF_UNIT] = unit = _unit_of_number(hass, entered[key.CONF_SENSOR], key.CONF_SENSOR)
    if unit in CURRENT_UNITS:
        if int(entered[key.CONF_WINDOW]):
            raise FormError("window_needs_power", key.CONF_WINDOW)
        if entered.get(key.CONF_VOLTAGE) is None:
            raise FormError("voltage_missing", key.CONF_VOLTAGE)
    elif unit not in POWER_UNITS:
        raise FormError("not_power_or_current", key.CONF_SENSOR)
    else:
        entered[key.CONF_VOLTAGE] = None


def _check_limit_entity(hass: HomeAssistant, entered: Mapping[str, Any]) -> None:
    """Check that the entity gives a limit of what is measured.

    Raises:
        FormError: it does not.
    """
    unit = _unit_of_number(hass, entered[key.CONF_LIMIT_ENTITY], key.CONF_LIMIT_ENTITY)
    wanted = LimitUnit(entered[key.CONF_LIMIT_UNIT]).unit(entered.get(key.CONF_UNIT))
    # A helper may have no unit: it is read in that of the limit.
    if unit is not None and converted(0.0, unit, wanted) is None:
        raise FormError("limit_entity_unit", key.CONF_LIMIT_ENTITY)


def _check_not_measured(hass: HomeAssistant, config: key.LimitConfig) -> None:
    """Check that a load is not limited by itself.

    Raises:
        FormError: the entity that gives the limit is the one that is measured.
    """
    entity = er.async_get(hass).async_get(config.limit_entity or "")
    if config.measured is Measured.LINE:
        measured = entity is not None and (entity.device_id, entity.translation_key) == (
            config.device_id,
            _CURRENT,
        )
    else:
        limit_entity = config.limit_entity if entity is None else entity.entity_id
        measured = limit_entity is not None and limit_entity == Meter(hass, config).source()
    if measured:
        raise FormError("limit_entity_measured", key.CONF_LIMIT_ENTITY)


def _check_thresholds(entered: Mapping[str, Any]) -> None:
    """Check that the thresholds are in order.

    Raises:
        FormError: they are not.
    """
    match thresholds_of(entered).misplaced:
        case "act_above":
            raise FormError("act_above_too_low", key.CONF_ACT_ABOVE)
        case "release_below":
            raise FormError("release_below_too_high", key.CONF_RELEASE_BELOW)


async def _async_check_candidates(hass: HomeAssistant, target: Mapping[str, Any]) -> None:
    """Check that a target has assets that can be curtailed.

    Raises:
        FormError: it has none, or has what cannot be.
    """
    found = await async_resolve(hass, target)
    if found.lines:
        raise FormError("candidate_is_line", key.CONF_CANDIDATES)
    if found.not_loaded:
        accounts = ", ".join(sorted(found.not_loaded))
        raise FormError(
            "account_not_loaded", key.CONF_CANDIDATES, placeholders={"accounts": accounts}
        )
    if not found.assets and found.read_only:
        raise FormError("candidates_read_only", key.CONF_CANDIDATES)
    if not found.assets:
        raise FormError("no_candidates", key.CONF_CANDIDATES)


def _unit_of_number(hass: HomeAssistant, entity_id: str, field: str) -> str | None:
    """Return the unit of an entity that shows a number.

    Raises:
        FormError: it shows something else.
    """
    state = hass.states.get(entity_id)
    if state is None:
        raise FormError("entity_missing", field)
    if number_of(state) is None and state.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        raise FormError("not_a_number", field)
    return unit_of(state)
