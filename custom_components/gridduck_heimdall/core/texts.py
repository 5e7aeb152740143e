"""Translations in the language of Home Assistant, for texts that the frontend does not translate.

A logbook entry, the name of a statistic and the cause within an error message are one text for all
users. Home Assistant loads the translations before it sets up config entries.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.translation import (
    LOCALE_EN,
    async_get_cached_translations,
    async_load_integrations,
)
from homeassistant.util import dt as dt_util

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
        category: a section of the translations: "common", "entity" or "exceptions".
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
        key: the key of the text.
        values: its placeholders.
    """
    found = template(hass, "common", key)
    return key if found is None else found.format(**values)


def local_time(moment: datetime) -> str:
    """Return a time as it stands in a sentence of any language, in Home Assistant's time zone."""
    return f"{dt_util.as_local(moment):%Y-%m-%d %H:%M}"
