"""Game sessions: their numbers and their clocks (FR-101).

At most one game session of a campaign runs at a time; a partial unique index holds that too.
The clock is kept as seconds played so far plus the moment since when it runs, so a killed
server loses none of the time.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select, update

from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.model import GameSession, RunningTable
from ttrpg_assistant.campaigns.played import played_seconds
from ttrpg_assistant.campaigns.store.edits import add_entity
from ttrpg_assistant.campaigns.store.entities import (
    find_entity,
    get_entity,
    read_value,
    remove_entity,
    restore_entity,
)
from ttrpg_assistant.campaigns.tables import campaigns, game_sessions
from ttrpg_assistant.clock import note_moment
from ttrpg_assistant.errors import Conflict
from ttrpg_assistant.ids import utc_now

MOST_RUNNING = 50
"""Tables that are listed: somebody who forgot to end more of them looks for one by name."""


def add_game_session(
    tx: Connection, campaign_id: str, values: Mapping[str, object], id: str | None = None
) -> GameSession:
    """A planned game session with the campaign's next number. Numbers are never used twice."""
    _lock_campaign(tx, campaign_id)
    highest = select(func.max(game_sessions.c.session_number)).where(
        game_sessions.c.campaign_id == campaign_id
    )
    number = (tx.execute(highest).scalar() or 0) + 1
    clock = {"session_number": number, "status": "planned", "clock_seconds": 0.0}
    return add_entity(tx, GAME_SESSION, campaign_id, values, id=id, more=clock)


def find_running_game_session(tx: Connection, campaign_id: str) -> GameSession | None:
    """The game session that runs now, or None."""
    query = select(*GAME_SESSION.columns).where(
        game_sessions.c.campaign_id == campaign_id,
        game_sessions.c.status == "running",
        game_sessions.c.removed_at.is_(None),
    )
    row = tx.execute(query).mappings().first()
    return None if row is None else read_value(GAME_SESSION, row)


def list_running(tx: Connection) -> list[RunningTable]:
    """Every game session that runs, of all campaigns in use; the one started last first."""
    query = (
        select(
            game_sessions.c.id,
            game_sessions.c.session_number,
            game_sessions.c.title,
            game_sessions.c.campaign_id,
            campaigns.c.name,
        )
        .join(campaigns, campaigns.c.id == game_sessions.c.campaign_id)
        .where(
            game_sessions.c.status == "running",
            game_sessions.c.removed_at.is_(None),
            campaigns.c.removed_at.is_(None),
            campaigns.c.archived_at.is_(None),
        )
        .order_by(game_sessions.c.started_at.desc(), game_sessions.c.id.desc())
        .limit(MOST_RUNNING)
    )
    return [RunningTable(*row) for row in tx.execute(query)]


def run_game_session(tx: Connection, id: str) -> GameSession:
    """Start a planned game session, go on with an ended or paused one; the clock runs after.

    Running already, it is given back as it is. Raises `NotFound`, and `Conflict` while another
    game session of the campaign runs.
    """
    current = get_entity(tx, GAME_SESSION, id)
    _lock_campaign(tx, current.campaign_id)
    running = find_running_game_session(tx, current.campaign_id)
    if running is not None and running.id != id:
        raise Conflict(
            f"Game session {running.session_number} is still running.",
            code="game_session_running",
            cure="End it first.",
            facts={"running_id": running.id, "session_number": running.session_number},
        )
    if current.status == "running" and current.running_since is not None:
        return current
    now = utc_now()
    note_moment(now)
    return _set(
        tx,
        id,
        status="running",
        running_since=now,
        started_at=current.started_at or now,
        ended_at=None,
    )


def pause_game_session(tx: Connection, id: str) -> GameSession:
    """Stop the clock of a running game session, which goes on running. Raises `Conflict`."""
    current = get_entity(tx, GAME_SESSION, id)
    if current.status != "running":
        raise Conflict("This game session is not running.", code="game_session_not_running")
    return _set(tx, id, clock_seconds=played_seconds(current), running_since=None)


def end_game_session(tx: Connection, id: str) -> GameSession:
    """End a running game session. One that ended already is given back as it is.

    Raises `NotFound`, and `Conflict` when it never started.
    """
    current = get_entity(tx, GAME_SESSION, id)
    if current.status == "ended":
        return current
    if current.status == "planned":
        raise Conflict("This game session has not started.", code="game_session_not_running")
    seconds = played_seconds(current)
    return _set(
        tx, id, status="ended", ended_at=utc_now(), clock_seconds=seconds, running_since=None
    )


def remove_game_session(tx: Connection, id: str) -> GameSession:
    """Delete, undoable; the clock of a running one stops, it stays running when restored."""
    current = find_entity(tx, GAME_SESSION, id)
    if current is not None and current.running_since is not None:
        pause_game_session(tx, id)
    return remove_entity(tx, GAME_SESSION, id)


def restore_game_session(tx: Connection, id: str) -> GameSession:
    """Take back a removal or an archiving. If another one runs by now, this one has ended."""
    removed = find_entity(tx, GAME_SESSION, id, even_removed=True)
    if removed is not None and removed.removed_at and removed.status == "running":
        _lock_campaign(tx, removed.campaign_id)
        if find_running_game_session(tx, removed.campaign_id) is not None:
            _set(tx, id, status="ended", ended_at=removed.removed_at)
    return restore_entity(tx, GAME_SESSION, id)


def _lock_campaign(tx: Connection, campaign_id: str) -> None:
    """Let one transaction at a time number or start sessions (SQLite has one writer anyway)."""
    tx.execute(select(campaigns.c.id).where(campaigns.c.id == campaign_id).with_for_update())


def _set(tx: Connection, id: str, **values: object) -> GameSession:
    tx.execute(
        update(game_sessions).where(game_sessions.c.id == id).values(**values, updated_at=utc_now())
    )
    found = find_entity(tx, GAME_SESSION, id, even_removed=True)
    assert found is not None
    return found
