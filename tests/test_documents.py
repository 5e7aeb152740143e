"""The documents that code and other documents name exist, with the sections that are named."""

from collections.abc import Iterator
from functools import cache
import json
from pathlib import Path
import re
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
CONTRACTS: Final = ROOT / "docs" / "contracts"
CODE: Final = sorted(
    path
    for folder in ("custom_components", "simulator", "tests", "benchmarks", "script", "devtools")
    for path in (ROOT / folder).rglob("*.py")
    if path != Path(__file__)
)
DOCUMENTS: Final = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))

SECTIONS: Final = {
    "gridduck": re.compile(r'gridduck-api\.md((?:,?(?: and)? (?:"[^"]+"|Part \d)(?! \d))*)'),
    "heimdall": re.compile(
        r"heimdall-api\.md((?:,?(?: and| to)? §[\d.]*\d(?:-[\d.]*\d)?(?: \([^)]*\))?)*)"
    ),
}


def prose(path: Path) -> str:
    """Return the text of a module with its comments and docstrings on one line."""
    return re.sub(r"\s+(?:# )?", " ", path.read_text("utf-8"))


def titles(path: Path) -> list[str]:
    """Return the headings of a document."""
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"^#+ (.*)$", text, re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document: those that GitHub makes of headings, and explicit ones."""
    found = (re.sub(r"[^\w -]", "", title.lower()) for title in titles(path))
    explicit = re.findall(r'<a (?:id|name)="([^"]+)">', path.read_text("utf-8"))
    return {title.replace(" ", "-") for title in found} | set(explicit)


def named_sections(cloud: str) -> Iterator[tuple[Path, str]]:
    """Yield the sections of a contract that modules name."""
    for path in CODE:
        for named in SECTIONS[cloud].findall(prose(path)):
            pattern = r'"([^"]+)"|(Part \d)' if cloud == "gridduck" else r"()([\d.]*\d)"
            text = re.sub(r"\([^)]*\)", "", named)
            for quoted, other in re.findall(pattern, text):
                yield path, quoted or other


@pytest.mark.parametrize("cloud", SECTIONS)
def test_sections_that_code_names_are_in_the_contract(cloud: str) -> None:
    end = ":" if cloud == "gridduck" else " "
    known = {title.partition(end)[0] for title in titles(CONTRACTS / f"{cloud}-api.md")}
    named = list(named_sections(cloud))
    assert len(named) > 50
    missing = {(path.name, section) for path, section in named if section not in known}
    assert not missing


def test_documents_that_code_names_exist() -> None:
    places = (ROOT, ROOT / "docs", CONTRACTS, ROOT / "docs" / "reference")
    ledger = ROOT / "custom_components" / "gridduck_heimdall" / "quality_scale.yaml"
    named = {
        (path.name, document)
        for path in (*CODE, ledger)
        for document in re.findall(r"\b[\w/-]+\.md\b", path.read_text("utf-8"))
    }
    assert named
    assert not {one for one in named if not any((place / one[1]).is_file() for place in places)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), link
        assert not anchor or anchor in anchors(file), link


def test_glossary_defines_each_term_once() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8").partition("## Words to avoid")[0]
    terms = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]*\|$", text, re.MULTILINE)
    terms = [term for term in terms if term not in {"Term", "---"}]
    assert len(terms) > 50
    assert len(terms) == len({term.lower() for term in terms})


@cache
def existing_paths() -> tuple[str, ...]:
    """Return the paths of all files and folders, each with a slash before it."""
    folders = (
        *("benchmarks", "custom_components", "simulator", "tests", "script", "docs"),
        ".devcontainer",
    )
    below = [
        f"/{path.relative_to(ROOT).as_posix()}{'/' if path.is_dir() else ''}"
        for folder in folders
        for path in (ROOT / folder, *(ROOT / folder).rglob("*"))
        if "__pycache__" not in path.parts
    ]
    top = [f"/{path.name}{'/' if path.is_dir() else ''}" for path in ROOT.iterdir()]
    return (*below, *top)


@pytest.mark.parametrize(
    "document",
    [
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/glossary.md",
        "docs/reliability.md",
        *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs" / "adr").glob("*.md"))),
    ],
)
def test_files_that_documents_name_exist(document: str) -> None:
    """A name of a folder or file may leave out what it is below."""
    text = (ROOT / document).read_text("utf-8")
    named = re.findall(r"`([\w./-]+(?:\.(?:py|yaml|json|md|toml)|/))`", text)
    missing = {
        name
        for name in named
        if "NAME" not in name and name != "translations/xx.json"
        if not any(path.endswith(f"/{name}") for path in existing_paths())
    }
    assert not missing


@pytest.mark.parametrize(
    "package", ["api", "core", "forecast", "gridduck", "heimdall", "history", "load_limits"]
)
def test_architecture_names_each_module(package: str) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+\.py)`", text))
    folder = ROOT / "custom_components" / "gridduck_heimdall" / package
    modules = {path.name for path in folder.glob("*.py")} - {"__init__.py"}
    assert len(modules) > 5
    assert not modules - named


def test_each_entity_is_documented() -> None:
    """Every name of an entity is in the list of entities."""
    integration = ROOT / "custom_components" / "gridduck_heimdall"
    texts = json.loads((integration / "translations" / "en.json").read_text("utf-8"))
    names = {
        entity["name"].replace("{minutes}", "5").replace("{account}", "(account)").lower()
        for platform in texts["entity"].values()
        for entity in platform.values()
        if "name" in entity
    }
    documented = (ROOT / "docs" / "entities.md").read_text("utf-8").lower()
    assert len(names) > 50
    assert not {name for name in names if name not in documented}


@pytest.mark.parametrize(
    ("page", "section"),
    [("actions", "services"), ("triggers", "triggers"), ("conditions", "conditions")],
)
def test_reference_names_what_the_user_interface_shows(page: str, section: str) -> None:
    """Each section begins with the name by which it is found in the user interface."""
    integration = ROOT / "custom_components" / "gridduck_heimdall"
    texts = json.loads((integration / "translations" / "en.json").read_text("utf-8"))
    reference = (ROOT / "docs" / "reference" / f"{page}.md").read_text("utf-8")
    named = dict(re.findall(r"^## `(\w+)`\n\n\*([^*]+)\.\*", reference, re.MULTILINE))
    assert named == {key: each["name"] for key, each in texts[section].items()}


def test_names_of_code_in_the_glossary_exist() -> None:
    integration = ROOT / "custom_components" / "gridduck_heimdall"
    words = {
        word
        for path in integration.rglob("*.py")
        for word in re.findall(r"\w+", path.read_text("utf-8"))
    }
    rows = re.findall(
        r"^\| [^|]+ \| [^|]+ \| ([^|]+) \|$",
        (ROOT / "docs" / "glossary.md").read_text("utf-8"),
        re.MULTILINE,
    )
    named = {
        part for row in rows for name in re.findall(r"`([\w.]+)`", row) for part in name.split(".")
    }
    assert len(named) > 50
    assert named <= words
