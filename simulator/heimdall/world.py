"""The account that the simulated service shows, and the ways a test can change it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from simulator.core import Core
from simulator.noise import digest

from .assets import Facility, GridOwner, Line, MeasurementPoint, Product
from .build import Builder
from .evening import USUAL, Evening
from .windows import tempo_from


class HeimdallWorld:
    """The assets of the account, its credentials, and what tests may do to them.

    Attributes that tests may set: `token_lifetime` in seconds; `expires_in`, which overrides what
    the token answer says (`"absent"` leaves it out); `expires_in_as_text`; `region`, the claim in
    the token (None: no claim); `regions`, those that a request may name; `unknown_id_status` and
    `empty_not_found`, which choose between what heimdall-api.md §5.1 and §2.3 leave open.
    Every method that takes an id raises KeyError for one that is not there.
    """

    def __init__(self, core: Core) -> None:
        """Make the world of the options' seed and number of lines."""
        seed = core.options.seed
        self._clock = core.clock
        self._builder = Builder(seed)
        self._next_line = core.options.lines
        self.owners: list[GridOwner] = self._builder.owners(core.options.lines)
        self.forbidden: set[str] = set()
        self.units: dict[str, str] = {}
        self.client_id = f"demo-heimdall-{digest(seed, 'heimdall/client', 0, 4).hex()}"
        self.client_secret = digest(seed, "heimdall/secret", 0, 20).hex()
        self.token_generation = 0
        self.token_lifetime = 3600.0
        self.expires_in: int | str | None = None
        self.expires_in_as_text = False
        self.region: str | None = "eu"
        self.regions = {"eu", "us"}
        self.unknown_id_status: Literal[403, 404] = 404
        self.empty_not_found = False

    def facilities(self) -> Iterator[Facility]:
        """Yield every facility."""
        for owner in self.owners:
            yield from owner.facilities

    def lines(self) -> list[Line]:
        """Return every line, instrumented or not, first the ones the world started with."""
        found = {f.line.id: f.line for f in self.facilities() if f.line is not None}
        order = [self._builder.line_id(index) for index in range(self._next_line)]
        first = [found.pop(line_id) for line_id in order if line_id in found]
        return [*first, *found.values()]

    def facility(self, facility_id: str) -> Facility:
        """Return a facility by its own id."""
        for facility in self.facilities():
            if facility.id == facility_id:
                return facility
        raise KeyError(facility_id)

    def facility_of(self, line_id: str) -> Facility:
        """Return the facility that a line is in."""
        for facility in self.facilities():
            if facility.line is not None and facility.line.id == line_id:
                return facility
        raise KeyError(line_id)

    def line(self, line_or_facility_id: str) -> Line:
        """Return a line by its own id or by that of its facility."""
        for facility in self.facilities():
            if facility.line and line_or_facility_id in {facility.id, facility.line.id}:
                return facility.line
        raise KeyError(line_or_facility_id)

    def set_products(self, line_or_facility_id: str, products: Iterable[str]) -> None:
        """Let a line offer exactly these products; raise ValueError for an unknown one."""
        self.line(line_or_facility_id).products = {Product(product) for product in products}

    def remove_product(self, line_or_facility_id: str, product: str) -> None:
        """Let a line no longer offer a product: its endpoints then answer 404."""
        self.line(line_or_facility_id).products.discard(Product(product))

    def add_product(self, line_or_facility_id: str, product: str) -> None:
        """Let a line offer one product more."""
        self.line(line_or_facility_id).products.add(Product(product))

    def rename_line(self, line_id: str, name: str) -> None:
        """Give a line another name; its id stays."""
        self.line(line_id).name = name

    def remove_line(self, line_id: str) -> None:
        """Take a line out of its facility, which stays."""
        self.facility_of(line_id).line = None

    def add_line(self, name: str | None = None) -> str:
        """Add an instrumented line in a facility of its own; return the line's id."""
        facility = self._builder.facility(self._next_line, name=name)
        self._next_line += 1
        self.owners[0].facilities.append(facility)
        return self._builder.line_id(self._next_line - 1)

    def add_feeder(
        self,
        name: str,
        power: Callable[[float], float],
        peak: float,
        *,
        evening: Evening = USUAL,
        tempo: int = 1,
    ) -> str:
        """Add a medium-voltage line that carries a load besides its own; return the line's id.

        Args:
            name: of the line.
            power: the load that it carries, W at a unix time.
            peak: what that is in the evening, W; the line is then a tenth above its breaker.
            evening: when the evening is.
            tempo: how many times faster than usual it is measured from now on; divides 300.
        """
        facility = self._builder.feeder(self._next_line, name, power, peak, evening)
        if facility.line is not None and tempo > 1:
            facility.line.tempo, facility.line.tempo_since = tempo, tempo_from(self._clock.now())
        self._next_line += 1
        self.owners[0].facilities.append(facility)
        return self._builder.line_id(self._next_line - 1)

    def set_instrumented(self, line_id: str, instrumented: bool) -> None:  # noqa: FBT001 - a setter
        """Remove every sensor of a line, or put sensors (with new ids) on it."""
        line = self.line(line_id)
        now = self._clock.now()
        if instrumented == line.instrumented(now):
            return
        line.revision += 1
        if instrumented:
            key = f"{line_id}/{line.revision}"
            line.spans[0].phases[0].points.append(self._builder.point(key, now, 1))
            return
        for _, _, point in line.sensors():
            if point.active(now):
                point.unregistered = now

    def replace_sensor(self, point_id: str) -> str:
        """Retire a measurement point and put a new one next to it; return the new id."""
        now = self._clock.now()
        for line in self.lines():
            for _, phase, point in line.sensors():
                if point.id == point_id:
                    point.unregistered = now
                    line.revision += 1
                    new = self._replacement(line, point, now)
                    phase.points.append(new)
                    return new.id
        raise KeyError(point_id)

    def _replacement(self, line: Line, old: MeasurementPoint, now: float) -> MeasurementPoint:
        key = f"{old.id}/{line.revision}"
        return self._builder.point(key, now, old.sub_conductor_number)

    def set_fallback(self, line_id: str, fallback: bool) -> None:  # noqa: FBT001 - a setter
        """Let the DLR of a line be a fallback value, or not."""
        self.line(line_id).fallback = fallback

    def set_voltage(self, facility_id: str, nominal: float, operational: float | None) -> None:
        """Give a facility other voltages (V); with none above 0 there is no MVA."""
        facility = self.facility(facility_id)
        facility.nominal_voltage, facility.operational_voltage = nominal, operational

    def set_units(self, units: Mapping[str, str]) -> None:
        """Answer in other units than the usual, wherever one stands: `{"m": "ft"}`."""
        self.units = dict(units)

    def forbid(self, line_or_facility_id: str) -> None:
        """Let everything about this very id answer 403."""
        self.forbidden.add(line_or_facility_id)

    def allow(self, line_or_facility_id: str) -> None:
        """Undo `forbid`."""
        self.forbidden.discard(line_or_facility_id)

    def freeze(self, line_id: str, at: float | None) -> None:
        """Let a line have no value newer than this unix time (None: no longer)."""
        self.line(line_id).frozen_at = at

    def rotate_secret(self, secret: str) -> None:
        """Change the client secret; tokens already given stay good."""
        self.client_secret = secret

    def revoke_tokens(self) -> None:
        """Make every token given so far worthless."""
        self.token_generation += 1
