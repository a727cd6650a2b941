"""Rows of an archive in a scratch database: stored there, checked as a whole, read out again.

The constraints of the tables (uniqueness, checks, one chat that is open) are applied by inserting.
References and the order of talk are checked with what `verify` asks of the real database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from ttrpg_assistant.archives.store.campaign_rows import (
    BY_NAME,
    SHARED,
    TABLES,
    count_rows,
    key_of,
)
from ttrpg_assistant.campaigns import tables as world
from ttrpg_assistant.conversations import tables as talk
from ttrpg_assistant.pictures.reading import CleanPicture
from ttrpg_assistant.pictures.tables import pictures
from ttrpg_assistant.storage import import_tables as imported
from ttrpg_assistant.storage.content_files import Content
from ttrpg_assistant.suggestions import tables as proposals
from ttrpg_assistant.verification.row_checks import ROW_CHECKS

KEPT_OUTSIDE = frozenset({"speaker_npc_id", "audience_npc_id", "hearer_npc_id", "first_message_id"})
"""Ids that stay though no row of that id is there. Those of NPCs say who hears something: without
them a whisper would be heard by all. Where a summary begins is only compared with the messages
that lead to its end; one that is not among them means that it begins before the first."""

_LOOSE: tuple[tuple[str, Table], ...] = (
    ("branched_from_id", talk.messages),
    ("message_id", talk.messages),
    ("npc_id", world.npcs),
    ("suggestion_id", proposals.suggestions),
    ("wizard_id", proposals.wizards),
)
"""What a column without a foreign key points at, by how its name ends."""


class Unstorable(Exception):
    """Rows of this table that it does not take: doubled, or against one of its checks."""


def stage_rows(scratch: Connection, table_name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Put rows in. Raises `Unstorable`; then the scratch database is of no more use."""
    try:
        if rows:
            scratch.execute(BY_NAME[table_name].insert(), list(rows))
    except (DBAPIError, OverflowError, UnicodeError):
        raise Unstorable(table_name) from None


def index_talk(scratch: Connection) -> None:
    """What the checks need to be quick."""
    scratch.exec_driver_sql("CREATE INDEX ix_scratch_turns ON turns (assistant_message_id, state)")
    scratch.exec_driver_sql("ANALYZE")


def find_stranger(scratch: Connection) -> str | None:
    """The table of a reference that leads out of the archive and may not be empty."""
    for column, leads_out in _list_references():
        if _is_needed(column):
            wanted = select(column).where(leads_out).limit(1)
            if scratch.execute(wanted).first() is not None:
                return column.table.name
    return None


def drop_links_outside(scratch: Connection) -> int:
    """Empty every reference that leads out of the archive and may be empty; how many did.

    Raises `Unstorable` where a row may not be without it, as who knows a fact may not.
    """
    dropped = 0
    for column, leads_out in _list_references():
        if not _is_needed(column):
            emptied = update(column.table).where(leads_out).values({column.name: None})
            try:
                dropped += scratch.execute(emptied).rowcount
            except DBAPIError:
                raise Unstorable(column.table.name) from None
    return dropped


def _list_references() -> list[tuple[Column[Any], ColumnElement[bool]]]:
    """Every column that refers to a row of a campaign, and when it leads out of the archive."""
    found: list[tuple[Column[Any], ColumnElement[bool]]] = []
    for table in TABLES:
        for column in table.columns:
            target = _target_of(column)
            if target is not None and column.name not in KEPT_OUTSIDE:
                other = target.alias("other")
                is_there = exists().where(other.c.id == column)
                found.append((column, and_(column.is_not(None), ~is_there)))
    return found


def _is_needed(column: Column[Any]) -> bool:
    return column.primary_key or not column.nullable


def _target_of(column: Column[Any]) -> Table | None:
    for key in column.foreign_keys:
        target: Table = key.column.table
        return target
    for ending, table in _LOOSE:
        if column.name.endswith(ending):
            return table
    return None


def find_problem(scratch: Connection, campaign_id: str) -> str | None:
    """A sentence about the first thing that is wrong with the rows as a whole."""
    for check in ROW_CHECKS:
        for problem in check.find(scratch):
            return (
                f"{problem.place.split()[0]}: {problem.sentence[:1].lower()}{problem.sentence[1:]}"
            )
    owned = count_rows(scratch, campaign_id)
    for table in TABLES:
        if owned[table.name] != _count(scratch, table):
            return f"{table.name} holds what is not of this campaign"
    if _find_foreign_tip(scratch):
        return "a conversation goes on from a message of other talk"
    return None


def _find_foreign_tip(scratch: Connection) -> bool:
    """Whether a tip is in talk that its conversation does not branch from."""
    c, m = talk.conversations.c, talk.messages.c
    tips = select(c.id, m.conversation_id).join(talk.messages, m.id == c.tip_message_id)
    branches = dict(
        scratch.execute(
            select(c.id, m.conversation_id).join(talk.messages, m.id == c.branched_from_id)
        ).all()
    )
    for own, stands_in in scratch.execute(tips.where(m.conversation_id != c.id)).all():
        at, steps = branches.get(own), 0
        while at is not None and at != stands_in and steps <= len(branches):
            at, steps = branches.get(at), steps + 1
        if at != stands_in:
            return True
    return False


def _count(scratch: Connection, table: Table) -> int:
    return int(scratch.execute(select(func.count()).select_from(table)).scalar_one())


def list_picture_rows(scratch: Connection) -> list[CleanPicture]:
    """What the rows say of each picture's file."""
    c = pictures.c
    rows = scratch.execute(select(c.sha256, c.media_type, c.width, c.height, c.bytes).distinct())
    return [CleanPicture(Content(row[0], row[1]), *row[2:]) for row in rows]


def list_imported_hashes(scratch: Connection) -> list[str]:
    """What names the files that were imported."""
    column = imported.imported_files.c.sha256
    return list(scratch.execute(select(column).distinct().order_by(column)).scalars())


def forget_imported(scratch: Connection, hashes: Sequence[str]) -> None:
    """Drop the rows of these files; what came from them stays."""
    files, sources = imported.imported_files, imported.import_sources
    for sha256 in hashes:
        ids = select(files.c.id).where(files.c.sha256 == sha256)
        scratch.execute(update(sources).where(sources.c.file_id.in_(ids)).values(file_id=None))
        scratch.execute(delete(files).where(files.c.sha256 == sha256))


def list_ids(scratch: Connection, table_name: str) -> list[str]:
    """The ids of a table's rows; none for a table whose rows have other keys."""
    table = BY_NAME[table_name]
    if "id" not in table.c:
        return []
    return list(scratch.execute(select(table.c.id)).scalars())


def get_name(scratch: Connection) -> str:
    """What the one campaign in there is called."""
    return str(scratch.execute(select(world.campaigns.c.name)).scalar_one())


def list_own_ids(scratch: Connection) -> set[str]:
    """Every id that is the campaign's own, and for which a copy gets new ones."""
    return {
        id for table in TABLES if table.name not in SHARED for id in list_ids(scratch, table.name)
    }


def iterate_staged(
    scratch: Connection, table_name: str, page: int = 200
) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table, a page at a time: parents mostly before children."""
    table = BY_NAME[table_name]
    if table is talk.messages:
        order = [table.c.created_at, table.c.seq, table.c.id]
    else:
        order = [table.c[name] for name in key_of(table)]
    found = scratch.execute(select(table).order_by(*order)).mappings()
    while rows := found.fetchmany(page):
        yield [dict(row) for row in rows]
