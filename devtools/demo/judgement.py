"""Which entities may have no value, and why."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

from ..inventory import UNAVAILABLE, UNKNOWN, Entity, Inventory


def _always(_inventory: Inventory, _entity: Entity) -> bool:
    return True


def _is_idle(inventory: Inventory, entity: Entity) -> bool:
    """Tell whether an entity is about a boost or snooze, and none runs."""
    override = inventory.sibling(entity, "override")
    return (
        entity.translation_key in {"end_override", "override_ends"}
        and override is not None
        and inventory.state(override) == "none"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why an entity may be unknown.

    Attributes:
        text: the reason, for a person.
        holds: whether it holds for this entity now.
    """

    text: str
    holds: Callable[[Inventory, Entity], bool] = _always


IDLE: Final = "nothing is running"

# By platform and translation key.
REASONS: Final[dict[tuple[str, str], Reason]] = {
    ("button", "end_override"): Reason(text="never pressed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is right and what is wrong with the states.

    Attributes:
        explained: how many entities are unknown, by reason.
        offline: how many entities of assets out of reach are unavailable.
        faults: what is wrong, in plain words.
    """

    explained: dict[str, int]
    offline: int
    faults: list[str]


def judge(inventory: Inventory, offline: Collection[str]) -> Judgement:
    """Judge every enabled entity.

    Args:
        inventory: what Home Assistant holds.
        offline: the ids of the assets that the cloud itself cannot reach.
    """
    explained: dict[str, int] = {}
    faults = []
    unreachable = list(_of_assets(inventory, offline))
    for entity in inventory.enabled():
        match inventory.state(entity):
            case state if state == UNAVAILABLE and entity not in unreachable:
                if _is_idle(inventory, entity):
                    explained[IDLE] = explained.get(IDLE, 0) + 1
                    continue
                faults.append(f"{entity.entity_id} is unavailable")
            case state if state == UNKNOWN:
                reason = REASONS.get((entity.domain, entity.translation_key or ""))
                if reason is None or not reason.holds(inventory, entity):
                    faults.append(f"{entity.entity_id} is unknown, and nothing explains it")
                else:
                    explained[reason.text] = explained.get(reason.text, 0) + 1
    down = sum(inventory.state(each) == UNAVAILABLE for each in unreachable)
    return Judgement(explained=explained, offline=down, faults=faults)


def _of_assets(inventory: Inventory, ids: Collection[str]) -> Iterator[Entity]:
    for device in inventory.devices_of("asset"):
        if device.own_id in ids:
            yield from inventory.entities_of(device)
