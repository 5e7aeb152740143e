"""Draw the integration's images: an overhead line that sags between masts, above buildings.

Usage: .venv/bin/python script/brand.py
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cosh
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

FOLDER: Final = Path(__file__).parents[1] / "custom_components" / "gridduck_heimdall" / "brand"

# Drawn this many times larger, then reduced: Pillow itself draws no smooth edges.
OVERSAMPLING: Final = 8

type Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours for one background."""

    mast: str
    conductor: str
    wall: str
    spark: str


LIGHT: Final = Palette(mast="#1d3550", conductor="#e8890c", wall="#0f8f83", spark="#ffffff")
DARK: Final = Palette(mast="#dbe6f1", conductor="#ffab3d", wall="#22b8a8", spark="#0d2233")


class Canvas:
    """A transparent picture in units of its own, larger than what is saved."""

    def __init__(self, width: float, height: float, pixels_high: int) -> None:
        """Make the picture, `height` units and `pixels_high` pixels high."""
        self._scale = pixels_high * OVERSAMPLING / height
        self._size = (round(width * pixels_high / height), pixels_high)
        large = (self._size[0] * OVERSAMPLING, self._size[1] * OVERSAMPLING)
        self._image = Image.new("RGBA", large)
        self._draw = ImageDraw.Draw(self._image)

    def polygon(self, points: Iterable[Point], colour: str) -> None:
        """Fill a polygon."""
        self._draw.polygon(self._scaled(points), fill=colour)

    def stroke(self, points: Sequence[Point], width: float, colour: str) -> None:
        """Draw a line with round joints and round ends."""
        scaled, thick = self._scaled(points), width * self._scale
        self._draw.line(scaled, fill=colour, width=round(thick))
        r = thick / 2
        for x, y in scaled:
            self._draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def block(self, box: tuple[float, float, float, float], radius: float, colour: str) -> None:
        """Fill a rectangle (left, top, right, bottom) with rounded corners."""
        scaled = tuple(edge * self._scale for edge in box)
        self._draw.rounded_rectangle(scaled, radius * self._scale, fill=colour)

    def save(self, name: str) -> None:
        """Reduce, trim and save the picture."""
        # A transparent picture is black beneath: reduced as it is, every edge would darken.
        small = self._image.convert("RGBa").resize(self._size, Image.Resampling.BOX).convert("RGBA")
        FOLDER.mkdir(parents=True, exist_ok=True)
        small.save(FOLDER / name, optimize=True)

    def _scaled(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self._scale, y * self._scale) for x, y in points]


def pole(canvas: Canvas, x: float, palette: Palette) -> None:
    """Draw a plain mast at `x`: it stays legible where the icon is small."""
    canvas.polygon([(x - 3.2, 6), (x + 3.2, 6), (x + 4.6, 97), (x - 4.6, 97)], palette.mast)
    canvas.stroke([(x, 5), (x, 8)], 6.4, palette.mast)
    canvas.stroke([(x - 3.6, 96.4), (x + 3.6, 96.4)], 6, palette.mast)
    canvas.stroke([(x - 7.5, 14), (x + 7.5, 14)], 5, palette.mast)
    canvas.stroke([(x - 11, 26), (x + 11, 26)], 5, palette.mast)


def lattice_mast(canvas: Canvas, x: float, palette: Palette) -> None:
    """Draw a mast that stands at `x`: two legs, braces, and a crossarm with its insulators."""
    foot, waist, thick = 11.0, 3.5, 4.2
    for side in (-1, 1):
        legs = [(x + side * foot, 97.5), (x + side * waist, 40), (x, 4)]
        canvas.stroke(legs, thick, palette.mast)
        canvas.stroke([(x + side * 15.5, 23), (x + side * 15.5, 29)], 3.4, palette.mast)
        braces = [(x + side * 9.0, 85), (x - side * 5.5, 60), (x + side * 4, 42)]
        canvas.stroke(braces, 2.8, palette.mast)
    canvas.stroke([(x - 15.5, 22), (x + 15.5, 22)], thick, palette.mast)


def conductor(canvas: Canvas, start: Point, end: Point, sag: float, palette: Palette) -> None:
    """Draw a conductor that hangs between two points of the same height, as a catenary."""
    middle, half = (start[0] + end[0]) / 2, (end[0] - start[0]) / 2
    steps, shape = 60, 1.1
    points = [
        (
            middle + half * step / steps,
            start[1] + sag * (cosh(shape) - cosh(shape * step / steps)) / (cosh(shape) - 1),
        )
        for step in range(-steps, steps + 1)
    ]
    canvas.stroke(points, 5, palette.conductor)


def house(canvas: Canvas, x: float, size: float, palette: Palette) -> None:
    """Draw a house with a spark in its wall; `x` is its middle, `size` half its width."""
    bottom, eaves, gable = 99.5, 99.5 - 1.45 * size, 99.5 - 2.15 * size
    roof = [(x - size * 1.02, eaves), (x, gable), (x + size * 1.02, eaves)]
    canvas.polygon(roof, palette.wall)
    canvas.stroke([roof[0], roof[1], roof[2], roof[0]], 5, palette.wall)
    canvas.block((x - size, eaves - 1, x + size, bottom), 3, palette.wall)
    spark = [(2.8, -12.5), (-8.2, 2.2), (-1, 2.2), (-2.8, 12.5), (8.2, -2.6), (1, -2.6)]
    middle, grown = bottom - 0.88 * size, size / 18
    canvas.polygon([(x + dx * grown, middle + dy * grown) for dx, dy in spark], palette.spark)


def office(canvas: Canvas, x: float, palette: Palette) -> None:
    """Draw an office block with its windows; `x` is its middle."""
    canvas.block((x - 16, 61, x + 16, 99.5), 3, palette.wall)
    for top in (67, 77, 87):
        for left in (x - 11, x - 2.5, x + 6):
            canvas.block((left, top, left + 5, top + 6), 1, palette.spark)


def icon(name: str, pixels: int, palette: Palette) -> None:
    """Draw the square icon: one span above one house."""
    canvas = Canvas(100, 100, pixels)
    house(canvas, 50, 21.5, palette)
    for x in (14, 86):
        pole(canvas, x, palette)
    conductor(canvas, (24.5, 28), (75.5, 28), 16, palette)
    canvas.save(name)


def logo(name: str, pixels: int, palette: Palette) -> None:
    """Draw the wide logo: two spans, a house under one and an office block under the other."""
    canvas = Canvas(236, 100, pixels)
    house(canvas, 68, 17, palette)
    office(canvas, 168, palette)
    masts = (18, 118, 218)
    for x in masts:
        lattice_mast(canvas, x, palette)
    for left, right in pairwise(masts):
        conductor(canvas, (left + 15.5, 30.5), (right - 15.5, 30.5), 20, palette)
    canvas.save(name)


def main() -> None:
    """Draw all eight images."""
    for prefix, palette in (("", LIGHT), ("dark_", DARK)):
        for suffix, factor in (("", 1), ("@2x", 2)):
            icon(f"{prefix}icon{suffix}.png", 256 * factor, palette)
            logo(f"{prefix}logo{suffix}.png", 200 * factor, palette)


if __name__ == "__main__":
    main()
