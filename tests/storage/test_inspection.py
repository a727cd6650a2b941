"""What `doctor` finds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.storage.processes import child
from ttrpg_assistant.storage import inspection, schema


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_the_versions_with_the_wal_reset_bug_are_known(
    version: tuple[int, int, int], affected: bool
) -> None:
    assert inspection.has_wal_reset_bug(version) is affected


def test_a_sound_database_is_called_sound(sqlite_file: Path) -> None:
    found = inspection.inspect(sqlite_file)
    assert (found.exists, found.integrity, found.in_use) == (True, "ok", False)
    assert found.revision == found.needed_revision == schema.head_revision()
    assert found.journal_mode == "wal"
    assert not [warning for warning in found.warnings if "WAL-reset" not in warning]


def test_a_running_server_is_noticed_and_not_disturbed(sqlite_file: Path) -> None:
    with child("serve", sqlite_file) as other:
        other.hear("open")
        found = inspection.inspect(sqlite_file)
        assert (found.in_use, found.integrity) == (True, "ok")
        other.tell()
        other.hear("closed")
    assert not inspection.inspect(sqlite_file).in_use


def test_a_large_database_is_warned_about(sqlite_file: Path) -> None:
    os.truncate(sqlite_file, inspection.LARGE + 4096)
    assert any("500 MB" in warning for warning in inspection.inspect(sqlite_file).warnings)


def test_a_damaged_database_is_called_damaged(sqlite_file: Path) -> None:
    with sqlite_file.open("r+b") as file:
        file.seek(4096)
        file.write(b"\x5a" * 4096)
    found = inspection.inspect(sqlite_file)
    assert found.integrity != "ok"
    assert any("damaged" in warning for warning in found.warnings)


def test_looking_for_a_database_does_not_make_one(tmp_path: Path) -> None:
    found = inspection.inspect(tmp_path / "a.db")
    assert not found.exists
    assert list(tmp_path.iterdir()) == []
