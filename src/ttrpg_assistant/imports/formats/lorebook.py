"""A lorebook of the third version of character cards, alone in a JSON file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.books import Book, read_books
from ttrpg_assistant.imports.documents import begins_as_object, find_object
from ttrpg_assistant.imports.model import Note, Reading, SourceFile

NAME = "lorebook"
SPEC = "lorebook_v3"


class LorebookFormat:
    """`{"spec": "lorebook_v3", "data": {"entries": [...]}}`."""

    name = NAME
    label = "Lorebook"
    rank = 20

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether each file says so."""
        if not begins_as_object(beginning):
            return False
        return all(_find_book(one) is not None for one in files)

    def read(self, files: Sequence[SourceFile]) -> Reading:
        """The entries as facts."""
        return read_books(NAME, map(_read_book, files))


def _read_book(file: SourceFile) -> Book:
    book = _find_book(file)
    if book is None:
        raise InvalidInput("This lorebook is damaged.", code="import_damaged")
    others = [
        Note(f"Book: {name}", "kept in the file, not used here")
        for name, value in book.items()
        if name not in ("entries", "name") and value not in (None, "", {}, [])
    ]
    return Book(str(book.get("name") or file.name), book["entries"], file.name, tuple(others))


def _find_book(file: SourceFile) -> dict[str, Any] | None:
    found = find_object(file.path, file.size)
    if found is None or found.get("spec") != SPEC:
        return None
    book = found.get("data")
    return book if isinstance(book, dict) and isinstance(book.get("entries"), list) else None


FORMAT = LorebookFormat()
