"""How many listeners coordinators have."""

from typing import Any
from weakref import WeakKeyDictionary

from homeassistant.core import CALLBACK_TYPE
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
import pytest

type Listeners = WeakKeyDictionary[DataUpdateCoordinator[Any], int]


def count_listeners(monkeypatch: pytest.MonkeyPatch) -> Listeners:
    """Return how many listeners each coordinator has from now on."""
    listeners: Listeners = WeakKeyDictionary()
    add = DataUpdateCoordinator.async_add_listener

    def counted(
        poll: DataUpdateCoordinator[Any], update_callback: CALLBACK_TYPE, context: Any = None
    ) -> CALLBACK_TYPE:
        remove = add(poll, update_callback, context)
        listeners[poll] = listeners.get(poll, 0) + 1

        def removed() -> None:
            remove()
            listeners[poll] -= 1

        return removed

    monkeypatch.setattr(DataUpdateCoordinator, "async_add_listener", counted)
    return listeners
