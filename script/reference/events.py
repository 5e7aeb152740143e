"""The page of events, from their types and the types of their data."""

from typing import Final, get_type_hints

from custom_components.gridduck_heimdall.core.events import Details, EventType

HEAD: Final = """\
# Events

Written by `script/docs` from the code. [Activity](../automation.md#activity) says when \
they are fired, and shows them as sentences.

Every event has `device_id`, `name`, and `entity_id` where an entity stands for the device. An \
automation uses them with a trigger of the type `event`:

```yaml
triggers:
  - trigger: event
    event_type: gridduck_heimdall_line_congested
```

## Types

| Type |
| --- |
"""
_TYPES: Final = {str: "text", float: "number", bool: "true or false"}


_DATA: Final = """
## Data

Which of these an event has depends on its type.

| Key | Value |
| --- | --- |
"""


def page() -> str:
    """Return the whole page."""
    types = "".join(f"| `{event_type}` |\n" for event_type in EventType)
    hints = get_type_hints(Details)
    rows = "".join(f"| `{key}` | {_TYPES[hint]} |\n" for key, hint in hints.items())
    return f"{HEAD}{types}{_DATA}{rows}"
