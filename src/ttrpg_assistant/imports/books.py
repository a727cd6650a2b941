"""The entries of lorebooks: of character cards, of their third version alone, and of SillyTavern.

An entry becomes a fact for the game master. When it is to be said, how deep, how likely: there is
nothing like it here, so it is kept for exports and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.imports.documents import kept_json
from ttrpg_assistant.imports.macros import plain
from ttrpg_assistant.imports.model import FoundFact, FoundThing, Note, Reading
from ttrpg_assistant.imports.own_entries import read_own_fact, read_own_thing

NAMES = 30
NAME_CHARACTERS = 200
_DECORATOR = re.compile(r"@@@?[A-Za-z_][^\n]*\n?")
_PATTERN = re.compile(r"/.*/[a-z]*\Z", re.DOTALL)

USED = ("keys", "key", "content", "name", "comment")
"""What of an entry becomes part of a fact."""


@dataclass(frozen=True, slots=True)
class Book:
    """A lorebook that is a file of its own. `kept` says what of it stays in the file."""

    name: str
    entries: Iterable[Any]
    file_name: str
    kept: tuple[Note, ...] = ()


def read_books(format: str, books: Iterable[Book]) -> Reading:
    """The entries of these books as facts."""
    facts: list[FoundFact] = []
    things: list[FoundThing] = []
    kept: list[Note] = []
    ignored: list[Note] = []
    for book in books:
        entries = list(_cut_own_things(book, things))
        own, more_kept, more_ignored = read_entries(
            entries, book=book.name, file_name=book.file_name
        )
        facts += own
        kept += [*more_kept, *book.kept]
        ignored += more_ignored
    return Reading(
        format=format,
        things=tuple(things),
        facts=tuple(facts),
        used=(
            *([Note("Entries of this program", "become things", len(things))] if things else []),
            *([Note("Entries", "become facts for the game master", len(facts))] if facts else []),
        ),
        kept=tuple(kept),
        ignored=tuple(ignored),
        keep_file=True,
    )


def _cut_own_things(book: Book, things: list[FoundThing]) -> Iterator[Any]:
    """The entries but for things that an export of ours wrote, which are added to the others."""
    for number, entry in enumerate(book.entries):
        own = None
        if isinstance(entry, Mapping):
            own = read_own_thing(entry, f"{book.file_name}#{number}", book.file_name)
        if own is None:
            yield entry
        else:
            things.append(own)


def read_entries(
    entries: Iterable[Any],
    *,
    book: str,
    character: str = "",
    about: str = "",
    file_name: str = "",
) -> tuple[list[FoundFact], list[Note], list[Note]]:
    """The facts of a book's entries, what of them is kept, and what is ignored. `about` is the key
    of the character that the book belongs to: what an entry of their name says is about them."""
    facts: list[FoundFact] = []
    kept: list[Note] = []
    ignored: list[Note] = []
    for number, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            ignored.append(Note("Entry", "not an entry of a lorebook"))
            continue
        fact = read_own_fact(entry) or _read_entry(entry, number, book, character, about, file_name)
        if fact is None:
            ignored.append(Note("Entry without text", "there is nothing to tell"))
            continue
        is_off = entry.get("enabled") is False or entry.get("disable") is True
        if is_off:
            kept.append(Note("Entry that is switched off", "imported; it counts here"))
        facts.append(fact)
        others = [name for name, value in entry.items() if name not in USED and value not in _BLANK]
        kept += [Note(f"Entry: {name}", "kept for export, not used here") for name in others]
    return facts, kept, ignored


_BLANK: Sequence[Any] = (None, "", [], {}, False, 0)


def _read_entry(
    entry: Mapping[str, Any], number: int, book: str, character: str, about: str, file_name: str
) -> FoundFact | None:
    content = entry.get("content")
    text = plain(without_decorators(content), character).strip() if isinstance(content, str) else ""
    if not text:
        return None
    keys = [plain(one, character).strip() for one in list_keys(entry)]
    words = [one for one in keys if one and _PATTERN.match(one) is None]
    given = entry.get("name") or entry.get("comment")
    title = given.strip() if isinstance(given, str) else ""
    title = cut_text(title or (words[0] if words else ""), NAME_CHARACTERS)
    is_own = bool(character) and character.lower() in (title.lower(), *(w.lower() for w in words))
    return FoundFact(
        text=_with_title(text, title),
        about=(about,) if about and is_own else (),
        source_id=name_entry(book, entry, number),
        kept=kept_json({"entry": dict(entry), "book": book}),
        title=title,
        names=tuple(cut_text(one, NAME_CHARACTERS) for one in words if one != title)[:NAMES],
        file_name=file_name,
    )


def name_entry(book: str, entry: Mapping[str, Any], number: int) -> str:
    """What an entry is found again by: its book, and its own id or else its place in it."""
    id = entry.get("id", entry.get("uid", number))
    return f"{book[:100]}#{str(id)[:60]}" if book else ""


def _with_title(text: str, title: str) -> str:
    """The text, found by the entry's title too."""
    return text if not title or title.lower() in text.lower() else f"{title}: {text}"


def list_keys(entry: Mapping[str, Any]) -> list[str]:
    """The words that call an entry, as both kinds of book spell them."""
    found = entry.get("keys", entry.get("key"))
    if isinstance(found, str):
        found = found.split(",")
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def without_decorators(content: str) -> str:
    """The text of an entry without the `@@` lines at its beginning."""
    at = 0
    while (found := _DECORATOR.match(content, at)) is not None:
        at = found.end()
    return content[at:]
