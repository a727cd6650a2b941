"""What is written down at the table: the notes and events of a game session, with their time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)

from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.model import ROLL, Page, SessionEvent, SessionNote
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.audiences import admits_unnamed_to_name, is_note_seen
from ttrpg_assistant.campaigns.store.entities import get_entity, insert_once, read_row
from ttrpg_assistant.campaigns.tables import session_events, session_notes
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.prompts.audience import GM, GM_ONLY, Viewer, may_see

L = TypeVar("L", SessionNote, SessionEvent)

_HAPPENED = session_events.c.kind != ROLL


def add_session_note(
    tx: Connection,
    game_session_id: str,
    text: str,
    *,
    gm_only: bool,
    id: str | None,
    at: str | None,
) -> SessionNote:
    """A note, now or at the moment it was captured. Resending an `id` gives the first again."""
    row = {"text": text, "gm_only": gm_only, "revision": 1}
    return _add(tx, session_notes, SessionNote, game_session_id, id, at, row)


def add_session_event(
    tx: Connection,
    game_session_id: str,
    kind: str,
    text: str,
    *,
    entity_kind: str | None,
    entity_id: str | None,
    id: str | None,
    at: str | None,
) -> SessionEvent:
    """An event, possibly to an entity of the campaign, which counts as used from then on."""
    game_session = get_entity(tx, GAME_SESSION, game_session_id)
    if (entity_kind is None) != (entity_id is None):
        raise InvalidInput("An event names both the kind and the id of an entity, or neither.")
    if entity_kind is not None and entity_id is not None:
        touch_entity(tx, game_session.campaign_id, entity_kind, entity_id)
    row: dict[str, object] = {
        "kind": kind,
        "text": text,
        "entity_kind": entity_kind,
        "entity_id": entity_id,
    }
    return _add(tx, session_events, SessionEvent, game_session_id, id, at, row)


def touch_entity(tx: Connection, campaign_id: str, kind: str, id: str) -> None:
    """Say that an entity was just used at the table. Raises `InvalidInput` if it is not there."""
    table = next((known.table for known in KINDS.values() if known.name == kind), None)
    if table is None or "campaign_id" not in table.c:
        raise InvalidInput(f"An event cannot be about a {kind}.", facts={"field": "entity_kind"})
    is_there = (table.c.id == id, table.c.campaign_id == campaign_id, table.c.removed_at.is_(None))
    if tx.execute(select(table.c.id).where(*is_there)).first() is None:
        raise InvalidInput(
            "The event names something that is not in this campaign.", facts={"field": "entity_id"}
        )
    if "last_used_at" in table.c:
        tx.execute(update(table).where(*is_there).values(last_used_at=utc_now()))


def edit_session_note(
    tx: Connection, id: str, revision: int, changes: Mapping[str, object]
) -> SessionNote:
    """Change a note's `text` or `gm_only`. Raises `NotFound`, and `Conflict` on a stale edit."""
    current = get_session_note(tx, id)
    theirs = {name: getattr(current, name) for name in changes}
    if theirs == dict(changes):
        return current
    done = tx.execute(
        update(session_notes)
        .where(session_notes.c.id == id, session_notes.c.revision == revision)
        .values(**changes, revision=revision + 1)
    )
    if done.rowcount != 1:
        raise Conflict(
            "This note was changed elsewhere in the meantime; nothing was overwritten.",
            code="stale_revision",
            facts={
                "id": id,
                "revision": current.revision,
                "mine": dict(changes),
                "theirs": theirs,
            },
        )
    return get_session_note(tx, id)


def get_session_note(tx: Connection, id: str) -> SessionNote:
    """The note. Raises `NotFound`."""
    return _get(tx, session_notes, SessionNote, id)


def get_session_event(tx: Connection, id: str) -> SessionEvent:
    """The event. Raises `NotFound`."""
    return _get(tx, session_events, SessionEvent, id)


def mark_note_removed(tx: Connection, id: str, *, removed: bool) -> str:
    """Remove or restore a note; gives its campaign's id. Raises `NotFound`."""
    return _mark(tx, session_notes, id, removed)


def mark_event_removed(tx: Connection, id: str, *, removed: bool) -> str:
    """Remove or restore an event; gives its campaign's id. Raises `NotFound`."""
    return _mark(tx, session_events, id, removed)


def list_session_notes(
    tx: Connection, game_session_id: str, *, after: str | None = None, limit: int = 100
) -> Page[SessionNote]:
    """Notes in the order of their time. `after` is the id of the last one seen."""
    return _list(tx, session_notes, SessionNote, game_session_id, after, limit)


