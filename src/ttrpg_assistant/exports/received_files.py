"""The card that an NPC was imported from, and what became of the facts of its book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.store.knowledge import get_fact
from ttrpg_assistant.errors import Fault, NotFound
from ttrpg_assistant.exports.received_cards import Received
from ttrpg_assistant.imports.books import name_entry, without_decorators
from ttrpg_assistant.imports.card_files import CARD, find_card
from ttrpg_assistant.imports.formats import character_card
from ttrpg_assistant.imports.kept_files import KeptFiles
from ttrpg_assistant.imports.macros import plain
from ttrpg_assistant.imports.model import SourceFile
from ttrpg_assistant.imports.recognising import read_beginning
from ttrpg_assistant.imports.store.sources import Source, find_by_source_ids
from ttrpg_assistant.imports.unpacking import Unpacking, is_zip

OTHER_FILE_BYTES = 32 * 1024**2
OTHER_BYTES = 128 * 1024**2
"""Of the other files of a CHARX, each and together."""


def find_received(tx: Connection, source: Source | None, files: KeptFiles) -> Received | None:
    """The card behind a source and what was changed since; None where there is none."""
    if source is None or source.format != character_card.NAME:
        return None
    card = source.kept.get("card")
    if not isinstance(card, dict):
        card = _read_again(source, files)
    if card is None:
        return None
    entries: dict[int, str] = {}
    removed: set[int] = set()
    facts: set[str] = set()
    places = _list_places(card)
    found = find_by_source_ids(tx, source.campaign_id or "", places)
    for source_id, at in places.items():
        own = [one for one in found.get(source_id, ()) if one.kind == "fact"]
        if not own:
            continue
        before = str(own[0].base.get("text") or "")
        try:
            fact = get_fact(tx, own[0].entity_id)
        except NotFound:
            removed.add(at)
            continue
        facts.add(fact.id)
        if fact.text != before:
            entries[at] = _spell_entry(card, at, fact.text, before)
    return Received(card, source.base, entries, frozenset(removed), frozenset(facts))


def list_other_files(source: Source | None, files: KeptFiles) -> dict[str, bytes]:
    """The files beside the card in the CHARX that was received; none where it was no CHARX."""
    if source is None:
        return {}
    found: dict[str, bytes] = {}
    try:
        path = files.open_file(source)
        file = SourceFile(source.file_name, path, path.stat().st_size)
        if not is_zip(read_beginning(file)):
            return {}
        with Unpacking(path) as zipped:
            left = OTHER_BYTES
            for name in zipped.names:
                if name == CARD or left <= 0:
                    continue
                found[name] = zipped.read(name, min(left, OTHER_FILE_BYTES))
                left -= len(found[name])
    except Fault:
        return found
    return found


def _read_again(source: Source, files: KeptFiles) -> dict[str, Any] | None:
    """A card that was too large to be kept with the NPC, from its file."""
    try:
        path = files.open_file(source)
    except NotFound:
        return None
    file = SourceFile(source.file_name, path, path.stat().st_size)
    return find_card(file, read_beginning(file))


def _list_entries(card: Mapping[str, Any]) -> tuple[list[Any], str]:
    inner = character_card.card_fields(card)
    book = inner.get("character_book")
    if not isinstance(book, Mapping) or not isinstance(book.get("entries"), list):
        return [], ""
    name = " ".join(str(inner.get("name") or "").split()) or "Unnamed NPC"
    return book["entries"], str(book.get("name") or name)


def _list_places(card: Mapping[str, Any]) -> dict[str, int]:
    """Where each entry of the book stands, by what its fact says it came from."""
    entries, book = _list_entries(card)
    return {
        name_entry(book, entry, at): at
        for at, entry in enumerate(entries)
        if isinstance(entry, Mapping)
    }


def _spell_entry(card: Mapping[str, Any], at: int, text: str, before: str) -> str:
    """An entry's content for a fact that was changed: with the decorators at its head, and without
    the names that were put around it when it came."""
    entries, _ = _list_entries(card)
    name = str(character_card.card_fields(card).get("name") or "")
    content = str(entries[at].get("content") or "")
    told = without_decorators(content)
    head = content.removesuffix(told)
    begin, _, end = before.partition(plain(told, name).strip())
    if begin == before:
        return head + text
    return head + text.removeprefix(begin).removesuffix(end)
