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
from custom_components.gridduck_heimdall.core.record_reader import RecordReader
from custom_components.gridduck_heimdall.core.storage import (
    RETRY_DELAY,
    SAVE_SOON,
    PersistentDict,
    StorageWriteError,
    StoredFile,
    async_remove_entry_files,
    async_remove_file,
    entry_file,
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
        await self.file.async_save_recovered()

    @staticmethod
    def read(reader: RecordReader, stored: Any) -> dict[str, float]:
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
    await pass_time(hass, freezer, RETRY_DELAY + 1)
    assert own(hass) == {"storage_write_failed"}
    unblock(folder)
    await pass_time(hass, freezer, RETRY_DELAY + 1)
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


OTHER = f"{DOMAIN}.old_numbers"


def numbers(hass: HomeAssistant, key: str = NAME) -> PersistentDict[float]:
    return PersistentDict(hass, key, decode=Numbers.read)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def written(folder: Path, name: str = NAME) -> dict[str, float] | None:
    """Return the data of a file; None where it does not exist."""
    path = folder / name
    return json.loads(path.read_text())["data"] if path.exists() else None


async def test_a_dict_outlives_its_owner(hass: HomeAssistant, folder: Path) -> None:
    values = numbers(hass)
    await values.async_load()
    assert not values
    values["a"] = 1
    values.update({"b": 2, "c": 3})
    del values["c"]
    values.retain({"a", "x"})
    assert written(folder) is None
    await values.async_close()
    assert written(folder) == {"a": 1}
    again = numbers(hass)
    await again.async_load()
    assert dict(again) == {"a": 1}
    assert len(again) == 1


async def test_what_has_not_changed_is_not_written(hass: HomeAssistant, folder: Path) -> None:
    (folder / NAME).write_text(content := file_of({"a": 1}))
    values = numbers(hass)
    await values.async_load()
    values.retain({"a"})
    assert values.pop("b", None) is None
    await values.async_close()
    assert (folder / NAME).read_text() == content


async def test_a_pending_write_is_never_postponed(
    hass: HomeAssistant, folder: Path, freezer: FrozenDateTimeFactory
) -> None:
    """Changes that keep coming are written all the same, and a later one may hasten the write."""
    values = numbers(hass)
    values.save_within(100 * SAVE_SOON)
    for number in range(4):
        values["a"] = number
        await pass_time(hass, freezer, SAVE_SOON / 3 + 0.1)
    assert written(folder) is not None
    values["a"] = 9
    await pass_time(hass, freezer, SAVE_SOON + 1)
    assert written(folder) == {"a": 9}


async def test_nothing_is_written_after_closing(
    hass: HomeAssistant, folder: Path, freezer: FrozenDateTimeFactory
) -> None:
    values = numbers(hass)
    values["a"] = 1
    await values.async_close()
    values["a"] = 2
    await pass_time(hass, freezer, SAVE_SOON + 1)
    assert written(folder) == {"a": 1}


async def test_a_change_during_a_write_is_written_next(
    hass: HomeAssistant, folder: Path, freezer: FrozenDateTimeFactory
) -> None:
    values = numbers(hass)
    values["a"] = 1
    saving = hass.async_create_task(values.async_save())
    values["b"] = 2
    await saving
    values["c"] = 3
    await pass_time(hass, freezer, SAVE_SOON + 1)
    assert written(folder) == {"a": 1, "b": 2, "c": 3}


async def test_removing_drops_the_values_and_the_pending_write(
    hass: HomeAssistant, folder: Path, freezer: FrozenDateTimeFactory
) -> None:
    (folder / NAME).write_text(file_of({"a": 1, "b": "x"}))
    values = numbers(hass)
    await values.async_load()
    values["c"] = 2
    await values.async_remove()
    assert not values
    await pass_time(hass, freezer, SAVE_SOON + 1)
    assert written(folder) is None
    assert not own(hass)
    values["d"] = 3
    await pass_time(hass, freezer, SAVE_SOON + 1)
    assert written(folder) == {"d": 3}


async def test_taking_over_a_file_of_another_name(hass: HomeAssistant, folder: Path) -> None:
    """What is good of it moves; the values under the new name win."""
    (folder / OTHER).write_text(file_of({"a": 1, "b": 2, "c": "x"}))
    (folder / NAME).write_text(file_of({"b": 3}))
    for _ in range(2):
        values = numbers(hass)
        await values.async_load()
        await values.async_take_over(OTHER)
        assert dict(values) == written(folder) == {"a": 1, "b": 3}
        assert written(folder, OTHER) is None
        assert own(hass) == {"storage_partly_unreadable"}


async def test_a_file_stays_that_cannot_be_taken_over(
    hass: HomeAssistant, folder: Path, freezer: FrozenDateTimeFactory
) -> None:
    (folder / OTHER).write_text(file_of({"a": 1}))
    (folder / NAME).mkdir()
    values = numbers(hass)
    await values.async_take_over(OTHER)
    assert dict(values) == {"a": 1}
    assert written(folder, OTHER) == {"a": 1}
    assert own(hass) == {"storage_write_failed"}
    (folder / NAME).rmdir()
    await pass_time(hass, freezer, RETRY_DELAY + 1)
    assert written(folder) == {"a": 1}
    assert not own(hass)


async def test_the_files_of_an_entry_are_removed_together(
    hass: HomeAssistant, folder: Path
) -> None:
    kinds = ("history", "told")
    for name in (*(entry_file(kind, "one") for kind in kinds), f"{DOMAIN}.told.other"):
        (folder / name).write_text(file_of({"a": 1}))
    await async_remove_entry_files(hass, "one", kinds)
    assert names_in(folder) == [f"{DOMAIN}.told.other"]
