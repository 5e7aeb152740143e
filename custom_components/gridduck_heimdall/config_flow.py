"""Add, re-authenticate and reconfigure an account."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_CLIENT_ID
from homeassistant.core import callback

from .api.errors import (
    ApiError,
    AuthenticationFailed,
    ConnectionFailed,
    PermissionDenied,
    RateLimited,
    ServerError,
)
from .backends import BACKENDS, CloudSteps
from .const import CONF_SERVICE, DOMAIN, LOGGER, MINOR_VERSION
from .core.backend import AccountEntry, CloudBackend, NothingFound, ProbeResult, backend_of
from .core.config_forms import CREDENTIALS, SECTION_ADVANCED, FormError, choice, credentials
from .core.exceptions import pause_minutes
from .core.inclusion import Inclusion
from .core.titles import is_generated, registered_names, title_of
from .load_limits.settings.config import SUBENTRY_TYPE
from .load_limits.settings.flow import LoadLimitFlow
from .options_flow import AccountOptionsFlow

CONF_VIEW_ONLY: Final = "view_only"

ABOUT_ADDRESS: Final = frozenset({"cannot_connect", "not_the_service"})
"""Errors that an entered address can cause."""

ERRORS: Final[tuple[tuple[type[ApiError], str], ...]] = (
    (AuthenticationFailed, "invalid_auth"),
    (PermissionDenied, "no_permission"),
    (ConnectionFailed, "cannot_connect"),
    (RateLimited, "too_many_requests"),
    (ServerError, "service_failed"),
    # A 404, a refused request, a web page: the response is not from the service.
    (ApiError, "not_the_service"),
)


class AccountFlow(CloudSteps, ConfigFlow, domain=DOMAIN):
    """Set up an account from credentials."""

    VERSION = 1
    MINOR_VERSION = MINOR_VERSION

    def __init__(self) -> None:
        """Start the flow."""
        self._data: dict[str, Any] = {}
        self._title = ""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: AccountEntry) -> OptionsFlow:
        """Return the options of an account."""
        return AccountOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: AccountEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to an account."""
        return {SUBENTRY_TYPE: LoadLimitFlow}

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which service the account belongs to."""
        if user_input is not None:
            return await self.async_ask(backend_of(user_input))
        return self.async_show_form(
            step_id="user", data_schema=choice(CONF_SERVICE, list(BACKENDS)), last_step=False
        )

    @override
    async def async_ask(
        self, backend: CloudBackend, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add an account of a cloud."""
        error = None
        if user_input is not None:
            try:
                self._data = _entry_data(backend, user_input)
                found = await self._async_probe(self._data)
            except FormError as form_error:
                error = form_error
            else:
                self._title = found.title
                return await self.async_step_view_only() if found.view_only else self._create()
        return self._show_account(backend.service, backend, user_input or {}, error)

    @callback
    def _show_account(
        self,
        step_id: str,
        backend: CloudBackend,
        shown: Mapping[str, Any],
        error: FormError | None,
        account: str = "",
    ) -> ConfigFlowResult:
        """Show the form of an account; its section is open if it contains an error."""
        form = backend.form
        about_section = error is not None and (
            error.field == SECTION_ADVANCED
            or (error.key in ABOUT_ADDRESS and form.has_own_addresses(shown))
        )
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                form.schema(collapsed=not about_section), shown
            ),
            errors={error.field: error.key} if error else {},
            description_placeholders={
                **form.placeholders,
                "account": account,
                "host": form.hosts(shown),
                "minutes": error.minutes if error else "",
                "service": backend.title,
            },
        )

    async def async_step_view_only(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Report that control was not granted, and let the user choose."""
        backend = backend_of(self._data)
        match user_input:
            case None:
                return self.async_show_form(
                    step_id="view_only",
                    data_schema=choice(CONF_VIEW_ONLY, ("accept", "other_credentials")),
                    description_placeholders=backend.form.placeholders,
                )
            case {"view_only": "accept"}:
                return self._create()
            case _:
                return await self.async_ask(backend)

    @callback
    def _create(self) -> ConfigFlowResult:
        return self.async_create_entry(title=self._title, data=self._data)

    async def async_step_reauth(self, _: Mapping[str, Any]) -> ConfigFlowResult:
        """Start re-authentication."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the credentials again."""
        entry, error = self._get_reauth_entry(), None
        backend = backend_of(entry.data)
        if user_input is not None:
            try:
                data = {**entry.data, **credentials(user_input)}
                await self._async_probe(data)
            except FormError as form_error:
                error = form_error
            else:
                return self.async_update_reload_and_abort(entry, data=data)
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=self.add_suggested_values_to_schema(
                CREDENTIALS,
                user_input or {CONF_CLIENT_ID: entry.data[CONF_CLIENT_ID]},
            ),
            errors={error.field: error.key} if error else {},
            description_placeholders={
                "account": entry.title,
                "host": backend.form.hosts(backend.form.suggested_values(entry.data)),
                "minutes": error.minutes if error else "",
                "service": backend.title,
            },
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the credentials or the addresses of an account."""
        entry, error = self._get_reconfigure_entry(), None
        backend = backend_of(entry.data)
        if user_input is not None:
            try:
                data = _entry_data(backend, user_input)
                found = await self._async_probe(data)
            except FormError as form_error:
                error = form_error
            else:
                names = registered_names(self.hass, entry)
                generated = is_generated(entry.title, entry.data, names)
                # The probe knows nothing of what the options leave out.
                named = Inclusion.of(entry.options).parts and names
                # The title names the environment; a title that the user has changed stays.
                title = entry.title
                if generated:
                    title = title_of(data, names) if named else found.title
                return self.async_update_reload_and_abort(entry, data=data, title=title)
        shown = user_input or backend.form.suggested_values(entry.data)
        return self._show_account("reconfigure", backend, shown, error, entry.title)

    async def _async_probe(self, data: Mapping[str, Any]) -> ProbeResult:
        """Try the credentials, and check that they belong to the account.

        Raises:
            FormError: they do not work, the account is empty, or it is another account.
        """
        try:
            found = await backend_of(data).probe(self.hass, data)
        except NothingFound as nothing:
            raise FormError(nothing.key) from None
        except ApiError as error:
            LOGGER.debug("The account could not be used: %s", error)
            key = next(key for kind, key in ERRORS if isinstance(error, kind))
            raise FormError(key, minutes=pause_minutes(error)) from None
        await self.async_set_unique_id(found.unique_id, raise_on_progress=False)
        if self.source == SOURCE_REAUTH:
            own = self._get_reauth_entry().unique_id
        elif self.source == SOURCE_RECONFIGURE:
            own = self._get_reconfigure_entry().unique_id
        elif found.unique_id in self._async_current_ids(include_ignore=False):
            raise FormError("already_configured")
        else:
            own = found.unique_id
        if found.unique_id != own:
            raise FormError("wrong_account")
        return found


def _entry_data(backend: CloudBackend, user_input: Mapping[str, Any]) -> dict[str, str]:
    """Return the data of the config entry that a form describes.

    Raises:
        FormError: the input is invalid.
    """
    return {CONF_SERVICE: backend.service, **backend.form.data(user_input)}
