"""The things of a campaign that a viewer may see, and no others: what is not is never handed over.

Which audiences admit a viewer is asked of the one rule (`campaigns/store/audiences.py` before a row
is read, `campaigns/audiences.py` after). A kind that says nothing of who may know it, and a thing
of which only the name may be heard, are the game master's alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Select, false, or_, select

from ttrpg_assistant.campaigns.audiences import audience_of
from ttrpg_assistant.campaigns.canon import IN_THE_WORLD
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.model import Entity, GameSession, SessionNote
from ttrpg_assistant.campaigns.seen import choose_seen
from ttrpg_assistant.campaigns.store.audiences import is_note_seen, may_admit
from ttrpg_assistant.campaigns.store.entities import read_row, read_value
from ttrpg_assistant.campaigns.store.naming import MOST_FOUND, is_called
from ttrpg_assistant.campaigns.tables import session_notes
from ttrpg_assistant.prompts.audience import GM_ONLY, Viewer, may_see


def list_visible(
    tx: Connection, kind: EntityKind[Any], campaign_id: str, viewer: Viewer, most: int
) -> list[Any]:
    """Up to `most` things of the kind that are not archived: for the game master the latest used
    first, for others the newest. What was used when is the game master's alone."""
    table = kind.table
    query = _visible(kind, campaign_id, viewer).where(table.c.archived_at.is_(None))
    if may_see(viewer, GM_ONLY):
        query = query.order_by(table.c.last_used_at.desc())
    query = query.order_by(table.c.id.desc())
    return choose_seen(lambda count: _read_all(tx, kind, query.limit(count)), _is_for(viewer), most)


def find_visible(
    tx: Connection, kind: EntityKind[Any], campaign_id: str, viewer: Viewer, id: str
) -> Any | None:
    """The thing of this id, archived or not; None where there is none for this viewer."""
    query = _visible(kind, campaign_id, viewer).where(kind.table.c.id == id)
    return next(filter(_is_for(viewer), _read_all(tx, kind, query)), None)


def list_visible_called(
    tx: Connection, kind: EntityKind[Any], campaign_id: str, viewer: Viewer, name: str
) -> list[Any]:
    """The things that have this name or alias and that the viewer may see, a few at most. One
    question, whether there are none or none for this viewer."""
    query = _visible(kind, campaign_id, viewer).where(is_called(kind, name))
    query = query.order_by(kind.table.c.id)
    return choose_seen(
        lambda count: _read_all(tx, kind, query.limit(count)), _is_for(viewer), MOST_FOUND
    )


def list_played(tx: Connection, campaign_id: str, most: int) -> list[GameSession]:
    """The game sessions that were begun, the newest first."""
    c = GAME_SESSION.table.c
    query = (
        select(*GAME_SESSION.columns)
        .where(c.campaign_id == campaign_id, c.removed_at.is_(None), c.started_at.is_not(None))
        .order_by(c.session_number.desc())
        .limit(most)
    )
    return [read_value(GAME_SESSION, row) for row in tx.execute(query).mappings()]


def list_visible_notes(
    tx: Connection, campaign_id: str, viewer: Viewer, most: int
) -> list[SessionNote]:
    """The newest notes of all game sessions that are for this viewer, newest first."""
    c = session_notes.c
    query = (
        select(*(c[name] for name in SessionNote.__dataclass_fields__))
        .where(c.campaign_id == campaign_id, c.removed_at.is_(None), is_note_seen(viewer))
        .order_by(c.at.desc(), c.id.desc())
        .limit(most)
    )
    return [read_row(SessionNote, row) for row in tx.execute(query).mappings()]


def _visible(kind: EntityKind[Any], campaign_id: str, viewer: Viewer) -> Select[Any]:
    table = kind.table
    query = select(*kind.columns).where(
        table.c.campaign_id == campaign_id, table.c.removed_at.is_(None), *kind.is_of_kind
    )
    if may_see(viewer, GM_ONLY):
        return query
    if "audience" not in table.c:
        return query.where(false())
    canon = table.c[kind.canon_field]
    is_known = or_(*(canon == word for word in IN_THE_WORLD))
    return query.where(may_admit(viewer, table.c.audience), is_known)


def _read_all(tx: Connection, kind: EntityKind[Any], query: Select[Any]) -> list[Entity]:
    return [read_value(kind, row) for row in tx.execute(query).mappings()]


def _is_for(viewer: Viewer) -> Callable[[Entity], bool]:
    return lambda one: may_see(viewer, audience_of(one))
