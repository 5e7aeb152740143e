"""Charts of how figures grow, as SVG that can be read on light and dark pages."""

from pathlib import Path
from typing import Final

from matplotlib import style
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import LogLocator, StrMethodFormatter

from .framework import OURS, Growth
from .results import Result
from .table import title_of

# Grey of middle brightness stands out from white and from black.
_GREY: Final = "#7d8590"
_COLOURS: Final = ("#2f81f7", "#d9822b", "#8b949e", "#a371f7")
_STYLE: Final = {
    # With a salt of its own the same figures give the same file.
    "svg.hashsalt": "gridduck_heimdall",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "text.color": _GREY,
    "axes.labelcolor": _GREY,
    "axes.edgecolor": _GREY,
    "xtick.color": _GREY,
    "ytick.color": _GREY,
}


def draw_growth(result: Result, growth: Growth, path: Path) -> None:
    """Draw the first figure of a case by size, both on logarithmic scales."""
    shown = growth.figures[0]
    with style.context(_STYLE):
        drawing = Drawing(figsize=(6.4, 3.6), layout="constrained")
        axes = drawing.add_subplot()
        for contender, colour in zip(result.case.contenders, _COLOURS, strict=False):
            curve = result.curve(contender.key, shown)
            if curve:
                axes.plot(
                    [*curve],
                    [value * shown.scale for value in curve.values()],
                    color=colour,
                    label=title_of(result.case, contender.key),
                    linewidth=2.5 if contender.key == OURS else 1.5,
                    marker="o",
                )
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xticks(growth.sizes, [f"{size:,}" for size in growth.sizes])
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
        axes.minorticks_off()
        axes.set_xlabel(growth.setting)
        axes.set_ylabel(f"{shown.title} ({shown.unit})")
        axes.grid(color=_GREY, alpha=0.25)
        axes.legend(frameon=False)
        metadata = {"Date": None, "Creator": None}
        drawing.savefig(path, format="svg", transparent=True, metadata=metadata)
