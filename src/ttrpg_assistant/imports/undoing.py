"""An import is taken back: what it made goes, what it changed is as before. What somebody has
changed since stays as it is, and is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from ttrpg_assistant.archives.imports import to_the_end
from ttrpg_assistant.archives.parts import in_parts
from ttrpg_assistant.campaigns.checks import check_prose
from ttrpg_assistant.campaigns.registry import KINDS, get_kind
from ttrpg_assistant.campaigns.store import edits, entities, knowledge, relations
from ttrpg_assistant.campaigns.store.entities import plain_values
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.imports.store import conversations, existing, sources
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
    undo = _UNDO.get(source.kind)
    try:
        return False if undo is None else undo(tx, source)
    except NotFound:
        return False  # It was removed since, or is of another campaign.


def _undo_thing(tx: Connection, source: Source) -> Left | bool:
    kind = get_kind(source.kind)
    current = existing.find_thing(tx, source.campaign_id, source.kind, source.entity_id)
    if current is None:
        return False
    if source.outcome == "new":
        if current.revision != source.revision:
            return Left(source.kind, current.id, str(getattr(current, kind.name_field)))
        entities.remove_entity(tx, kind, current.id)
        return True
    here = plain_values(current)
    left = Left(source.kind, current.id, str(getattr(current, kind.name_field)))
    back = {
        name: one.get("was")
        for name, one in source.before.items()
        if name in kind.fields and isinstance(one, dict) and here.get(name) == one.get("became")
    }
    try:
        # Checked again: a source may have come with an archive.
        back = kind.check_changes(back)
        with tx.begin_nested():
            edits.edit_entity(tx, kind, current.id, current.revision, back)
    except InvalidInput:
        return left  # What it pointed to is gone.
    return left if len(back) < len(source.before) else True


def _undo_fact(tx: Connection, source: Source) -> Left | bool:
    fact = knowledge.get_fact(tx, source.entity_id)
    _check_own(fact.campaign_id, source)
    if fact.revision != source.revision:
        return Left("fact", fact.id, cut_text(fact.text, TITLE_LENGTH))
    if source.outcome == "changed":
        was = source.before.get("text", {}).get("was")
        knowledge.edit_fact(tx, fact.id, fact.revision, text=check_prose("text", was))
        return True
    knowledge.mark_fact_removed(tx, fact.id, removed=True)
    return True


def _undo_relation(tx: Connection, source: Source) -> Left | bool:
    one = relations.get_relation(tx, source.entity_id)
    _check_own(one.campaign_id, source)
    if one.revision != source.revision:
        return Left("relation", one.id, f"{one.from_name} → {one.to_name}")
    relations.mark_relation_removed(tx, one.id, removed=True)
    return True


def _undo_picture(tx: Connection, source: Source) -> Left | bool:
    picture = pictures.get_picture(tx, source.entity_id)
    _check_own(picture.campaign_id, source)
    if picture.revision != source.revision:
        return Left("picture", picture.id, picture.caption)
    pictures.mark_removed(tx, picture.id)
    return True


def _undo_conversation(tx: Connection, source: Source) -> Left | bool:
    title = conversations.hide_untouched(
        tx, source.entity_id, campaign_id=source.campaign_id, messages=source.revision
    )
    return True if title is None else Left("conversation", source.entity_id, title)


def _check_own(campaign_id: str, source: Source) -> None:
    if campaign_id != source.campaign_id:
        raise NotFound("It is of another campaign.", facts={"id": source.entity_id})


_UNDO: Mapping[str, Callable[[Connection, Source], Left | bool]] = {
    "fact": _undo_fact,
    "relation": _undo_relation,
    "picture": _undo_picture,
    "conversation": _undo_conversation,
}
