"""A lorebook of the third version of character cards, alone in a JSON file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.books import read_entries
from ttrpg_assistant.imports.documents import begins_as_object, find_object
from ttrpg_assistant.imports.model import FoundFact, Note, Reading, SourceFile

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
        facts: list[FoundFact] = []
        kept: list[Note] = []
        ignored: list[Note] = []
        for file in files:
            book = _find_book(file)
            if book is None:
                raise InvalidInput("This lorebook is damaged.", code="import_damaged")
            own, more_kept, more_ignored = read_entries(
                book["entries"], book=str(book.get("name") or file.name), file_name=file.name
            )
            facts += own
            kept += more_kept
            kept += [
                Note(f"Book: {name}", "kept in the file, not used here")
                for name, value in book.items()
                if name not in ("entries", "name") and value not in (None, "", {}, [])
            ]
            ignored += more_ignored
        return Reading(
            format=NAME,
            facts=tuple(facts),
            used=(Note("Entries", "become facts for the game master", len(facts)),),
            kept=tuple(kept),
            ignored=tuple(ignored),
            keep_file=True,
        )


def _find_book(file: SourceFile) -> dict[str, Any] | None:
    found = find_object(file.path, file.size)
    if found is None or found.get("spec") != SPEC:
        return None
    book = found.get("data")
    return book if isinstance(book, dict) and isinstance(book.get("entries"), list) else None


FORMAT = LorebookFormat()
