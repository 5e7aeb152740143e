"""What the forms of all clouds share: fields, checks, and the data of the config entry."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
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
    """Return a form with one choice, which a keyboard reaches, unlike a menu.

    Args:
        key: of the field, and of its texts in the translations.
        options: what there is to choose from.
    """
    selector = SelectSelector(
        SelectSelectorConfig(
            options=list(options), mode=SelectSelectorMode.LIST, translation_key=key
        )
    )
    return vol.Schema({vol.Required(key): selector})


class FormError(Exception):
    """A form cannot be used as it is.

    Args:
        key: the translation key of the sentence that says what to correct.
        field: the field or section that it is about; "base" for the whole form.
        minutes: in how many minutes to try again, where time alone helps.
    """

    def __init__(self, key: str, field: str = "base", minutes: str = "") -> None:
        """Keep the key and what goes with it for the form."""
        super().__init__(key)
        self.key = key
        self.field = field
        self.minutes = minutes


class AccountForm(ABC):
    """The form for the credentials and addresses of an account of one cloud.

    Attributes:
        fields: its fields outside the section.
        advanced: the fields of its section *Advanced*.
        placeholders: what its texts name, the same for all accounts.
    """

    fields: ClassVar[vol.Schema]
    advanced: ClassVar[vol.Schema]
    placeholders: ClassVar[Mapping[str, str]] = {}

    def schema(self, *, collapsed: bool = True) -> vol.Schema:
        """Return the schema of the form.

        Args:
            collapsed: whether the section begins closed.
        """
        advanced = section(self.advanced, {"collapsed": collapsed})
        return self.fields.extend({vol.Required(SECTION_ADVANCED): advanced})

    def data(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Return the data of the config entry that the form describes.

        Raises:
            FormError: something is missing, or an address is not one that a secret may go to.
        """
        return {**credentials(user_input), **self.addresses(user_input)}

    def suggested_values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form shows of an account that exists; never its secret."""
        advanced = {
            key: data[key] for key in (CONF_BASE_URL, CONF_TOKEN_URL, CONF_SCOPE) if key in data
        }
        return {CONF_CLIENT_ID: data[CONF_CLIENT_ID], SECTION_ADVANCED: advanced}

    def hosts(self, user_input: Mapping[str, Any]) -> str:
        """Return the hosts that the form leads to, as far as it names any, for error texts."""
        given: Mapping[str, str] = user_input.get(SECTION_ADVANCED, {})
        default = self.default_addresses(user_input)
        chosen = (
            stripped(given.get(key, "")) or default.get(key, "")
            for key in (CONF_BASE_URL, CONF_TOKEN_URL)
        )
        return ", ".join(dict.fromkeys(filter(None, map(_host, chosen))))

    def has_own_addresses(self, user_input: Mapping[str, Any]) -> bool:
        """Whether the form leads to other hosts than those of the service itself."""
        return self.hosts(user_input) != self.hosts({**user_input, SECTION_ADVANCED: {}})

    @abstractmethod
    def default_addresses(self, user_input: Mapping[str, Any]) -> Mapping[str, str]:
        """Return what applies where the section is empty, by key of the config entry."""

    @abstractmethod
    def addresses(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Return what the config entry stores besides the credentials.

        Raises:
            FormError: an address is not one that a secret may go to.
        """


def credentials(user_input: Mapping[str, Any]) -> dict[str, str]:
    """Return the credentials of a form, without the blanks that copying adds.

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
    """Return a text without blanks around it and without lone surrogates, which UTF-8 lacks."""
    return text.encode(errors="replace").decode().strip()


def checked_address(text: str, what: str = "address") -> str:
    """Return an address in its normal form.

    Args:
        text: as it was entered.
        what: the end of the translation key of the error.

    Raises:
        FormError: it is not one that a secret may go to.
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
