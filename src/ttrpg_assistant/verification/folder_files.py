"""The files of pictures and of imports: each that a row names is there and whole, and none is there
for nothing.

A missing or damaged file is mended from a copy of it that lies beside a backup. Small versions of
pictures are made again when they are asked for, so that nobody has to look for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection

from ttrpg_assistant.pictures.store import iterate_contents
from ttrpg_assistant.storage.backup_pictures import list_folders_beside_backups
from ttrpg_assistant.storage.content_files import (
    FOLDER,
    IMPORTED,
    Content,
    ContentFiles,
    copy_file,
)
from ttrpg_assistant.storage.import_tables import iterate_imported
from ttrpg_assistant.verification.model import Problem

_ROWS: dict[str, tuple[str, Callable[[Connection], Iterator[tuple[str, Content]]]]] = {
    FOLDER: ("pictures", iterate_contents),
    IMPORTED: ("imported_files", iterate_imported),
}
"""The table whose rows name the files of a folder, and how they are gone through."""


class FolderFiles:
    """The files of one folder in a data folder."""

    def __init__(self, data_dir: Path, folder: str) -> None:
        self._folder = folder
        self._table, self._iterate = _ROWS[folder]
        self._files = ContentFiles(data_dir / folder)
        copies = list_folders_beside_backups(data_dir, folder)
        self._copies = [ContentFiles(one) for one in copies]

    def find(self, tx: Connection) -> Iterator[Problem]:
        """Everything that is wrong. It reads every file, and changes nothing."""
        named: set[Content] = set()
        for id, content in self._iterate(tx):
            named.add(content)
            if not self._files.is_whole(content):
                is_there = self._files.path_of(content).exists()
                yield Problem(
                    self._folder,
                    f"{self._table} {id}",
                    f"Its file is {'damaged' if is_there else 'missing'}.",
                    can_mend=self._find_copy(content) is not None,
                )
        for content, path in self._files.list_contents():
            if content not in named:
                yield Problem(
                    self._folder, self._place(path), "No row names this file.", can_mend=True
                )
        for path in self._files.list_unfinished():
            yield Problem(
                self._folder, self._place(path), "It was left half written.", can_mend=True
            )

    def mend(self, tx: Connection) -> None:
        """Bring back what there is a copy of, and delete what no row names."""
        named: set[Content] = set()
        for _, content in self._iterate(tx):
            named.add(content)
            copy = None if self._files.is_whole(content) else self._find_copy(content)
            if copy is not None:
                written = self._files.new_file()
                copy_file(copy.path_of(content), written)
                self._files.put(written, self._files.path_of(content))
        for content, _ in list(self._files.list_contents()):
            if content not in named:
                self._files.remove(content)
        self._files.remove_leftovers(0)

    def _find_copy(self, content: Content) -> ContentFiles | None:
        return next((one for one in self._copies if one.is_whole(content)), None)

    def _place(self, path: Path) -> str:
        return f"{self._folder}/{path.name}"


def list_folders(data_dir: Path | None) -> list[FolderFiles]:
    """Every folder of files beside a database; none without a data folder."""
    return [] if data_dir is None else [FolderFiles(data_dir, folder) for folder in _ROWS]
