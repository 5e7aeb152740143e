"""Where the load of a line, site or asset is recorded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredLoad:
    """The statistics of a load, as they are called now.

    Attributes:
        device_id: the line, site or asset.
        unit: A of a line, kW of a site or asset.
        entity_id: the sensor that shows the load; None if there is none.
        energy: ids of statistics of energy whose sum is that of the load. They go back further
            than a sensor that is new.
    """

    device_id: str
    unit: str
    entity_id: str | None
    energy: tuple[str, ...] = ()
