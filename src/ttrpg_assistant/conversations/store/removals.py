"""Rows of `removals`: what was cleared or deleted, and may be brought back for 30 days."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.clock import DAY_SECONDS, moment_around, shift
from ttrpg_assistant.conversations.model import Removal
from ttrpg_assistant.conversations.tables import removals
from ttrpg_assistant.errors import Conflict, NotFound
from ttrpg_assistant.ids import new_id, utc_now

REMOVAL_DAYS = 30

_c = removals.c


def add_removal(
    tx: Connection,
    kind: str,
    subject_id: str,
    *,
    title: str,
    count: int,
    details: dict[str, Any],
    now: str,
) -> str:
    """Remember how to undo something; returns the removal's id."""
    removal_id = new_id()
    tx.execute(
        removals.insert().values(
            id=removal_id,
            kind=kind,
            subject_id=subject_id,
            title=cut_text(title, 200),
            count=count,
            details=details,
            created_at=now,
        )
    )
    return removal_id


def list_removals(tx: Connection, limit: int = 100) -> list[Removal]:
    """What can still be brought back, newest first."""
    oldest = moment_around(-REMOVAL_DAYS * DAY_SECONDS)
    rows = tx.execute(
        select(_c.id, _c.kind, _c.subject_id, _c.title, _c.count, _c.created_at)
        .where(_c.undone_at.is_(None), _c.created_at > oldest)
        .order_by(_c.created_at.desc())
        .limit(limit)
    ).all()
    return [Removal(*row, expires_at=_expiry(row.created_at)) for row in rows]


def _expiry(created_at: str) -> str:
    """Thirty days later; counted from now when the clock was set back since."""
    return shift(min(created_at, utc_now()), REMOVAL_DAYS * DAY_SECONDS)


def take_removal(tx: Connection, removal_id: str) -> tuple[str, str, dict[str, Any]]:
    """Mark a removal as undone and return its kind, subject and details."""
    row = tx.execute(
        select(_c.kind, _c.subject_id, _c.details, _c.undone_at)
        .where(_c.id == removal_id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound("There is nothing to restore.", code="removal_not_found")
    if row.undone_at is not None:
        raise Conflict("This was already restored.", code="removal_already_undone")
    tx.execute(update(removals).where(_c.id == removal_id).values(undone_at=utc_now()))
    return row.kind, row.subject_id, row.details