def list_session_events(
    tx: Connection,
    game_session_id: str,
    *,
    kind: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[SessionEvent]:
    """Events, or those of one `kind`, by their time. `after` is the id of the last one seen."""
    only = () if kind is None else (session_events.c.kind == kind,)
    return _list(tx, session_events, SessionEvent, game_session_id, after, limit, *only)


def list_newest_notes(
    tx: Connection, game_session_id: str, most: int, viewer: Viewer = GM
) -> list[SessionNote]:
    """The newest notes that are for this viewer, oldest first."""
    return _newest(tx, session_notes, SessionNote, game_session_id, most, is_note_seen(viewer))


def list_newest_events(
    tx: Connection, game_session_id: str, most: int, viewer: Viewer = GM
) -> list[SessionEvent]:
    """What happened last, oldest first, without what happened to things of which this viewer does
    not know.

    Rolls of dice are not among it: see `list_newest_rolls`.
    """
    only = (_HAPPENED, _is_event_seen(viewer))
    return _newest(tx, session_events, SessionEvent, game_session_id, most, *only)


def _is_event_seen(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that an event is about nothing, or about something whose name this viewer may
    hear: an event says little more."""
    if may_see(viewer, GM_ONLY):
        return true()
    event = session_events.c
    closed = {one.name: one for one in KINDS.values() if "audience" in one.table.c}
    known = [
        exists().where(
            kind.table.c.id == event.entity_id,
            admits_unnamed_to_name(viewer, kind.value, kind.table.c.audience),
            kind.table.c.removed_at.is_(None),
        )
        for kind in {one.table: one for one in closed.values()}.values()
    ]
    return or_(event.entity_kind.is_(None), event.entity_kind.not_in(list(closed)), *known)


def list_newest_rolls(tx: Connection, game_session_id: str, most: int) -> list[SessionEvent]:
    """The newest rolls of dice, oldest first. For the game master alone."""
    is_roll = session_events.c.kind == ROLL
    return _newest(tx, session_events, SessionEvent, game_session_id, most, is_roll)


def list_newest_of_campaign(
    tx: Connection, campaign_id: str, most: int
) -> tuple[list[SessionNote], list[SessionEvent]]:
    """The newest notes and the newest events of all its game sessions, oldest first; no rolls."""

    def read(table: Table, value: type[L], *only: ColumnElement[bool]) -> list[L]:
        mine = (table.c.campaign_id == campaign_id, table.c.removed_at.is_(None), *only)
        newest = (table.c.at.desc(), table.c.id.desc())
        query = select(*_columns(table, value)).where(*mine).order_by(*newest).limit(most)
        return [read_row(value, row) for row in reversed(tx.execute(query).mappings().all())]

    return read(session_notes, SessionNote), read(session_events, SessionEvent, _HAPPENED)


def count_entries(tx: Connection, game_session_id: str) -> tuple[int, int]:
    """How many notes there are and how many events, rolls of dice left out."""
    counts = []
    for table, only in ((session_notes, ()), (session_events, (_HAPPENED,))):
        mine = (table.c.game_session_id == game_session_id, table.c.removed_at.is_(None))
        counts.append(tx.execute(select(func.count()).where(*mine, *only)).scalar_one())
    return counts[0], counts[1]


def _newest(
    tx: Connection,
    table: Table,
    value: type[L],
    game_session_id: str,
    most: int,
    *only: ColumnElement[bool],
) -> list[L]:
    mine = (table.c.game_session_id == game_session_id, table.c.removed_at.is_(None))
    query = (
        select(*_columns(table, value))
        .where(*mine, *only)
        .order_by(table.c.at.desc(), table.c.id.desc())
        .limit(most)
    )
    rows = tx.execute(query).mappings().all()
    return [read_row(value, row) for row in reversed(rows)]


def _columns(table: Table, value: type[L]) -> list[Column[Any]]:
    return [table.c[name] for name in value.__dataclass_fields__]


def _add(
    tx: Connection,
    table: Table,
    value: type[L],
    game_session_id: str,
    id: str | None,
    at: str | None,
    row: Mapping[str, object],
) -> L:
    game_session = get_entity(tx, GAME_SESSION, game_session_id)
    row = {
        "id": id or new_id(),
        "game_session_id": game_session_id,
        "campaign_id": game_session.campaign_id,
        "at": at or utc_now(),
        **row,
    }
    if not insert_once(tx, table, row):
        owner = tx.execute(select(table.c.game_session_id).where(table.c.id == id)).scalar()
        if owner != game_session_id:
            raise Conflict("Another game session has an entry of this id.", facts={"id": id})
    return _get(tx, table, value, str(row["id"]))


def _get(tx: Connection, table: Table, value: type[L], id: str) -> L:
    query = select(*_columns(table, value)).where(table.c.id == id, table.c.removed_at.is_(None))
    row = tx.execute(query).mappings().first()
    if row is None:
        raise NotFound("There is no such entry.", facts={"id": id})
    return read_row(value, row)


def _list(
    tx: Connection,
    table: Table,
    value: type[L],
    game_session_id: str,
    after: str | None,
    limit: int,
    *only: ColumnElement[bool],
) -> Page[L]:
    if not 1 <= limit <= 500:
        raise InvalidInput("The limit must be between 1 and 500.", facts={"limit": limit})
    get_entity(tx, GAME_SESSION, game_session_id)
    place = tuple_(table.c.at, table.c.id)
    query = select(*_columns(table, value)).where(
        table.c.game_session_id == game_session_id, table.c.removed_at.is_(None), *only
    )
    if after is not None:
        last = tx.execute(select(table.c.at, table.c.id).where(table.c.id == after)).first()
        if last is None:
            raise InvalidInput("The cursor is not one of this list.", code="invalid_cursor")
        query = query.where(place > tuple_(last[0], last[1]))
    rows = tx.execute(query.order_by(table.c.at, table.c.id).limit(limit + 1)).mappings().all()
    items = tuple(read_row(value, row) for row in rows[:limit])
    has_more = len(rows) > limit
    return Page(items, has_more, items[-1].id if has_more else None)


def _mark(tx: Connection, table: Table, id: str, removed: bool) -> str:
    campaign_id = tx.execute(select(table.c.campaign_id).where(table.c.id == id)).scalar()
    if campaign_id is None:
        raise NotFound("There is no such entry.", facts={"id": id})
    removed_at = utc_now() if removed else None
    tx.execute(update(table).where(table.c.id == id).values(removed_at=removed_at))
    return str(campaign_id)
