"""Plans to shed load: handed out by a dry run, good for a few minutes, and only once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
import secrets
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from custom_components.gridduck_heimdall.const import DOMAIN

VALID: Final = timedelta(minutes=5)
"""A line's current is measured every five minutes: a plan of before is one for another state."""
MOST: Final = 100
"""Plans that are kept; the oldest give way."""

type Asker = tuple[str | None, str, str | None]
"""User, assistant and agent."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was found to be possible.

    Parameters:
        asker: who asked; nobody else may carry it out.
        goal: what was asked for.
        ends: until when it may be carried out.
    """

    asker: Asker
    goal: Mapping[str, Any]
    ends: datetime


class Plans:
    """All plans that may still be carried out."""

    def __init__(self) -> None:
        """Begin with none."""
        self._plans: dict[str, Plan] = {}

    @callback
    def make(self, asker: Asker, goal: Mapping[str, Any]) -> str:
        """Keep a plan and return its id, which cannot be guessed."""
        now = dt_util.utcnow()
        kept = [(key, plan) for key, plan in self._plans.items() if plan.ends > now]
        self._plans = dict(kept[1 - MOST :])
        plan_id = secrets.token_urlsafe(9)
        self._plans[plan_id] = Plan(asker, dict(goal), now + VALID)
        return plan_id

    @callback
    def take(self, plan_id: str, asker: Asker, goal: Mapping[str, Any]) -> None:
        """Use a plan up.

        Raises:
            ServiceValidationError: there is no such plan of this asker, it was used, its time is
                up, or it was made for another goal.
        """
        plan = self._plans.get(plan_id)
        if plan is None or plan.asker != asker:
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="plan_unknown")
        if dt_util.utcnow() >= plan.ends:
            del self._plans[plan_id]
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="plan_expired")
        if plan.goal != goal:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="plan_of_another_goal"
            )
        del self._plans[plan_id]


_PLANS: Final = HassKey[Plans](f"{DOMAIN}.plans")


@callback
def plans(hass: HomeAssistant) -> Plans:
    """Return the plans, which are of no account and outlive no restart."""
    return hass.data.setdefault(_PLANS, Plans())
