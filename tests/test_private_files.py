"""What is in the data folder is for its owner alone, however it came there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ttrpg_assistant.archives.arriving import ArrivingFiles
from ttrpg_assistant.browser_start import StartPage
from ttrpg_assistant.private_files import tighten_data_folder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_is_ours_loses_the_rights_of_others(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "backups").mkdir(parents=True)
    names = ("ttrpg_assistant.db", "ttrpg_assistant.db-wal", "config.toml", "backups/old.db")
    for name in names:
        (folder / name).write_text("restored by hand")
        (folder / name).chmod(0o644)
    (folder / "access.key").write_text("of an earlier version")
    for path in (folder, folder / "backups"):
        path.chmod(0o755)
    assert len(tighten_data_folder(folder)) == len(names) + 2
    assert {mode_of(folder / name) for name in names} == {0o600}
    assert mode_of(folder) == mode_of(folder / "backups") == 0o700
    assert not (folder / "access.key").exists(), "nothing reads it any more"
    assert tighten_data_folder(folder) == []


def test_a_folder_that_holds_other_things_stays_open_and_so_do_they(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    for name in ("ttrpg_assistant.db", "letter.txt"):
        (folder / name).write_text("text")
        (folder / name).chmod(0o644)
    (folder / "keys.json").symlink_to(folder / "letter.txt")
    folder.chmod(0o755)
    assert tighten_data_folder(folder) == [folder / "ttrpg_assistant.db"]
    assert mode_of(folder) == 0o755
    assert mode_of(folder / "letter.txt") == 0o644, "a link is not followed"


def test_a_folder_with_all_that_the_application_keeps_in_it_is_still_its_own(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    StartPage(folder).write("http://127.0.0.1:8642/", lambda _: "code")
    ArrivingFiles(folder).new_file(".zip")
    (folder / "backups").mkdir()
    (folder / "ttrpg_assistant.db").write_text("restored by hand")
    folder.chmod(0o755)
    (folder / "arriving").chmod(0o755)
    tighten_data_folder(folder)
    assert mode_of(folder) == mode_of(folder / "arriving") == 0o700
