"""The clouds that an account can belong to: a further one is a line here."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import partialmethod
from typing import Any, Final, override

from homeassistant.config_entries import ConfigFlowResult

from .core.backend import CloudBackend, register
from .core.description import ForecastKind, UsedDescription
from .gridduck.backend import BACKEND as GRIDDUCK
from .heimdall.backend import BACKEND as HEIMDALL

BACKENDS: Final = register(GRIDDUCK, HEIMDALL)
"""By service, in the order in which the config flow offers them."""


class CloudSteps(ABC):
    """Gives a flow a step for each cloud, which Home Assistant finds as `async_step_<service>`."""

    @override
    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Add the steps."""
        super().__init_subclass__(**kwargs)
        for service, backend in BACKENDS.items():
            setattr(cls, f"async_step_{service}", partialmethod(cls.async_ask, backend))

    @abstractmethod
    async def async_ask(
        self, backend: CloudBackend, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the form of a cloud, or act on what was entered."""


def descriptions() -> Iterator[tuple[str, UsedDescription]]:
    """Yield the descriptions that triggers and assistants use, each with its kind of device."""
    for backend in BACKENDS.values():
        for kind, found in backend.descriptions.items():
            for description in found:
                yield kind, description


def forecast_descriptions(forecast: ForecastKind) -> list[UsedDescription]:
    """Return the descriptions that show a forecast, first the one of its extreme value."""
    return [description for _, description in descriptions() if description.forecast is forecast]
