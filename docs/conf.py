"""Settings of Sphinx, which makes the documentation a site."""

import json
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_MANIFEST = json.loads(
    (_ROOT / "custom_components" / "gridduck_heimdall" / "manifest.json").read_text("utf-8")
)

project = _MANIFEST["name"]
author = "The GridDuck & Heimdall Power contributors"
version = release = _MANIFEST["version"]
extensions = ["myst_parser", "sphinx_external_toc", "sphinxcontrib.mermaid"]
myst_fence_as_directive = ["mermaid"]
external_toc_path = "docs/_toc.yml"

# Pages link to what stands beside docs/, as on the repository's own pages.
root_doc = "docs/README"
include_patterns = ["docs/**", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
myst_heading_anchors = 4
# Answers in the contracts are shortened by "…".
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = project
html_baseurl = ""
html_show_sphinx = False
html_theme_options = {"source_edit_link": None}
