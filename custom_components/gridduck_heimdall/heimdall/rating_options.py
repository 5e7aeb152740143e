"""Options of an account that choose the rating in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import math
from typing import Any, Final, Self

from homeassistant.helpers.selector import BooleanSelector, SelectSelector, SelectSelectorConfig
import voluptuous as vol

from ..core.stored_options import flag, member
from .rating import Rule

CONF_RATING_IN_FORCE: Final = "rating_in_force"
CONF_STATIC_BOUND: Final = "static_rating_is_upper_bound"
CONF_STATIC_RATINGS: Final = "static_ratings"
"""Static ratings by line id, in amperes; set by number entities and not in the form."""

DEFAULT_STATIC_BOUND: Final = False

FIELDS: Final[Mapping[vol.Marker, object]] = {
    vol.Required(CONF_RATING_IN_FORCE, default=Rule.STANDARD.value): SelectSelector(
        SelectSelectorConfig(
            options=[rule.value for rule in Rule], translation_key=CONF_RATING_IN_FORCE
        )
    ),
    vol.Required(CONF_STATIC_BOUND, default=DEFAULT_STATIC_BOUND): BooleanSelector(),
}
"""The fields of the options form about ratings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingOptions:
    """How an account chooses the rating in force.

    Attributes:
        rule: which of the service's ratings is in force.
        static: static ratings by line id, in amperes.
        bounds: those that are an upper bound of the rating in force.
    """

    rule: Rule = Rule.STANDARD
    static: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Return the choices in the options of a config entry."""
        static = _static_ratings(options)
        return cls(
            rule=member(options, CONF_RATING_IN_FORCE, Rule.STANDARD),
            static=static,
            bounds=static if flag(options, CONF_STATIC_BOUND, DEFAULT_STATIC_BOUND) else {},
        )


def _static_ratings(options: Mapping[str, Any]) -> dict[str, float]:
    """Return the static ratings by line id, in amperes, as far as they are any."""
    stored = options.get(CONF_STATIC_RATINGS)
    found = stored.items() if isinstance(stored, Mapping) else ()
    return {
        line: amperes
        for line, amperes in found
        if isinstance(amperes, int | float) and 0 < amperes < math.inf
    }


def with_static_rating(options: Mapping[str, Any], line_id: str, amperes: float) -> dict[str, Any]:
    """Return the options of a config entry with the static rating of a line; 0 removes it."""
    others = {key: value for key, value in options.items() if key != CONF_STATIC_RATINGS}
    static = {**_static_ratings(options), line_id: amperes}
    if kept := {line: value for line, value in static.items() if value > 0}:
        return {**others, CONF_STATIC_RATINGS: kept}
    return others
