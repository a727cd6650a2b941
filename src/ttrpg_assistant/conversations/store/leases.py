"""Leases of `turns`: who still runs them, and which of them nobody runs any more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, literal_column, or_, select, update

from ttrpg_assistant.conversations.model import Turn
from ttrpg_assistant.conversations.tables import turns

LEASE_SECONDS = 15.0
"""How long a running turn is believed without a heartbeat. Three heartbeats of five seconds."""

_c = turns.c
_COLUMNS = [turns.c[name] for name in Turn.__dataclass_fields__]
_ACTIVE = _c.state.in_([literal_column("'queued'"), literal_column("'running'")])


def database_clock(engine_name: str) -> Any:
    """Seconds since 1970 as the database sees them: one clock for every process."""
    if engine_name == "postgresql":
        return literal_column("extract(epoch from clock_timestamp())")
    return literal_column("(julianday('now') - 2440587.5) * 86400.0")


def renew_leases(tx: Connection, owner: str) -> int:
    """The heartbeat: every turn of this process is believed for another lease."""
    renewed = tx.execute(
        update(turns)
        .where(_c.owner == owner, _ACTIVE)
        .values(lease_expires_at=database_clock(tx.dialect.name) + LEASE_SECONDS)
    )
    return renewed.rowcount


def read_database_clock(tx: Connection) -> float:
    """What the database's clock shows, in seconds since 1970."""
    return float(tx.execute(select(database_clock(tx.dialect.name))).scalar_one())


def list_orphans(tx: Connection, *, owner: str, only_expired: bool) -> list[Turn]:
    """Turns under way that no living process runs.

    With `only_expired`, those whose lease has run out; otherwise every turn of another
    owner, for a database that only one process can have open.
    """
    wanted = [_ACTIVE, _c.owner.is_distinct_from(owner)]
    if only_expired:
        now = database_clock(tx.dialect.name)
        # One that lasts longer than a lease can dates from before the clock was set back.
        is_impossible = _c.lease_expires_at > now + 2 * LEASE_SECONDS
        wanted.append(or_(_c.lease_expires_at < now, is_impossible))
    rows = tx.execute(select(*_COLUMNS).where(*wanted).order_by(_c.created_at)).all()
    return [Turn(*row) for row in rows]


def take_over_unasked(tx: Connection, turn: Turn, owner: str) -> bool:
    """Let a turn of a dead server wait for this one, if its model was not asked yet: it waited,
    or was about to be asked. False: it was asked, or has ended."""
    taken = tx.execute(
        update(turns)
        .where(
            _c.id == turn.id,
            _c.epoch == turn.epoch,
            or_(_c.state == "queued", (_c.state == "running") & _c.started_at.is_(None)),
        )
        .values(
            state="queued",
            owner=owner,
            # A server that only seemed dead cannot ask after this.
            epoch=turn.epoch + 1,
            lease_expires_at=database_clock(tx.dialect.name) + LEASE_SECONDS,
        )
    )
    return taken.rowcount == 1
