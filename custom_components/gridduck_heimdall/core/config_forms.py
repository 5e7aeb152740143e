"""Shared parts of the forms of all clouds: fields, validation and the config entry's data."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from ..api.addresses import checked_base_url
from ..const import CONF_BASE_URL, CONF_SCOPE, CONF_TOKEN_URL

SECTION_ADVANCED: Final = "advanced"

TEXT: Final = TextSelector(TextSelectorConfig(autocomplete="off"))
ADDRESS: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
_SECRET: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="new-password")
)

CREDENTIALS: Final[vol.Schema] = vol.Schema(
    {vol.Required(CONF_CLIENT_ID): TEXT, vol.Required(CONF_CLIENT_SECRET): _SECRET}
)


def choice(key: str, options: Sequence[str]) -> vol.Schema:
    """Return a form with one choice; unlike a menu, a keyboard can operate it.

    Args:
        key: the key of the field and of its translations.
        options: the options to choose from.
    """
    selector = SelectSelector(
        SelectSelectorConfig(
            options=list(options), mode=SelectSelectorMode.LIST, translation_key=key
        )
    )
    return vol.Schema({vol.Required(key): selector})


def named_options(
    names: Mapping[str, str], *, multiple: bool = False, translation_key: str | None = None
) -> SelectSelector:
    """Return a list of items to choose from, sorted by their names.

    Args:
        names: the names, by the value that is stored.
        multiple: whether several can be chosen.
        translation_key: names those that are no items, such as everything else.
    """
    config = SelectSelectorConfig(
        options=[SelectOptionDict(value=value, label=name) for value, name in names.items()],
        mode=SelectSelectorMode.DROPDOWN,
        multiple=multiple,
        sort=True,
    )
    if translation_key is not None:
        config["translation_key"] = translation_key
    return SelectSelector(config)


class FormError(Exception):
    """The input of a form is invalid.

    Args:
        key: the translation key of the error text.
        field: the field or section with the error; "base" for the whole form.
        minutes: in how many minutes to try again, if waiting helps.
        placeholders: further placeholders of the error text.
    """

    def __init__(
        self,
        key: str,
        field: str = "base",
        minutes: str = "",
        placeholders: Mapping[str, str] | None = None,
    ) -> None:
        """Set the key and its context for the form."""
        super().__init__(key)
        self.key = key
        self.field = field
        self.minutes = minutes
        self.placeholders = placeholders or {}


class AccountForm(ABC):
    """The form for the credentials and addresses of an account of one cloud.

    Attributes:
        fields: its fields outside the section.
        advanced: the fields of its section *Advanced*.
        placeholders: placeholders of its texts, the same for all accounts.
    """

    fields: ClassVar[vol.Schema]
    advanced: ClassVar[vol.Schema]
    placeholders: ClassVar[Mapping[str, str]] = {}

    def schema(self, *, collapsed: bool = True) -> vol.Schema:
        """Return the schema of the form.

        Args:
            collapsed: whether the section is initially collapsed.
        """
        advanced = section(self.advanced, {"collapsed": collapsed})
        return self.fields.extend({vol.Required(SECTION_ADVANCED): advanced})

    def data(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Return the data of the config entry that the form describes.

        Raises:
            FormError: a value is missing, or a secret must not be sent to an address.
        """
        return {**credentials(user_input), **self.addresses(user_input)}

    def suggested_values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the initial values for an existing account, without the secret."""
        advanced = {
            key: data[key] for key in (CONF_BASE_URL, CONF_TOKEN_URL, CONF_SCOPE) if key in data
        }
        return {CONF_CLIENT_ID: data[CONF_CLIENT_ID], SECTION_ADVANCED: advanced}

    def hosts(self, user_input: Mapping[str, Any]) -> str:
        """Return the hosts in the form, for error texts."""
        given: Mapping[str, str] = user_input.get(SECTION_ADVANCED, {})
        default = self.default_addresses(user_input)
        chosen = (
            stripped(given.get(key, "")) or default.get(key, "")
            for key in (CONF_BASE_URL, CONF_TOKEN_URL)
        )
        return ", ".join(dict.fromkeys(filter(None, map(_host, chosen))))

    def has_own_addresses(self, user_input: Mapping[str, Any]) -> bool:
        """Return whether the form names hosts other than those of the service itself."""
        return self.hosts(user_input) != self.hosts({**user_input, SECTION_ADVANCED: {}})

    @abstractmethod
    def default_addresses(self, user_input: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the defaults of the section, by key of the config entry."""

    @abstractmethod
    def addresses(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Return the data of the config entry besides the credentials.

        Raises:
            FormError: a secret must not be sent to an address.
        """


def credentials(user_input: Mapping[str, Any]) -> dict[str, str]:
    """Return the credentials of a form, stripped of whitespace.

    Raises:
        FormError: one of the two is empty.
    """
    found: dict[str, str] = {
        key: stripped(user_input[key]) for key in (CONF_CLIENT_ID, CONF_CLIENT_SECRET)
    }
    if not all(found.values()):
        raise FormError("credentials_missing")
    return found


def stripped(text: str) -> str:
    """Return a text without surrounding whitespace and without lone surrogates."""
    return text.encode(errors="replace").decode().strip()


def checked_address(text: str, what: str = "address") -> str:
    """Return a normalized address.

    Args:
        text: the input.
        what: the suffix of the translation key of the error.

    Raises:
        FormError: a secret must not be sent to it.
    """
    try:
        return str(checked_base_url(text))
    except ValueError:
        insecure = text.strip().casefold().startswith("http://")
        key = f"insecure_{what}" if insecure else f"invalid_{what}"
        raise FormError(key, SECTION_ADVANCED) from None


def _host(address: str) -> str:
    try:
        return checked_base_url(address).host or ""
    except ValueError:
        return ""
