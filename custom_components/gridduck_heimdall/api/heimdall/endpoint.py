"""Parameters and response of one endpoint. Contract: heimdall-api.md §2."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from ..addresses import path_segment
from .decoding import PayloadDecoder
from .models.common import Payload
from .parameters import (
    MAX_WINDOW,
    MAX_WINDOW_WITH_SPANS,
    Include,
    Parameters,
    Quantity,
    UnitSystem,
    format_timestamp,
    format_window,
)
from .units import Dimension, Normalizer


class Target(StrEnum):
    """The kind of target that the id in a path names."""

    ACCOUNT = "account"
    """Nothing: the path holds no id."""
    LINE = "line"
    FACILITY = "facility"


class ResponseKind(StrEnum):
    """The kind of response, which decides the time parameters."""

    ASSETS = "assets"
    """Master data; takes no time."""
    LATEST = "latest"
    """The newest value; takes `since`."""
    HISTORY = "history"
    """The values of a window; needs `start` and `end`."""
    FORECAST = "forecast"
    """Values to come; takes no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint[T: Payload]:
    """One endpoint; all are GET."""

    id: str
    """Its id in the table of the contract."""
    path: str
    """Its path, with `{id}` for the id of the target."""
    target: Target
    kind: ResponseKind
    decoder: PayloadDecoder[T]
    takes_quantity: bool = False
    takes_unit_system: bool = False
    dimension: Dimension | None = None
    """What those of its values measure that are in the unit of the payload; of ratings, in the
    default quantity."""
    include: Include | None = None
    """The breakdown that can be asked for."""

    def path_of(self, target_id: str | None) -> str:
        """Return the path for a line or facility, or for the account with None.

        Raises:
            ValueError: the id is missing, unfit for a path, or one too many.
        """
        if (target_id is None) != (self.target is Target.ACCOUNT):
            raise ValueError(f"{self.id} is about one {self.target}")
        return self.path if target_id is None else self.path.format(id=path_segment(target_id))

    def longest_window(self, include: Include | None = None) -> timedelta:
        """Return the longest window that one call can ask for. Contract: heimdall-api.md §5.7."""
        return MAX_WINDOW_WITH_SPANS if include == Include.SPANS else MAX_WINDOW

    def query(self, parameters: Parameters) -> dict[str, str]:
        """Return the query as the service wants it, with unset parameters left out.

        Raises:
            ValueError: a parameter that this endpoint does not take or a value it does not know,
                a time without zone, or a window that is missing, reversed or too long.
        """
        self._refuse_foreign(parameters)
        query: dict[str, str] = {}
        include = parameters.get("include")
        if (since := parameters.get("since")) is not None:
            query["since"] = format_timestamp(since)
        if self.kind is ResponseKind.HISTORY:
            query |= format_window(
                parameters.get("start"), parameters.get("end"), self.longest_window(include)
            )
        if (quantity := parameters.get("quantity")) is not None:
            query["quantity"] = Quantity(quantity).value
        if self.takes_unit_system:
            # Sent even if it is the default of the service: an account may have another default.
            query["unit_system"] = self.system(parameters).value
        if include is not None:
            query["include"] = Include(include).value
        return query

    def normalizer(self, parameters: Parameters) -> Normalizer:
        """Return the normalizer that converts a response to the requested units."""
        dimension = self.dimension
        if parameters.get("quantity") == Quantity.APPARENT_POWER:
            dimension = Dimension.POWER
        return Normalizer(dimension, self.system(parameters))

    @staticmethod
    def system(parameters: Parameters) -> UnitSystem:
        """Return the requested units, metric by default."""
        return UnitSystem(parameters.get("unit_system") or UnitSystem.METRIC)

    def _refuse_foreign(self, parameters: Parameters) -> None:
        accepted = {
            "since": self.kind is ResponseKind.LATEST,
            "start": self.kind is ResponseKind.HISTORY,
            "end": self.kind is ResponseKind.HISTORY,
            "quantity": self.takes_quantity,
            "unit_system": self.takes_unit_system,
            "include": self.include == parameters.get("include"),
        }
        for name, value in parameters.items():
            if value is not None and not accepted.get(name, False):
                raise ValueError(f"{self.id} does not take {name}={value}")
