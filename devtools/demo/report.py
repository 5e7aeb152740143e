"""What the check prints."""

from collections import Counter
from collections.abc import Sequence

from ..inventory import UNAVAILABLE, UNKNOWN, Device, Inventory
from ..settings import SERVICES

type Row = Sequence[object]


def table(head: Row, rows: Sequence[Row]) -> str:
    """Lay out rows under a head: words to the left, numbers to the right."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    numeric = [
        all(row[column].isdigit() for row in cells[1:] if row[column])
        for column in range(len(head))
    ]
    lines = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in cells
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def devices_table(inventory: Inventory) -> str:
    """Count the devices by service and kind."""
    services = {each.device_id: each.service for each in inventory.entities}
    counts = Counter(
        (services.get(device.id, ""), device.kind) for device in inventory.devices.values()
    )
    rows = [(*key, counts[key]) for key in sorted(counts)]
    return table(("service", "device", "count"), rows)


def entities_table(inventory: Inventory) -> str:
    """Count the entities by service and platform, and those without a value."""
    rows = []
    for service in SERVICES:
        own = [each for each in inventory.entities if each.service == service]
        for domain in sorted({each.domain for each in own}):
            here = [each for each in own if each.domain == domain]
            enabled = [each for each in here if each.disabled_by is None]
            states = Counter(inventory.state(each) for each in enabled)
            off = len(here) - len(enabled)
            row = (service, domain, len(enabled), states[UNAVAILABLE], states[UNKNOWN], off)
            rows.append(row)
    head = ("service", "entities", "enabled", "unavailable", "unknown", "off by default")
    return table(head, rows)


def device_table(inventory: Inventory, device: Device) -> str:
    """Show the entities of one device with their values."""
    rows = []
    for entity in sorted(inventory.entities_of(device), key=lambda each: each.entity_id):
        state = inventory.states.get(entity.entity_id)
        if state is not None:
            rows.append((entity.entity_id, state.value))
    return table((device.name_by_user or device.name or device.id, "value"), rows)
