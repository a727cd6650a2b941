"""Where the notes of a folder are, and which thing each is: for links between them, and for the
names of new ones. Pure."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.exports.file_names import spell_file_name


class Places:
    """The notes of a folder by the things they are of."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._taken = {_key(path) for path in paths}
        self._path_of: dict[str, str] = {}
        self._kind_of: dict[str, str] = {}
        self._by_key: dict[str, list[str]] = {}
        self._folders: dict[str, Counter[str]] = {}

    def add(self, path: str, kind: str, id: str) -> None:
        """This note is of that thing."""
        self._taken.add(_key(path))
        self._path_of[id], self._kind_of[id] = path, kind
        stem = PurePosixPath(path).stem
        for key in dict.fromkeys((_key(stem), _key(path), _key(path.rsplit(".", 1)[0]))):
            self._by_key.setdefault(key, []).append(id)
        folder = str(PurePosixPath(path).parent)
        self._folders.setdefault(kind, Counter())[folder] += 1

    def path_of(self, id: str) -> str | None:
        """The note of a thing."""
        return self._path_of.get(id)

    def resolve(self, target: str) -> tuple[str, str] | None:
        """The thing that a link leads to: of several notes of one name, that with the shortest
        path, as Obsidian does it."""
        named = target.strip().replace("\\", "/").removesuffix(".md")
        ids = self._by_key.get(_key(named)) or self._by_key.get(_key(PurePosixPath(named).name))
        if not ids:
            return None
        best = min(ids, key=lambda id: (self._path_of[id].count("/"), self._path_of[id]))
        return self._kind_of[best], best

    def link(self, id: str) -> str | None:
        """The link to the note of a thing; None where it has none."""
        path = self._path_of.get(id)
        if path is None:
            return None
        stem = PurePosixPath(path).stem
        found = self.resolve(stem)
        if found is not None and found[1] == id:
            return f"[[{stem}]]"
        return f"[[{path.rsplit('.', 1)[0]}|{stem}]]"

    def choose_path(self, kind_name: str, name: str) -> str:
        """A free place for a new note: in the folder where most notes of its kind are."""
        usual = self._folders.get(kind_name)
        folder = (
            usual.most_common(1)[0][0] if usual else spell_file_name(get_kind(kind_name).plural)
        )
        before = "" if folder == "." else f"{folder}/"
        stem, number = spell_file_name(name), 1
        path = f"{before}{stem}.md"
        while _key(path) in self._taken:
            number += 1
            path = f"{before}{stem} {number}.md"
        self._taken.add(_key(path))
        return path


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def is_many(gone: int, notes: int) -> bool:
    """Whether so many notes are gone at once that it looks like an accident."""
    return gone >= LEAST_MANY and gone * SHARE >= notes


LEAST_MANY = 10
SHARE = 5
"""A fifth of the notes."""
