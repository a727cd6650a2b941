"""The NPCs of a campaign that may be talked to."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ttrpg_assistant.campaigns.canon import IN_THE_WORLD
from ttrpg_assistant.campaigns.store.entities import is_live
from ttrpg_assistant.campaigns.tables import npcs

MOST = 5_000


def list_speakers(
    tx: Connection, campaign_id: str, *, with_archived: bool, only_present: bool
) -> list[tuple[str, str]]:
    """Id and name of everybody who is part of the story, or of those in the scene now: none who is
    only an idea or was retconned. In the order of their names."""
    query = (
        select(npcs.c.id, npcs.c.name)
        .where(npcs.c.campaign_id == campaign_id, is_live(npcs), npcs.c.canon.in_(IN_THE_WORLD))
        .order_by(npcs.c.name, npcs.c.id)
        .limit(MOST)
    )
    if not with_archived:
        query = query.where(npcs.c.archived_at.is_(None))
    if only_present:
        query = query.where(npcs.c.is_present)
    return [(str(row[0]), str(row[1])) for row in tx.execute(query)]
