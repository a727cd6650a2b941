"""Every row that belongs to a campaign, table by table, parents before children."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    union_all,
)

from ttrpg_assistant.campaigns import tables as world
from ttrpg_assistant.continuity.tables import continuity_marks
from ttrpg_assistant.conversations import tables as talk
from ttrpg_assistant.pictures.tables import pictures
from ttrpg_assistant.reviews import tables as reviewed
from ttrpg_assistant.storage import import_tables as imported
from ttrpg_assistant.suggestions import tables as proposals

PAGE = 1_000

TABLES: tuple[Table, ...] = (
    world.campaigns,
    world.game_sessions,
    world.locations,
    world.npcs,
    world.plot_points,
    world.things,
    world.relations,
    world.known_facts,
    world.fact_audience,
    world.session_notes,
    world.session_events,
    world.entity_sources,
    world.entity_edits,
    pictures,
    talk.voices,
    talk.conversations,
    talk.scene_members,
    talk.messages,
    talk.turns,
    talk.reasonings,
    talk.summaries,
    continuity_marks,
    proposals.wizards,
    proposals.suggestions,
    proposals.citations,
    proposals.reading_notes,
    proposals.drafts,
    proposals.draft_status_log,
    proposals.acceptance_events,
    reviewed.transcript_reviews,
    reviewed.transcript_parts,
    imported.file_imports,
    imported.imported_files,
    imported.import_sources,
)
"""What an archive holds, in the order it is read back."""

SHARED = frozenset({"voices"})
"""What several campaigns may use: it keeps its ids, and a row that is there already stays as it
is. Only rows with ids of their own are taken along, not what comes with the program."""

LEFT_OUT = frozenset(
    {
        "access_tokens",
        "asked_beside",
        "changes",
        "continuity_findings",
        "continuity_looks",
        "continuity_parts",
        "credentials",
        "learned_models",
        "model_settings",
        "persistence_probe",
        "preferences",
        "removals",
        "servers",
        "vault_links",
        "vault_notes",
    }
)
"""What belongs to an installation and not to a campaign, and what a model says of what is open in
one: it is asked again."""

TABLE_NAMES = tuple(table.name for table in TABLES)
BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}
_ENTITIES = (
    world.campaigns,
    world.game_sessions,
    world.locations,
    world.npcs,
    world.plot_points,
    world.things,
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
    if table is imported.file_imports:
        return and_(c.campaign_id == campaign_id, c.state.not_in(("open", "running")))
    if table in (imported.imported_files, imported.import_sources):
        return c.import_id.in_(_ids(imported.file_imports, campaign_id))
    if table is reviewed.transcript_parts:
        return c.review_id.in_(_ids(reviewed.transcript_reviews, campaign_id))
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


def list_keys(tx: Connection, table: Table, campaign_id: str) -> list[tuple[str, ...]]:
    """The keys of the campaign's rows of a table."""
    columns = [table.c[name] for name in key_of(table)]
    rows = tx.execute(select(*columns).where(_scope(table, campaign_id)))
    return [tuple(row) for row in rows]


def count_rows(tx: Connection, campaign_id: str) -> dict[str, int]:
    """How many rows of each table are the campaign's."""
    return {
        table.name: tx.execute(
            select(func.count()).select_from(table).where(_scope(table, campaign_id))
        ).scalar_one()
        for table in TABLES
    }
