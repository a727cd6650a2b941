"""The files of pictures: each that a row names is there and whole, and none is there for nothing.

A missing or damaged file is mended from a copy of it that lies beside a backup. Small versions
are made again when they are asked for, so that nobody has to look for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from ttrpg_assistant.pictures.store import iterate_contents
from ttrpg_assistant.storage.backup_pictures import list_folders_beside_backups
from ttrpg_assistant.storage.content_files import FOLDER, Content, ContentFiles, copy_file
from ttrpg_assistant.verification.model import Problem

CHECK = "pictures"


class PictureFiles:
    """The pictures of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._files = ContentFiles(data_dir / FOLDER)
        self._copies = [ContentFiles(one) for one in list_folders_beside_backups(data_dir)]

    def find(self, tx: Connection) -> Iterator[Problem]:
        """Everything that is wrong. It reads every file, and changes nothing."""
        named: set[Content] = set()
        for id, content in iterate_contents(tx):
            named.add(content)
            if not self._files.is_whole(content):
                is_there = self._files.path_of(content).exists()
                yield Problem(
                    CHECK,
                    f"pictures {id}",
                    f"Its file is {'damaged' if is_there else 'missing'}.",
                    can_mend=self._find_copy(content) is not None,
                )
        for content, path in self._files.list_contents():
            if content not in named:
                yield Problem(CHECK, _place(path), "No row names this file.", can_mend=True)
        for path in self._files.list_unfinished():
            yield Problem(CHECK, _place(path), "It was left half written.", can_mend=True)

    def mend(self, tx: Connection) -> None:
        """Bring back what there is a copy of, and delete what no row names."""
        named: set[Content] = set()
        for _, content in iterate_contents(tx):
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


def _place(path: Path) -> str:
    return f"{FOLDER}/{path.name}"
