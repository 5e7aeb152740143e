"""Files in `.storage` that are not what they were, and a disk that takes nothing."""

from collections.abc import AsyncGenerator
import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import async_test_home_assistant

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.storage import (
    RETRY_AFTER,
    Reader,
    StorageWriteError,
    StoredFile,
    async_remove_file,
)
from tests.conftest import pass_time
from tests.repairs import own, texts

NAME = f"{DOMAIN}.numbers"


def file_of(data: object, version: object = 1, minor: object = 1) -> str:
    return json.dumps({"version": version, "minor_version": minor, "key": NAME, "data": data})


class Numbers:
    """Numbers by name, kept in a file."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.values: dict[str, float] = {}
        self.file = StoredFile(hass, NAME, self.values.copy)

    async def load(self) -> None:
        self.values |= await self.file.async_read(self.read) or {}
        await self.file.async_settle()

    @staticmethod
    def read(reader: Reader, stored: Any) -> dict[str, float]:
        return reader.mapping(stored, float, float)


@pytest.fixture
async def hass(tmp_path: Path) -> AsyncGenerator[HomeAssistant]:
    """Return a Home Assistant that writes to a real disk."""
    async with async_test_home_assistant(config_dir=str(tmp_path)) as hass:
        yield hass
        await hass.async_stop(force=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the stored files."""
    path = tmp_path / ".storage"
    path.mkdir(exist_ok=True)
    return path


def block(folder: Path) -> None:
    """Put a file in place of the folder: nothing can be made in it then, by a superuser either."""
    folder.rmdir()
    folder.write_text("")


def unblock(folder: Path) -> None:
    folder.unlink()
    folder.mkdir()


def asides(folder: Path) -> list[Path]:
    return list(folder.glob(f"{NAME}.corrupt.*"))


@pytest.mark.parametrize(
    ("content", "issue", "left"),
    [
        (file_of({"a": 1}, version=2), "storage_newer", {}),
        (file_of({"a": 1}, minor=2), "storage_newer", {"a": 1}),
        (
            file_of({"a": 1, "b": "x", "c": None, "d": 4}),
            "storage_partly_unreadable",
            {"a": 1, "d": 4},
        ),
        (file_of([1]), "storage_partly_unreadable", {}),
        (file_of("text"), "storage_partly_unreadable", {}),
        (file_of(None), None, {}),
        (file_of({"a": 1}, version=0), "storage_unreadable", {}),
        (file_of({"a": 1}, version="x"), "storage_unreadable", {}),
        (file_of({"a": 1}, minor="x"), "storage_unreadable", {}),
        ('{"version": 1}', "storage_unreadable", {}),
        ('{"data": {"a": 1}}', "storage_unreadable", {}),
        ("[]", "storage_unreadable", {}),
        ('"text"', "storage_unreadable", {}),
        ("null", "storage_unreadable", {}),
        # Of what is not JSON, Home Assistant itself tells.
        ("{", "storage_corruption", {}),
        ("", "storage_corruption", {}),
    ],
)
async def test_damaged(
    hass: HomeAssistant, folder: Path, content: str, issue: str | None, left: dict[str, float]
) -> None:
    """What is good is in use, and what was there is kept aside, whatever is written next."""
    (folder / NAME).write_text(content)
    numbers = Numbers(hass)
    await numbers.load()
    assert numbers.values == left
    kept = asides(folder)
    assert [path.read_text() for path in kept] == ([] if issue is None else [content])
    kinds = {one.translation_key for one in ir.async_get(hass).issues.values()}
    assert kinds == ({issue} - {None})
    # A crash now does not cost the rest.
    again = Numbers(hass)
    await again.load()
    assert again.values == left
    numbers.values["new"] = 5
    await numbers.file.async_save()
    assert json.loads((folder / NAME).read_text())["data"] == {**left, "new": 5}
    assert asides(folder) == kept
    await async_remove_file(hass, NAME)
    assert not own(hass)


async def test_a_directory_in_place_of_the_file(hass: HomeAssistant, folder: Path) -> None:
    (folder / NAME).mkdir()
    numbers = Numbers(hass)
    await numbers.load()
    assert [path.is_dir() for path in asides(folder)] == [True]
    await numbers.file.async_save()
    assert (folder / NAME).is_file()


async def test_words(hass: HomeAssistant, folder: Path) -> None:
    (folder / NAME).write_text(file_of({"a": 1, "b": "x"}))
    await Numbers(hass).load()
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"storage_partly_unreadable_{NAME}")
    assert issue is not None
    assert issue.is_persistent
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["count"] == "1"
    assert "corrupt" in (await texts(hass, issue))["fix_flow.step.confirm.description"]


async def test_a_write_that_fails(
    hass: HomeAssistant, folder: Path, freezer: FrozenDateTimeFactory
) -> None:
    """It raises a repair at once, and is tried again until it succeeds."""
    numbers = Numbers(hass)
    numbers.values["a"] = 1
    block(folder)
    with pytest.raises(StorageWriteError):
        await numbers.file.async_save()
    assert own(hass) == {"storage_write_failed"}
    numbers.values["b"] = 2
    await pass_time(hass, freezer, RETRY_AFTER + 1)
    assert own(hass) == {"storage_write_failed"}
    unblock(folder)
    await pass_time(hass, freezer, RETRY_AFTER + 1)
    assert json.loads((folder / NAME).read_text())["data"] == {"a": 1, "b": 2}
    assert not own(hass)


async def test_a_file_that_cannot_be_kept_aside(hass: HomeAssistant, folder: Path) -> None:
    """Then it is not overwritten either."""
    content = file_of({"a": 1}, version=2)
    # The name that it would get is too long.
    name = "n" * 250
    (folder / name).write_text(content)
    file = StoredFile(hass, name, dict)
    assert await file.async_read(Numbers.read) is None
    assert own(hass) == {"storage_write_failed"}
    with pytest.raises(StorageWriteError):
        await file.async_save()
    assert (folder / name).read_text() == content
