"""Plans to shed load: handed out by a dry run, good for a few minutes, and only once."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
import secrets
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

VALID: Final = timedelta(minutes=5)
"""A line's current is measured every five minutes: a plan of before is one for another state."""
MOST: Final = 100
"""Plans that are kept; the oldest give way."""

type Asker = tuple[str | None, str, str | None]
"""User, assistant and agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was found to be possible, and what alone may be done by it.

    Attributes:
        asker: who asked; nobody else may carry it out.
        goal: what was asked for.
        assets: the devices of the assets that may be snoozed.
        kept: those of the assets that were off for it already, and may only stay off.
        ends: until when it may be carried out.
    """

    asker: Asker
    goal: Mapping[str, Any]
    assets: AbstractSet[str]
    kept: AbstractSet[str]
    ends: datetime


class Plans:
    """All plans that may still be carried out."""

    def __init__(self) -> None:
        """Begin with none."""
        self._plans: dict[str, Plan] = {}

    @callback
    def make(
        self,
        asker: Asker,
        goal: Mapping[str, Any],
        *,
        assets: AbstractSet[str],
        kept: AbstractSet[str],
    ) -> str:
        """Keep a plan and return its id, which cannot be guessed; parameters as of `Plan`."""
        now = dt_util.utcnow()
        valid = [(key, plan) for key, plan in self._plans.items() if plan.ends > now]
        self._plans = dict(valid[1 - MOST :])
        plan_id = secrets.token_urlsafe(9)
        self._plans[plan_id] = Plan(
            asker=asker, goal=dict(goal), assets=assets, kept=kept, ends=now + VALID
        )
        return plan_id

    @callback
    def take(self, plan_id: str, asker: Asker, goal: Mapping[str, Any]) -> Plan:
        """Use a plan up, and return it.

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
        return plan


_PLANS: Final = HassKey[Plans](f"{DOMAIN}.plans")


@callback
def plans(hass: HomeAssistant) -> Plans:
    """Return the plans, which are of no account and outlive no restart."""
    return hass.data.setdefault(_PLANS, Plans())
