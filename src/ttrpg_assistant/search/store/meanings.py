"""Rows of `search_meanings`: the vectors of passages, and what stands where they were found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, column, delete, func, select, table

from ttrpg_assistant.campaigns.tables import npcs
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.search.model import Filters
from ttrpg_assistant.search.store.asking import is_no_other_rehearsal
from ttrpg_assistant.search.store.hits import Recollection
from ttrpg_assistant.storage.preferences import find_preference, put_preference

IS_ON = "find_by_meaning"
_THROUGH = "meanings_through"
_BEHIND = 1_000
"""PostgreSQL numbers entries before they are committed: the last ones are looked at again."""

_entries = table("search_entries", column("number"), column("message_id"))
_rows = table("search_meanings", *map(column, ("number", "message_id", "part", "vector")))
_m, _c = messages.c, conversations.c


def is_on(tx: Connection) -> bool:
    """Whether somebody has turned finding by meaning on."""
    return find_preference(tx, IS_ON) is True


def turn(tx: Connection, on: bool) -> None:
    """Turn it on or off; off takes what was computed away."""
    put_preference(tx, IS_ON, on)
    if not on:
        tx.execute(delete(_rows))
        put_preference(tx, _THROUGH, 0)


def count_waiting(tx: Connection) -> int:
    """How many messages have no vectors yet, about."""
    newest = tx.execute(select(func.max(_entries.c.number))).scalar() or 0
    return max(0, newest - _find_through(tx))


def list_waiting(tx: Connection, limit: int) -> list[tuple[int, str, str]]:
    """Number, id and text of the next messages without vectors, in the order of the index."""
    after = _find_through(tx) - (_BEHIND if tx.dialect.name == "postgresql" else 0)
    there = select(_rows.c.number).where(_rows.c.message_id == _entries.c.message_id).exists()
    rows = tx.execute(
        select(_entries.c.number, _m.id, _m.content)
        .join(messages, _m.id == _entries.c.message_id)
        .where(_entries.c.number > after, ~there)
        .order_by(_entries.c.number)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def put_vectors(
    tx: Connection, made: Iterable[tuple[str, int, bytes]], through: int | None
) -> None:
    """Store vectors of messages, by message and part; `through` is the last number done.

    Those whose message has gone meanwhile are left out.
    """
    rows = [{"message_id": id, "part": part, "vector": one} for id, part, one in made]
    ids = {row["message_id"] for row in rows}
    there = set(tx.execute(select(_m.id).where(_m.id.in_(ids))).scalars()) if ids else set()
    rows = [row for row in rows if row["message_id"] in there]
    if rows:
        tx.execute(delete(_rows).where(_rows.c.message_id.in_(there)))
        tx.execute(_rows.insert(), rows)
    if through is not None and through > _find_through(tx):
        put_preference(tx, _THROUGH, through)


def list_vectors(
    tx: Connection, after: int, limit: int
) -> list[tuple[int, str, int, str, str | None, bytes]]:
    """Number, message, part, conversation, mode and vector of rows added after a number."""
    rows = tx.execute(
        select(
            _rows.c.number,
            _rows.c.message_id,
            _rows.c.part,
            _m.conversation_id,
            _m.mode,
            _rows.c.vector,
        )
        .join(messages, _m.id == _rows.c.message_id)
        .where(_rows.c.number > after)
        .order_by(_rows.c.number)
        .limit(limit)
    )
    return [(row[0], row[1], row[2], row[3], row[4], bytes(row[5])) for row in rows]


def find_newest(tx: Connection) -> int:
    """The highest number there is; 0 when there are no vectors."""
    return tx.execute(select(func.max(_rows.c.number))).scalar() or 0


def list_allowed(tx: Connection, filters: Filters) -> list[str]:
    """The conversations whose talk passes the filters."""
    return list(tx.execute(select(_c.id).where(*list_conditions(filters))).scalars())


def read_recollections(
    tx: Connection, message_ids: Sequence[str], filters: Filters
) -> dict[str, Recollection]:
    """What a prompt needs of these messages, by id: those that are still there and pass the
    filters, exactly as a search by words has it."""
    query = (
        select(
            *(_m.id, _m.conversation_id, _m.seq, _m.role, _m.mode, _c.kind, _c.title),
            *(npcs.c.name, _m.created_at, _m.content, _c.purpose),
        )
        .join(conversations, _c.id == _m.conversation_id)
        .outerjoin(npcs, (npcs.c.id == _c.npc_id) & (npcs.c.removed_at.is_(None)))
        .where(
            _m.id.in_(bindparam("ids", expanding=True)),
            _m.cleared_at.is_(None),
            _m.status != "streaming",
            *list_conditions(filters),
            *([_m.mode == filters.mode] if filters.mode is not None else []),
        )
    )
    rows = tx.execute(query, {"ids": list(message_ids)})
    return {
        row[0]: Recollection(
            message_id=row[0],
            conversation_id=row[1],
            seq=row[2],
            role=row[3],
            mode=row[4],
            kind=row[5],
            title=row[6],
            purpose=row[10],
            npc_name=row[7],
            said_at=row[8],
            content=row[9],
            score=0.0,
        )
        for row in rows
    }


def list_conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions on a conversation whose talk passes the filters."""
    wanted: list[ColumnElement[bool]] = [_c.removed_at.is_(None)]
    if not filters.with_archived:
        wanted.append(_c.archived_at.is_(None))
    for named, value in (
        (_c.campaign_id, filters.campaign_id),
        (_c.kind, filters.kind),
        (_c.npc_id, filters.npc_id),
    ):
        if value is not None:
            wanted.append(named == value)
    if filters.only_rehearsal is not None:
        wanted.append(is_no_other_rehearsal(filters.only_rehearsal))
    if filters.unlinked:
        wanted.append(_c.campaign_id.is_(None))
    return wanted


def _find_through(tx: Connection) -> int:
    found = find_preference(tx, _THROUGH)
    return found if isinstance(found, int) else 0
