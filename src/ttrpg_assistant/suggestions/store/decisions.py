"""Rows of `acceptance_events`, `drafts` and `draft_status_log`."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select, update

from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.suggestions.model import (
    AcceptanceEvent,
    Draft,
    DraftStatus,
    DraftStep,
    Suggestion,
    Trust,
)
from ttrpg_assistant.suggestions.tables import acceptance_events, draft_status_log, drafts

_EVENT = [acceptance_events.c[name] for name in AcceptanceEvent.__dataclass_fields__]
_DRAFT = [drafts.c[name] for name in Draft.__dataclass_fields__]
_STEP = [draft_status_log.c[name] for name in DraftStep.__dataclass_fields__]


def add_event(tx: Connection, event: AcceptanceEvent) -> AcceptanceEvent:
    """Write down a decision."""
    row = {name: getattr(event, name) for name in event.__dataclass_fields__}
    tx.execute(insert(acceptance_events).values(row))
    return event


def list_events(
    tx: Connection, suggestion_id: str, *, even_undone: bool = False
) -> list[AcceptanceEvent]:
    """The decisions about a proposal, oldest first; those taken back only when asked for."""
    query = select(*_EVENT).where(acceptance_events.c.suggestion_id == suggestion_id)
    if not even_undone:
        query = query.where(acceptance_events.c.undone_at.is_(None))
    query = query.order_by(acceptance_events.c.created_at, acceptance_events.c.id)
    return [AcceptanceEvent(*row) for row in tx.execute(query)]


def mark_undone(tx: Connection, event_id: str) -> None:
    """The decision was taken back."""
    tx.execute(
        update(acceptance_events)
        .where(acceptance_events.c.id == event_id)
        .values(undone_at=utc_now())
    )


def add_draft(tx: Connection, suggestion: Suggestion, trust: Trust = "creative") -> Draft:
    """A proposal begins its life as a draft."""
    now = utc_now()
    draft = Draft(
        id=new_id(),
        suggestion_id=suggestion.id,
        campaign_id=suggestion.campaign_id,
        entity_type=suggestion.target_kind,
        data=suggestion.fields,
        status="draft",
        trust=trust,
        entity_id=None,
        created_at=now,
        updated_at=now,
    )
    tx.execute(
        insert(drafts).values({name: getattr(draft, name) for name in draft.__dataclass_fields__})
    )
    _log(tx, draft.id, None, "draft", None)
    return draft


def find_draft(tx: Connection, suggestion_id: str) -> Draft | None:
    """The draft of a proposal, or None."""
    row = tx.execute(select(*_DRAFT).where(drafts.c.suggestion_id == suggestion_id)).first()
    return None if row is None else Draft(*row)


def move_draft(
    tx: Connection, draft: Draft, *steps: DraftStatus, reason: str | None = None, **values: object
) -> None:
    """Take a draft through these statuses, each logged, and set other columns."""
    status = draft.status
    for step in steps:
        if step != status:
            _log(tx, draft.id, status, step, reason)
            status = step
    tx.execute(
        update(drafts)
        .where(drafts.c.id == draft.id)
        .values(status=status, updated_at=utc_now(), **values)
    )


def list_draft_steps(tx: Connection, draft_id: str) -> list[DraftStep]:
    """The statuses a draft went through, oldest first."""
    query = select(*_STEP).where(draft_status_log.c.draft_id == draft_id)
    return [DraftStep(*row) for row in tx.execute(query.order_by(draft_status_log.c.step))]


def _log(
    tx: Connection,
    draft_id: str,
    from_status: DraftStatus | None,
    to_status: DraftStatus,
    reason: str | None,
) -> None:
    last = select(func.max(draft_status_log.c.step)).where(draft_status_log.c.draft_id == draft_id)
    tx.execute(
        insert(draft_status_log).values(
            id=new_id(),
            draft_id=draft_id,
            step=(tx.execute(last).scalar() or 0) + 1,
            from_status=from_status,
            to_status=to_status,
            reason=reason,
            at=utc_now(),
        )
    )
