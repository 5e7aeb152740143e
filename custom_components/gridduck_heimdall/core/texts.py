"""Texts in the language of Home Assistant, for what is not translated by a browser.

A logbook entry, a name of a statistic or the reason within an error message is one text for all
users. Home Assistant has loaded its texts when it sets the integration up.
"""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.translation import (
    LOCALE_EN,
    async_get_cached_translations,
    async_load_integrations,
)

from ..const import DOMAIN

LANGUAGE: Final = "language"


@callback
def async_follow_language(hass: HomeAssistant) -> None:
    """Load the texts when the language of Home Assistant changes.

    Home Assistant loads them too, but into a cache of its own that `template` does not read.
    """

    async def load(_: Event[Any]) -> None:
        await async_load_integrations(hass, {DOMAIN})

    def concerns_language(data: Mapping[str, Any]) -> bool:
        return LANGUAGE in data

    hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, load, callback(concerns_language))


def template(hass: HomeAssistant, category: str, key: str, domain: str = DOMAIN) -> str | None:
    """Return a text with its placeholders; None if there is none. Any thread may call this.

    Args:
        hass: Home Assistant.
        category: of the translations: "common", "entity", "exceptions".
        key: the path below the category.
        domain: the integration that the text belongs to.
    """
    path = f"component.{domain}.{category}.{key}"
    for language in (hass.config.language, LOCALE_EN):
        texts = async_get_cached_translations(hass, language, category, domain)
        if (found := texts.get(path)) is not None:
            return found
    return None


def text(hass: HomeAssistant, key: str, /, **values: object) -> str:
    """Return a text of the category `common`; its key if there is none.

    Args:
        hass: Home Assistant.
        key: of the text.
        values: of its placeholders, by name.
    """
    found = template(hass, "common", key)
    return key if found is None else found.format(**values)
