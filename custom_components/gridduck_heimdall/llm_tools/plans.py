"""Plans to shed load, made by a dry run: valid for a few minutes, usable once."""

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
"""The current of a line is measured every five minutes; an older plan is for another state."""
MOST_PLANS: Final = 100
"""Maximum number of plans; the oldest are dropped."""

type Asker = tuple[str | None, str, str | None]
"""User, assistant and agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheddingPlan:
    """The result of a dry run, and the only actions that it permits.

    Attributes:
        asker: the only one who may carry it out.
        goal: the requested goal.
        assets: the devices of the assets that may be snoozed.
        kept: the devices of assets that were already off, and may only stay off.
        ends: when it expires.
    """

    asker: Asker
    goal: Mapping[str, Any]
    assets: AbstractSet[str]
    kept: AbstractSet[str]
    ends: datetime


class Plans:
    """All valid plans."""

    def __init__(self) -> None:
        """Start without plans."""
        self._plans: dict[str, SheddingPlan] = {}

    @callback
    def make(
        self,
        asker: Asker,
        goal: Mapping[str, Any],
        *,
        assets: AbstractSet[str],
        kept: AbstractSet[str],
    ) -> str:
        """Store a plan and return its unguessable id; parameters as for `Plan`."""
        now = dt_util.utcnow()
        valid = [(key, plan) for key, plan in self._plans.items() if plan.ends > now]
        self._plans = dict(valid[1 - MOST_PLANS :])
        plan_id = secrets.token_urlsafe(9)
        self._plans[plan_id] = SheddingPlan(
            asker=asker, goal=dict(goal), assets=assets, kept=kept, ends=now + VALID
        )
        return plan_id

    @callback
    def take(self, plan_id: str, asker: Asker, goal: Mapping[str, Any]) -> SheddingPlan:
        """Remove a plan and return it.

        Raises:
            ServiceValidationError: this asker has no such plan, it was used or has expired, or
                it was made for another goal.
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
    """Return the plans, which belong to no account and are not persisted."""
    return hass.data.setdefault(_PLANS, Plans())
