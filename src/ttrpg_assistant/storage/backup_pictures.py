"""The pictures that belong to a copy of the database lie beside it, in a folder of its name, and
the files that were imported in another.

Within the data folder they are links to the same bytes, which cost no room: a picture's file is
never written over in place, so that one that is deleted later is still in the backup. A backup
anywhere else has copies.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from ttrpg_assistant.storage.content_files import (
    ENDINGS,
    FOLDER,
    IMPORTED,
    RECEIVED,
    Content,
    ContentFiles,
    copy_file,
    link_or_copy,
    make_private_folder,
    sync_folder,
)

FOLDERS = (FOLDER, IMPORTED)


def pictures_beside(copy: Path, folder: str = FOLDER) -> ContentFiles:
    """Where the pictures of a copy of the database are, or its files of another folder."""
    return ContentFiles(copy.with_name(f"{copy.name}.{folder}"))


def list_folders_beside_backups(data_dir: Path, folder: str = FOLDER) -> list[Path]:
    """The folders of pictures of every copy of the database in a data folder, newest first; or
    those of its files of another folder."""
    found = [*data_dir.glob(f"*.{folder}"), *(data_dir / "backups").glob(f"*.{folder}")]
    return sorted(found, key=lambda one: one.stat().st_mtime, reverse=True)


def list_named(copy: Path) -> list[Content]:
    """The pictures that a copy of the database names; none where it has no pictures yet."""
    rows = _ask(copy, "pictures", "SELECT DISTINCT sha256, media_type FROM pictures")
    return [Content(str(one), str(kind)) for one, kind in rows if kind in ENDINGS]


def list_imported(copy: Path) -> list[Content]:
    """The imported files that a copy of the database names; none before there were any."""
    rows = _ask(copy, "imported_files", "SELECT DISTINCT sha256 FROM imported_files")
    return [Content(str(one), RECEIVED) for (one,) in rows]


def _ask(copy: Path, table: str, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as raw:
        is_there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        if raw.execute(is_there, (table,)).fetchone() is None:
            return []
        return raw.execute(query).fetchall()


def count_missing(copy: Path, files: ContentFiles) -> tuple[int, int]:
    """How many files the copy of the database names, and how many of them are missing or
    damaged. It reads every one of them."""
    named = list_named(copy)
    return len(named), sum(not files.is_whole(one) for one in named)


def measure(database_path: Path) -> tuple[int, int, int]:
    """How many files a database names, how many are not there, and the bytes of the others. It
    may be in use, and no file is read."""
    files = ContentFiles(database_path.parent / FOLDER)
    try:
        named = list_named(database_path) if database_path.is_file() else []
    except sqlite3.DatabaseError:
        named = []  # A damaged database is told of elsewhere.
    paths = [files.path_of(one) for one in named]
    sizes = [one.stat().st_size for one in paths if one.is_file()]
    return len(named), len(named) - len(sizes), sum(sizes)


def take_along(copy: Path, data_dir: Path, target: Path, earlier: Path | None = None) -> None:
    """Put the files that this copy of the database names beside `target`, which becomes its
    name: see `take_named_along`."""
    take_named_along([*list_named(copy), *list_imported(copy)], data_dir, target, earlier)


def take_named_along(
    named: list[Content], data_dir: Path, target: Path, earlier: Path | None = None
) -> None:
    """Put these pictures and imported files beside `target`. Each folder is there with all that
    there is, or not at all. Outside the data folder, what `earlier`, another backup, has already
    is linked to."""
    for folder in FOLDERS:
        own = [one for one in named if (one.media_type == RECEIVED) == (folder == IMPORTED)]
        _take_folder(own, folder, data_dir, target, earlier)


def _take_folder(
    named: list[Content], folder: str, data_dir: Path, target: Path, earlier: Path | None
) -> None:
    there = ContentFiles(data_dir / folder)
    beside = pictures_beside(target, folder)
    named = [one for one in named if there.path_of(one).is_file()]
    shutil.rmtree(beside.folder, ignore_errors=True)
    if not named:
        return
    part = ContentFiles(beside.folder.with_name(f"{beside.folder.name}.part"))
    shutil.rmtree(part.folder, ignore_errors=True)
    is_inside = data_dir.resolve() in target.resolve().parents
    linked = None if is_inside or earlier is None else pictures_beside(earlier, folder)
    try:
        _copy_all(named, there, part, link_or_copy if is_inside else copy_file, linked)
        part.folder.rename(beside.folder)
    finally:
        shutil.rmtree(part.folder, ignore_errors=True)
    sync_folder(beside.folder.parent)


def _copy_all(
    named: list[Content],
    there: ContentFiles,
    part: ContentFiles,
    copy: Callable[[Path, Path], None],
    linked: ContentFiles | None,
) -> None:
    folders = set()
    for content in named:
        target = part.path_of(content)
        if target.parent not in folders:
            make_private_folder(target.parent)
            folders.add(target.parent)
        if linked is not None and linked.is_whole(content):
            link_or_copy(linked.path_of(content), target)
        else:
            copy(there.path_of(content), target)
    for folder in folders:
        sync_folder(folder)


def bring_back(backup: Path, data_dir: Path) -> None:
    """Put the files beside a backup into the data folder, where they are missing or damaged
    there."""
    for folder in FOLDERS:
        there = ContentFiles(data_dir / folder)
        for content, source in _list_whole(pictures_beside(backup, folder)):
            if not there.is_whole(content):
                written = there.new_file()
                copy_file(source, written)
                there.put(written, there.path_of(content))


def _list_whole(files: ContentFiles) -> Iterator[tuple[Content, Path]]:
    return ((content, path) for content, path in files.list_contents() if files.is_whole(content))


def forget(copy: Path) -> None:
    """Delete the files beside a copy of the database."""
    for folder in FOLDERS:
        shutil.rmtree(pictures_beside(copy, folder).folder, ignore_errors=True)
