"""The world a simulation starts with."""

from collections.abc import Callable
from datetime import UTC, datetime
import math
from typing import Final
from uuid import UUID

from simulator.noise import between, digest, unit
from simulator.world.weather import Weather

from .assets import (
    Component,
    Facility,
    GridOwner,
    Line,
    LoadProfile,
    MeasurementPoint,
    Product,
    Span,
    SpanPhase,
)
from .conductor import Conductor, ampacity
from .evening import Evening

OWNERS: Final = ("Northern Demo Grid", "Valley Demo Grid")
_PLACES: Final = (
    "Nordvik", "Sordal", "Haug", "Lia", "Storvik", "Elvebakk", "Granli", "Mostad",
    "Fossum", "Tverrdal", "Solberg", "Brekke", "Askeli", "Rundhaug", "Vikan", "Heimly",
    "Bjorkli", "Stavnes", "Kvernmo", "Ottestad", "Lundby", "Rasten", "Myrvang", "Skogli",
)  # fmt: skip
_CONDUCTORS: Final = (
    Conductor(diameter=0.0281, resistance=8.7e-5, hottest=80, strength=140_000, weight=1.628),
    Conductor(diameter=0.0218, resistance=1.44e-4, hottest=75, strength=86_700, weight=0.976),
    Conductor(diameter=0.0316, resistance=6.8e-5, hottest=80, strength=163_000, weight=1.98),
    Conductor(diameter=0.0183, resistance=2.06e-4, hottest=70, strength=62_700, weight=0.689),
)
_VOLTAGES: Final = ((132_000.0, 130_000.0), (66_000.0, None), (132_000.0, 134_500.0))
_FEEDER_VOLTAGE: Final = 22_000.0
# Shares of the breaker's rating: the line's own load, the load it feeds, and all of the evening.
_FEEDER_BASE: Final = 0.4
_FED_SHARE: Final = 0.42
_FEEDER_PEAK: Final = 1.11
_COMPONENTS: Final = ("circuit breaker Q1", "current transformer T2", "disconnector Q9")
_DURATIONS: Final = ((5, 15, 30), (5, 10, 15, 30, 60))
_STANDARD: Final = Weather(temperature=15.0, wind=0.6, sun=900.0)
_REGISTERED: Final = datetime(2023, 6, 1, 9, 30, tzinfo=UTC).timestamp()
_RETIRED: Final = datetime(2024, 3, 15, 9, 0, tzinfo=UTC).timestamp()

_ALWAYS: Final = frozenset(
    {Product.CURRENT, Product.APPARENT_POWER, Product.TEMPERATURE, Product.DLR, Product.AAR}
)
_FORECASTS: Final = frozenset({Product.DLR_FORECAST, Product.AAR_FORECAST})
_CIRCUIT: Final = frozenset({Product.CIRCUIT, Product.CIRCUIT_FORECAST, Product.CIRCUIT_TRANSIENT})
_ICING: Final = frozenset({Product.ICING, Product.ICING_FORECAST})

# Which lines (by index, repeating every six) differ, and how.
_NO_FORECAST: Final = 3
_NO_CIRCUIT: Final = 4
_NO_CLEARANCE: Final = 2
_ON_FALLBACK: Final = 2
_BUNDLED: Final = 3
_ONE_SENSOR: Final = 4
_NO_SPAN_RATINGS: Final = 4


