"""Pictures of what is on the screen, compared with kept ones."""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops
from playwright.async_api import Locator, Page

from devtools.settings import ROOT

DOCS: Final = ROOT / "docs" / "images"
KEPT: Final = Path(__file__).with_name("pictures")
DIFFERENT_LEVELS: Final = 40
"""A pixel differs if one of its colours does by more than this, of 255."""
TOLERATED: Final = 0.01
"""The share of pixels that may differ: another version of the browser draws letters anew."""


async def taken(what: Locator | Page, mask: list[Locator] | None = None) -> Image.Image:
    """Take a picture of an element or a page; values that move are masked."""
    shot = await what.screenshot(mask=mask or [], mask_color="#888", animations="disabled")
    return Image.open(BytesIO(shot)).convert("RGB")


def write(path: Path, picture: Image.Image) -> None:
    """Write a picture with 256 colours, which is small; thin lines have their own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    reduced = picture.quantize(256, kmeans=1, dither=Image.Dither.NONE)
    reduced.save(path, optimize=True)


def difference(path: Path, picture: Image.Image) -> float:
    """Return the share of pixels in which a picture differs from the kept one."""
    with Image.open(path) as stored:
        kept = stored.convert("RGB")
    if kept.size != picture.size:
        return 1.0
    levels = ImageChops.difference(kept, picture).split()
    strongest = ImageChops.lighter(ImageChops.lighter(levels[0], levels[1]), levels[2])
    counts = strongest.histogram()
    return sum(counts[DIFFERENT_LEVELS + 1 :]) / sum(counts)
