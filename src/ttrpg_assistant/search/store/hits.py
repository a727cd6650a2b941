"""What was found, read: messages with where they stand, things of the world, branches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    column,
    select,
    table,
)

from ttrpg_assistant.campaigns.fields import list_fields
from ttrpg_assistant.campaigns.tables import campaigns, npcs
from ttrpg_assistant.conversations.store.paths import list_links
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.llm.readable import readable
from ttrpg_assistant.prompts.audience import is_gm_only
from ttrpg_assistant.prompts.entity_facts import FactLine
from ttrpg_assistant.search.model import TalkHit, Term, ThingHit
from ttrpg_assistant.search.snippets import make_snippet
from ttrpg_assistant.search.store import postgresql, reading, sqlite
from ttrpg_assistant.search.store.asking import Question
from ttrpg_assistant.storage.among import prepare_among, spell_among

STEPS = 1_000
"""Messages walked, over all hits of a page, to see which stand on the active path."""

_entries = table("search_entries", column("number", BigInteger), column("message_id"))
_things = table(
    "search_things",
    column("number", BigInteger),
    *map(column, ("kind", "thing_id", "campaign_id", "name", "is_archived")),
)
_m, _c = messages.c, conversations.c

_READ = (
    select(
        _entries.c.number,
        *(_m.id, _m.conversation_id, _c.kind, _m.seq, _m.role, _m.mode, _m.status),
        *(_m.created_at, _m.content, _c.tip_message_id, _c.title, _c.purpose),
        _c.archived_at.is_not(None),
        *(_c.campaign_id, campaigns.c.name, _c.npc_id, npcs.c.name, _c.game_session_id),
        *(_m.origin, _m.cleared_at),
    )
    .select_from(_entries)
    .join(messages, _m.id == _entries.c.message_id)
    .join(conversations, _c.id == _m.conversation_id)
    .outerjoin(campaigns, (campaigns.c.id == _c.campaign_id) & (campaigns.c.removed_at.is_(None)))
    .outerjoin(npcs, (npcs.c.id == _c.npc_id) & (npcs.c.removed_at.is_(None)))
    .where(_entries.c.number.in_(bindparam("numbers", expanding=True)))
)
_READ_THINGS = (
    select(
        *(_things.c.number, _things.c.kind, _things.c.thing_id, _things.c.campaign_id),
        *(campaigns.c.name, _things.c.name, _things.c.is_archived),
    )
    .select_from(_things)
    .join(campaigns, campaigns.c.id == _things.c.campaign_id)
    .where(_things.c.number.in_(bindparam("numbers", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Recollection:
    """A message that may bear on what is asked, as a prompt needs it."""

    message_id: str
    conversation_id: str
    seq: int
    role: str
    mode: str | None
    kind: str
    title: str | None
    purpose: str | None
    npc_name: str | None
    said_at: str
    content: str
    score: float
    is_imported: bool = False


def engine_of(tx: Connection) -> ModuleType:
    """The functions for the database at hand."""
    return postgresql if tx.dialect.name == "postgresql" else sqlite


def list_numbers(tx: Connection, question: Question) -> list[tuple[int, float]]:
    """Numbers and scores of the messages found, in the order asked for."""
    found: list[tuple[int, float]] | None = None
    if reading.can_read(question):
        found = reading.find_newest(tx, question)
    return engine_of(tx).list_numbers(tx, question) if found is None else found


def read_talk(tx: Connection, numbers: Sequence[int], terms: Sequence[Term]) -> list[TalkHit]:
    """The hits of these numbers, in their order. What is gone meanwhile is left out."""
    if not numbers:
        return []
    rows = {row[0]: row for row in tx.execute(_READ, {"numbers": list(numbers)})}
    paths = _find_active(tx, [rows[number] for number in numbers if number in rows])
    hits = []
    for number in numbers:
        if number not in rows:
            continue
        row = rows[number]
        hits.append(
            TalkHit(
                message_id=row[1],
                conversation_id=row[2],
                kind=row[3],
                seq=row[4],
                role=row[5],
                mode=row[6],
                status=row[7],
                said_at=row[8],
                snippet=make_snippet(readable(row[9]), terms),
                is_on_active_path=paths.get(row[1]),
                title=row[11],
                purpose=row[12],
                is_archived=bool(row[13]),
                campaign_id=row[14],
                campaign_name=row[15],
                npc_id=row[16],
                npc_name=row[17],
                game_session_id=row[18],
            )
        )
    return hits


def _find_active(tx: Connection, rows: Sequence[Sequence[object]]) -> dict[str, bool]:
    """For each message, whether it stands on its conversation's active path, while that can
    be found out in `STEPS` steps in all."""
    by_tip: dict[str, list[tuple[str, int]]] = {}
    for row in rows:
        if row[10] is not None:
            by_tip.setdefault(str(row[10]), []).append((str(row[1]), int(str(row[4]))))
    found: dict[str, bool] = {}
    left = STEPS
    for tip, wanted in by_tip.items():
        if left <= 0:
            break
        least = min(seq for _, seq in wanted)
        path = dict(list_links(tx, tip, down_to=least, most=left))
        is_whole = len(path) < left
        left -= len(path)
        reached = min(path.values(), default=0)
        for id, seq in wanted:
            if id in path:
                found[id] = True
            elif is_whole or seq >= reached:
                found[id] = False
    return found


def read_things(tx: Connection, question: Question) -> list[ThingHit]:
    """Things of the world that were found, best first."""
    numbers = [number for number, _ in engine_of(tx).list_thing_numbers(tx, question)]
    if not numbers:
        return []
    rows = {row[0]: row for row in tx.execute(_READ_THINGS, {"numbers": numbers})}
    found = []
    for row in (rows[number] for number in numbers if number in rows):
        _, kind, id, campaign_id, campaign, name, archived = row
        shown = _choose_field(list_fields(tx, kind, id), question.terms)
        found.append(
            ThingHit(
                kind,
                id,
                campaign_id,
                campaign,
                name,
                make_snippet(shown.value, question.terms),
                bool(archived),
                shown.label,
                is_gm_only(shown.audience),
            )
        )
    return found


def list_thing_ids(tx: Connection, numbers: Sequence[int]) -> list[str]:
    """The ids of the things with these numbers, in their order."""
    ids = dict(_THING_IDS.run(tx, spell_among(tx, numbers)))
    return [ids[number] for number in numbers if number in ids]


def _choose_field(fields: Sequence[FactLine], terms: Sequence[Term]) -> FactLine:
    """The field that holds most of what was looked for; where only the name does, the first that
    is not for the game master alone."""
    open_first = sorted(fields, key=lambda line: is_gm_only(line.audience))

    def count(line: FactLine) -> int:
        parts = make_snippet(line.value, terms)
        return len({part.text.lower() for part in parts if part.hit})

    return max(open_first, key=count, default=FactLine("", ""))


def _recollections(is_wanted: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            *(_entries.c.number, _m.id, _m.conversation_id, _m.seq, _m.role, _m.mode, _c.kind),
            *(_c.title, _c.purpose, npcs.c.name, _m.created_at, _m.content, _m.origin),
        )
        .select_from(_entries)
        .join(messages, _m.id == _entries.c.message_id)
        .join(conversations, _c.id == _m.conversation_id)
        .outerjoin(npcs, (npcs.c.id == _c.npc_id) & (npcs.c.removed_at.is_(None)))
        .where(is_wanted, _m.cleared_at.is_(None))
    )


_RECOLLECTIONS = prepare_among(lambda is_among: _recollections(is_among(_entries.c.number)))
_SAYINGS = prepare_among(
    lambda is_among: (
        select(
            *(_entries.c.number, _m.id, _m.conversation_id, _m.seq, _m.role, _m.mode),
            *(_m.created_at, _m.content, _m.origin),
        )
        .select_from(_entries)
        .join(messages, _m.id == _entries.c.message_id)
        .where(is_among(_entries.c.number), _m.cleared_at.is_(None))
    )
)
_THING_IDS = prepare_among(
    lambda is_among: select(_things.c.number, _things.c.thing_id).where(is_among(_things.c.number))
)


def read_recollections(tx: Connection, found: Sequence[tuple[int, float]]) -> list[Recollection]:
    """What a prompt needs of the messages with these numbers, without what was cleared."""
    if not found:
        return []
    given = spell_among(tx, (number for number, _ in found))
    rows = {row[0]: row for row in _RECOLLECTIONS.run(tx, given)}
    return [
        Recollection(
            message_id=row[1],
            conversation_id=row[2],
            seq=row[3],
            role=row[4],
            mode=row[5],
            kind=row[6],
            title=row[7],
            purpose=row[8],
            npc_name=row[9],
            said_at=row[10],
            content=row[11],
            score=score,
            is_imported=row[12] == "imported",
        )
        for number, score in found
        if (row := rows.get(number)) is not None
    ]


def read_sayings(tx: Connection, numbers: Sequence[int]) -> Sequence[Sequence[Any]]:
    """The messages with these numbers, without what was cleared, in no order: number, ID,
    conversation, place in it, role, mode, moment, text, origin."""
    return _SAYINGS.run(tx, spell_among(tx, numbers)) if numbers else []
