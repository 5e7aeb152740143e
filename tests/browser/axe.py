"""Accessibility, as axe-core judges it."""

from typing import Final

from devtools.settings import ROOT

from .visitor import DEEP, OWN, Visitor

_AXE: Final = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

# The view, with Home Assistant's own cards as we set them up, and elements of ours outside of it.
# Not the shell around it: its sidebar has a violation of its own, which no integration can mend.
_VIOLATIONS: Final = f"""async () => {{
  {DEEP}
  const include = [...deep(document)].filter(
    (one) => one.localName === "hui-view" || one.localName.startsWith("{OWN}"));
  const {{ violations, passes }} = await axe.run({{ include }});
  if (!passes.length) return ["nothing to check"];
  return violations.flatMap(({{ id, nodes }}) => nodes.map((node) =>
    `${{id}}: ${{node.html.slice(0, 200)}}: ${{node.failureSummary}}`));
}}"""


async def violations(visitor: Visitor) -> list[str]:
    """Return what is wrong with the view and the elements of ours that are on the page."""
    page = visitor.page
    if not await page.evaluate("() => 'axe' in globalThis"):
        await page.evaluate(_AXE.read_text("utf-8"))
    found: list[str] = await page.evaluate(_VIOLATIONS)
    return found
