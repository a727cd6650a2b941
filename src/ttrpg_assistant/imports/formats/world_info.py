"""World info as SillyTavern keeps it: a JSON object whose `entries` are objects by their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.books import Book, read_books
from ttrpg_assistant.imports.documents import begins_as_object, find_object
from ttrpg_assistant.imports.model import Reading, SourceFile

NAME = "world_info"


class WorldInfoFormat:
    """`{"entries": {"0": {"uid": 0, "key": [...], "content": "..."}}}`."""

    name = NAME
    label = "World info"
    rank = 25

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether each file has such entries."""
        if not begins_as_object(beginning) or b'"entries"' not in beginning:
            return False
        return all(_find_entries(one) is not None for one in files)

    def read(self, files: Sequence[SourceFile]) -> Reading:
        """The entries as facts."""
        return read_books(NAME, map(_read_book, files))


def _read_book(file: SourceFile) -> Book:
    entries = _find_entries(file)
    if entries is None:
        raise InvalidInput("This world info is damaged.", code="import_damaged")
    return Book(file.name.rsplit("/", 1)[-1].removesuffix(".json"), entries, file.name)


def _find_entries(file: SourceFile) -> list[Any] | None:
    found = find_object(file.path, file.size)
    entries = None if found is None else found.get("entries")
    if isinstance(entries, list):  # a book cut out of a character card
        return entries if all(_is_entry(one) for one in entries) else None
    if not isinstance(entries, dict) or not all(map(_is_entry, entries.values())):
        return None
    return list(entries.values())


def _is_entry(one: Any) -> bool:
    return isinstance(one, dict) and "content" in one and ("key" in one or "keys" in one)


FORMAT = WorldInfoFormat()
