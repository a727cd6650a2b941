"""An import is taken back: what it made goes, what it changed is as before. What somebody has
changed since stays as it is, and is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.archives.imports import to_the_end
from ttrpg_assistant.archives.parts import in_parts
from ttrpg_assistant.campaigns.registry import KINDS, get_kind
from ttrpg_assistant.campaigns.store import edits, entities, knowledge, relations
from ttrpg_assistant.campaigns.store.entities import plain_values
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.imports.store import conversations, sources
from ttrpg_assistant.imports.store.sources import Source
from ttrpg_assistant.pictures import store as pictures
from ttrpg_assistant.storage.database import Database

SLICE = 50
TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Left:
    """What was not taken back, because it was changed since the import."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an import did. `left` was changed since, and stays as it is."""

    import_id: str
    removed: int
    put_back: int
    left: tuple[Left, ...]


async def undo_sources(database: Database, import_id: str) -> Undone:
    """Take back everything that came with an import, a slice at a time. Repeating it goes on."""
    every = await database.read(partial(sources.list_of_import, import_id=import_id))
    removed = put_back = 0
    left: list[Left] = []
    for part in in_parts(every, SLICE):
        done, _ = await to_the_end(database.write(partial(_undo_part, part=part)))
        removed += done[0]
        put_back += done[1]
        left += done[2]
    return Undone(import_id, removed, put_back, tuple(left))


def _undo_part(tx: Connection, part: Sequence[Source]) -> tuple[int, int, list[Left]]:
    removed = put_back = 0
    left: list[Left] = []
    gone: list[str] = []
    for source in part:
        found = _undo(tx, source)
        if isinstance(found, Left):
            left.append(found)
            continue
        gone.append(source.id)
        removed += found and source.outcome == "new"
        put_back += found and source.outcome == "changed"
    sources.drop_sources(tx, gone)
    return removed, put_back, left


def _undo(tx: Connection, source: Source) -> Left | bool:
    """Take back what one source speaks of; whether there was anything to do."""
    if source.outcome == "same":
        return False
    if source.kind in KINDS:
        return _undo_thing(tx, source)
    undo = {
        "fact": _undo_fact,
        "relation": _undo_relation,
        "picture": _undo_picture,
        "conversation": _undo_conversation,
    }[source.kind]
    try:
        return undo(tx, source)
    except NotFound:
        return False  # It was removed since.


def _undo_thing(tx: Connection, source: Source) -> Left | bool:
    kind = get_kind(source.kind)
    current: Any = entities.find_entity(tx, kind, source.entity_id)
    if current is None:
        return False
    if source.outcome == "new":
        if current.revision != source.revision:
            return Left(source.kind, current.id, str(getattr(current, kind.name_field)))
        entities.remove_entity(tx, kind, current.id)
        return True
    here = plain_values(current)
    back = {
        name: one["was"]
        for name, one in source.before.items()
        if here.get(name) == one["became"] and name in kind.fields
    }
    if back:
        edits.edit_entity(tx, kind, current.id, current.revision, back)
    if len(back) < len(source.before):
        return Left(source.kind, current.id, str(getattr(current, kind.name_field)))
    return True


def _undo_fact(tx: Connection, source: Source) -> Left | bool:
    fact = knowledge.get_fact(tx, source.entity_id)
    if fact.revision != source.revision:
        return Left("fact", fact.id, cut_text(fact.text, TITLE_LENGTH))
    if source.outcome == "changed":
        knowledge.edit_fact(tx, fact.id, fact.revision, text=source.before["text"]["was"])
        return True
    knowledge.mark_fact_removed(tx, fact.id, removed=True)
    return True


def _undo_relation(tx: Connection, source: Source) -> Left | bool:
    one = relations.get_relation(tx, source.entity_id)
    if one.revision != source.revision:
        return Left("relation", one.id, f"{one.from_name} → {one.to_name}")
    relations.mark_relation_removed(tx, one.id, removed=True)
    return True


def _undo_picture(tx: Connection, source: Source) -> Left | bool:
    picture = pictures.get_picture(tx, source.entity_id)
    if picture.revision != source.revision:
        return Left("picture", picture.id, picture.caption)
    pictures.mark_removed(tx, picture.id)
    return True


def _undo_conversation(tx: Connection, source: Source) -> Left | bool:
    title = conversations.hide_untouched(tx, source.entity_id, messages=source.revision)
    return True if title is None else Left("conversation", source.entity_id, title)
