"""Every row that belongs to a campaign, table by table, parents before children."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, ProgrammingError

from ttrpg_assistant.campaigns import tables as world
from ttrpg_assistant.conversations import tables as talk
from ttrpg_assistant.suggestions import tables as proposals

PAGE = 1_000

TABLES: tuple[Table, ...] = (
    world.campaigns,
    world.game_sessions,
    world.locations,
    world.npcs,
    world.plot_points,
    world.known_facts,
    world.fact_audience,
    world.session_notes,
    world.session_events,
    world.entity_sources,
    world.entity_edits,
    talk.voices,
    talk.conversations,
    talk.scene_members,
    talk.messages,
    talk.turns,
    talk.reasonings,
    talk.summaries,
    proposals.wizards,
    proposals.suggestions,
    proposals.citations,
    proposals.reading_notes,
    proposals.drafts,
    proposals.draft_status_log,
    proposals.acceptance_events,
)
"""What an archive holds, in the order it is read back."""

SHARED = frozenset({"voices"})
"""What several campaigns may use: it keeps its ids, and a row that is there already stays as it
is. Only rows with ids of their own are taken along, not what comes with the program."""

LEFT_OUT = frozenset(
    {"learned_models", "model_settings", "persistence_probe", "preferences", "removals"}
)
"""What belongs to an installation and not to a campaign."""

BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}
_ENTITIES = (
    world.campaigns,
    world.game_sessions,
    world.locations,
    world.npcs,
    world.plot_points,
)


def _ids(table: Table, campaign_id: str) -> Select[Any]:
    return select(table.c.id).where(_scope(table, campaign_id))


def _scope(table: Table, campaign_id: str) -> ColumnElement[bool]:
    """What makes a row of this table one of the campaign's."""
    c = table.c
    if table is world.campaigns:
        return c.id == campaign_id
    if table in (world.entity_sources, world.entity_edits):
        return c.entity_id.in_(union_all(*(_ids(one, campaign_id) for one in _ENTITIES)))
    if table is talk.voices:
        used = select(talk.conversations.c.personality).where(
            _scope(talk.conversations, campaign_id)
        )
        return and_(c.id.in_(used), func.length(c.id) == 36, c.removed_at.is_(None))
    if table is talk.reasonings:
        return c.turn_id.in_(_ids(talk.turns, campaign_id))
    if table is world.fact_audience:
        return c.fact_id.in_(_ids(world.known_facts, campaign_id))
    if table in (proposals.citations, proposals.reading_notes):
        return c.message_id.in_(_ids(talk.messages, campaign_id))
    if table is proposals.suggestions:
        return c.conversation_id.in_(_ids(talk.conversations, campaign_id))
    if table is proposals.drafts:
        return or_(
            c.suggestion_id.in_(_ids(proposals.suggestions, campaign_id)),
            c.campaign_id == campaign_id,
        )
    if table is proposals.draft_status_log:
        return c.draft_id.in_(_ids(proposals.drafts, campaign_id))
    if table is proposals.acceptance_events:
        return or_(
            c.suggestion_id.in_(_ids(proposals.suggestions, campaign_id)),
            c.draft_id.in_(_ids(proposals.drafts, campaign_id)),
        )
    if "campaign_id" in c:
        return c.campaign_id == campaign_id
    return c.conversation_id.in_(_ids(talk.conversations, campaign_id))


def key_of(table: Table) -> tuple[str, ...]:
    """The columns that name a row."""
    return tuple(column.name for column in table.primary_key)


def iterate_rows(tx: Connection, table: Table, campaign_id: str) -> Iterator[dict[str, Any]]:
    """The campaign's rows of a table, by key, a page in memory at a time."""
    key = [table.c[name] for name in key_of(table)]
    scope = _scope(table, campaign_id)
    if len(key) > 1:
        for row in tx.execute(select(table).where(scope).order_by(*key)).mappings():
            yield dict(row)
        return
    # Names first: whole rows asked for in order, page by page, are sorted anew for each page.
    names = tx.execute(select(key[0]).where(scope).order_by(key[0])).scalars().all()
    page = select(table).where(key[0].in_(bindparam("names", expanding=True))).order_by(key[0])
    for start in range(0, len(names), PAGE):
        for row in tx.execute(page, {"names": names[start : start + PAGE]}).mappings():
            yield dict(row)


def find_taken(tx: Connection, table: Table, ids: Sequence[str]) -> bool:
    """Whether any of these ids is used already."""
    found = tx.execute(select(table.c.id).where(table.c.id.in_(ids)).limit(1)).first()
    return found is not None


def list_taken(tx: Connection, table: Table, ids: Sequence[str]) -> set[str]:
    """Which of these ids are used already."""
    return set(tx.execute(select(table.c.id).where(table.c.id.in_(ids))).scalars())


def has_active_chat(tx: Connection) -> bool:
    """Whether a chat is open already: there can be one."""
    c = talk.conversations.c
    wanted = (c.kind == "chat", c.archived_at.is_(None), c.removed_at.is_(None))
    return tx.execute(select(literal_column("1")).where(*wanted).limit(1)).first() is not None


class Unstorable(Exception):
    """A row that the database does not take: doubled, without a value, or with one that is none."""


def add_rows(tx: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert rows as they are; references to rows of the same table are put in afterwards by
    `link_rows`, because a child may come before its parent. Raises `Unstorable`; then the
    transaction cannot go on."""
    own = own_references(table)
    added = 0
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append({**row, **dict.fromkeys(own)})
        if len(batch) == PAGE:
            _insert(tx, table, batch)
            added, batch = added + len(batch), []
    if batch:
        _insert(tx, table, batch)
    return added + len(batch)


def _insert(tx: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    try:
        tx.execute(table.insert(), rows)
    except (IntegrityError, DataError, InterfaceError, ProgrammingError) as error:
        raise Unstorable(table.name) from error


def own_references(table: Table) -> tuple[str, ...]:
    """Columns that point at rows of the same table."""
    return tuple(key.parent.name for key in table.foreign_keys if key.column.table is table)


def link_rows(tx: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put in the references that `add_rows` left out."""
    own = own_references(table)
    batch: list[dict[str, Any]] = []
    change = (
        table.update()
        .where(table.c.id == bindparam("row_id"))
        .values({name: bindparam(f"to_{name}") for name in own})
    )
    for row in rows:
        if any(row[name] is not None for name in own):
            batch.append({"row_id": row["id"], **{f"to_{name}": row[name] for name in own}})
        if len(batch) == PAGE:
            tx.execute(change, batch)
            batch = []
    if batch:
        tx.execute(change, batch)


def count_rows(tx: Connection, campaign_id: str) -> dict[str, int]:
    """How many rows of each table are the campaign's."""
    return {
        table.name: tx.execute(
            select(func.count()).select_from(table).where(_scope(table, campaign_id))
        ).scalar_one()
        for table in TABLES
    }