class Builder:
    """Builds assets; what it builds depends on seed and index only."""

    def __init__(self, seed: int) -> None:
        """Build for a seed."""
        self._seed = seed

    def owners(self, lines: int) -> list[GridOwner]:
        """Return two grid owners with that many instrumented lines between them.

        Beside these there is always a line without sensors and a facility without a line.
        """
        owners = [GridOwner(name=name, facilities=[]) for name in OWNERS]
        for index in range(lines):
            owners[index % 2].facilities.append(self.facility(index))
        bare = self.facility(lines, name="Osen - Dalheim", instrumented=False)
        owners[1].facilities.append(bare)
        owners[0].facilities.append(
            Facility(
                id=self._id("bay"),
                name="Haug transformer bay",
                nominal_voltage=66_000.0,
                operational_voltage=None,
                components=[],
            )
        )
        return owners

    def facility(
        self, index: int, *, name: str | None = None, instrumented: bool = True
    ) -> Facility:
        """Return a facility with its line; the index says which peculiarities it has."""
        key = f"line{index}" if instrumented else "bare"
        line = self._line(index, key, name or _line_name(index))
        if instrumented:
            self._install(line, index, key)
        nominal, operational = _VOLTAGES[index % 3]
        rating = line.load.reference if index == 0 else self._nominal(line) * (1.2, 1.8)[index % 2]
        count = 2 + index % 2
        return Facility(
            id=self._id(f"{key}/facility"),
            name=f"{line.name} {nominal / 1000:.0f} kV circuit",
            nominal_voltage=nominal,
            operational_voltage=operational,
            components=[
                Component(
                    id=self._id(f"{key}/component{place}"),
                    name=f"{line.name.split(' - ')[place % 2]} {_COMPONENTS[place]}",
                    steady=round(rating * (1.0 + 0.12 * place), 0),
                    emergency=round(rating * (1.0 + 0.12 * place) * 1.25, 0),
                )
                for place in range(count)
            ],
            line=line,
            upper_limit=round(self._nominal(line) * 1.3, 0) if index % 3 == 2 else None,
        )

    def feeder(
        self,
        index: int,
        name: str,
        power: Callable[[float], float],
        peak: float,
        evening: Evening,
    ) -> Facility:
        """Return a medium-voltage facility whose line carries a load besides its own.

        `power` is that load, W at a unix time; at its `peak`, W, the `evening` is too much.
        """
        facility = self.facility(index, name=name)
        line = facility.line
        if line is None:
            msg = "a facility that is built has a line"
            raise ValueError(msg)
        ampere = math.sqrt(3) * _FEEDER_VOLTAGE
        breaker = round(min(self._nominal(line) * 0.72, peak / ampere / _FED_SHARE), -1)
        line.products -= {*_ICING, Product.SAG}
        line.load = LoadProfile(
            reference=breaker,
            base=_FEEDER_BASE,
            morning=0.04,
            evening=_FEEDER_PEAK - _FEEDER_BASE - peak / ampere / breaker,
            evening_at=evening,
            fed=lambda at: power(at) / ampere,
        )
        facility.name = f"{name} {_FEEDER_VOLTAGE / 1000:.0f} kV circuit"
        facility.nominal_voltage, facility.operational_voltage = _FEEDER_VOLTAGE, None
        facility.upper_limit = None
        for place, component in enumerate(facility.components):
            component.steady = round(breaker * (1.0 + 0.12 * place), 0)
            component.emergency = round(component.steady * 1.25, 0)
        return facility

    def point(self, key: str, registered: float, sub_conductor: int) -> MeasurementPoint:
        """Return a measurement point with a sensor; the key is its identity."""
        return MeasurementPoint(
            id=self._id(key),
            sub_conductor_number=sub_conductor,
            registered=registered,
            offset=round(between(self._seed, f"{key}/offset", 0.5, 58.0), 3),
            bias=between(self._seed, f"{key}/bias", 0.985, 1.0),
        )

    def line_id(self, index: int) -> str:
        """Return the id of the instrumented line of that index."""
        return self._id(f"line{index}")

    def _line(self, index: int, key: str, name: str) -> Line:
        kind = index % 6
        conductor = _CONDUCTORS[index % len(_CONDUCTORS)]
        sub_conductors = 2 if kind == _BUNDLED else 1
        nominal = ampacity(conductor, _STANDARD) * sub_conductors
        if index == 0:
            # Its breaker is too small for the evening: the line that gets overloaded.
            load = LoadProfile(
                reference=round(nominal * 0.72, -1), base=0.62, morning=0.06, evening=0.5
            )
        else:
            share = between(self._seed, f"{key}/load", 0.7, 0.95)
            load = LoadProfile(reference=nominal * share, base=0.45, morning=0.08, evening=0.2)
        return Line(
            id=self._id(key),
            name=name,
            forecast_hours=(72, 240)[index % 2],
            spans=[self._span(index, key, place) for place in range(3 + index % 4)],
            conductor=conductor,
            sub_conductors=sub_conductors,
            load=load,
            durations=_DURATIONS[index % 2],
            products=_products(kind),
            cold_spells=kind == 1,
            clearance=kind != _NO_CLEARANCE,
            span_ratings_stored=kind != _NO_SPAN_RATINGS,
            fallback=kind == _ON_FALLBACK,
        )

    def _span(self, index: int, key: str, place: int) -> Span:
        own = f"{key}/span{place}"
        mast = 14 + place * 13
        unnamed = index == 0 and place == 2
        return Span(
            id=self._id(own),
            mast_a=None if unnamed else f"M{mast}",
            mast_b=None if unnamed else f"M{mast + 1}",
            phases=[
                SpanPhase(
                    id=self._id(f"{own}/phase{number}"),
                    name=None if number == 2 and place == 1 else f"L{number + 1}",
                )
                for number in range(3)
            ],
            exposure=between(self._seed, f"{own}/exposure", 0.55, 1.1),
            warmer=between(self._seed, f"{own}/warmer", -1.0, 1.0),
            length=between(self._seed, f"{own}/length", 180.0, 340.0),
            height=between(self._seed, f"{own}/height", 17.0, 22.0),
            uncertainty=between(self._seed, f"{own}/uncertainty", 0.8, 1.2),
        )

    def _install(self, line: Line, index: int, key: str) -> None:
        """Put sensors on every other span: one or two, on different phases."""
        places = range(1) if index % 6 == _ONE_SENSOR else range(0, len(line.spans), 2)
        for place in places:
            phases = line.spans[place].phases
            two = len(places) > 1 and unit(self._seed, f"{key}/two{place}") < 0.5
            for number in range(2 if two else 1):
                phases[number].points.append(
                    self.point(f"{key}/point{place}.{number}", _REGISTERED, 1)
                )
        if index == 0:
            retired = self.point(f"{key}/retired", _REGISTERED, 1)
            retired.unregistered = _RETIRED
            line.spans[0].phases[0].points[0].registered = _RETIRED + 1800
            line.spans[0].phases[0].points.append(retired)

    def _nominal(self, line: Line) -> float:
        return ampacity(line.conductor, _STANDARD) * line.sub_conductors

    def _id(self, key: str) -> str:
        return str(UUID(bytes=digest(self._seed, f"heimdall/{key}", 0, 16), version=4))


def _line_name(index: int) -> str:
    turn, pair = divmod(index, len(_PLACES) // 2)
    name = f"{_PLACES[pair * 2]} - {_PLACES[pair * 2 + 1]}"
    return f"{name} {turn + 1}" if turn else name


def _products(kind: int) -> set[Product]:
    products = {*_ALWAYS, Product.TRANSIENT}
    if kind != _NO_FORECAST:
        products |= _FORECASTS
    if kind != _NO_CIRCUIT:
        products |= _CIRCUIT
    else:
        products.discard(Product.TRANSIENT)
    if kind % 2:
        products |= _ICING
    if kind < 3:
        products.add(Product.SAG)
    return products
