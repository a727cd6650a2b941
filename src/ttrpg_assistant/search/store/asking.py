"""A question as both databases take it: terms, marks, and the filters that need a join."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, select

from ttrpg_assistant.clock import wall_now
from ttrpg_assistant.conversations.model import REHEARSAL
from ttrpg_assistant.conversations.tables import conversations
from ttrpg_assistant.search.model import Filters, Order, Term

MARKED_CONVERSATIONS = 200
"""Up to so many conversations are named to the index itself; more are filtered row by row,
which is quick then, because most rows pass."""

RANKED = 20_000
"""Best match ranks at most this many of the newest matches; ranking a million takes seconds."""

EXACT_FIRST = 1_000.0
"""Taken off the score of what holds the words as typed: more than words themselves ever count."""

PASSES = """(
m.cleared_at IS NULL AND c.removed_at IS NULL
AND (:with_archived OR c.archived_at IS NULL)
AND (CAST(:campaign_id AS TEXT) IS NULL OR c.campaign_id = :campaign_id)
AND (CAST(:kind AS TEXT) IS NULL OR c.kind = :kind)
AND (CAST(:npc_id AS TEXT) IS NULL OR c.npc_id = :npc_id)
AND (CAST(:purpose AS TEXT) IS NULL OR c.purpose = :purpose)
AND (CAST(:only_rehearsal AS TEXT) IS NULL OR c.purpose IS NULL
  OR c.purpose <> 'rehearsal' OR c.id = :only_rehearsal)
AND (CAST(:role AS TEXT) IS NULL OR m.role = :role)
AND (CAST(:mode AS TEXT) IS NULL OR m.mode = :mode)
AND (NOT :unlinked OR c.campaign_id IS NULL)
AND m.created_at >= :since AND m.created_at <= :until
)"""
"""That a message `m` of a conversation `c` passes the filters, with what `Question.values` gives;
in SQL that both databases read alike."""

_DAYS, _MONTHS = 31, 36
LATEST = "9999-12-31T23:59:59.999999Z"


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask the index for. `marks` are groups of alternatives; one of each must hold.

    `before` is the cursor's number, `worse_than` its score (best match only).
    """

    terms: tuple[Term, ...]
    filters: Filters
    order: Order
    limit: int
    marks: tuple[tuple[str, ...], ...] = ()
    before: int | None = None
    worse_than: float | None = None
    any_of: bool = False
    ranked: int | None = RANKED
    """None: everything is ranked, because the caller knows that it is little."""

    def values(self) -> dict[str, object]:
        """The filters as bound values of the statements."""
        given = self.filters
        return {
            "campaign_id": given.campaign_id,
            "kind": given.kind,
            "npc_id": given.npc_id,
            "purpose": given.purpose,
            "role": given.role,
            "since": given.since or "",
            # "~" sorts after everything a moment is spelled with.
            "until": f"{given.until}~" if given.until else LATEST,
            "with_archived": given.with_archived,
            "mode": given.mode,
            "unlinked": given.unlinked,
            "only_rehearsal": given.only_rehearsal,
            "before": 2**62 if self.before is None else self.before,
            "limit": self.limit,
        }


def mark_conversations(tx: Connection, filters: Filters) -> tuple[str, ...] | None:
    """The marks of the conversations that pass, None when they are too many to name, and an
    empty tuple when there is none."""
    c = conversations.c
    wanted: list[ColumnElement[bool]] = [c.removed_at.is_(None)]
    for column, value in (
        (c.id, filters.conversation_id),
        (c.campaign_id, filters.campaign_id),
        (c.kind, filters.kind),
        (c.npc_id, filters.npc_id),
        (c.purpose, filters.purpose),
    ):
        if value is not None:
            wanted.append(column == value)
    if filters.unlinked:
        wanted.append(c.campaign_id.is_(None))
    if filters.only_rehearsal is not None:
        wanted.append(is_no_other_rehearsal(filters.only_rehearsal))
    if len(wanted) == 1:
        return None
    found = tx.execute(select(c.id).where(*wanted).limit(MARKED_CONVERSATIONS + 1)).scalars().all()
    if len(found) > MARKED_CONVERSATIONS:
        return None
    return tuple(map(mark_of, found))


def mark_of(conversation_id: str) -> str:
    """The mark that every message of a conversation has in the index."""
    return f"v{conversation_id.replace('-', '')}"


def mark_campaign(campaign_id: str) -> str:
    """The mark that every thing of a campaign has in SQLite's index."""
    return f"c{campaign_id.replace('-', '')}"


def is_no_other_rehearsal(conversation_id: str | ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that a conversation is no rehearsal, unless it is this one."""
    c = conversations.c
    return c.purpose.is_distinct_from(REHEARSAL) | (c.id == conversation_id)


def mark_days(since: str | None, until: str | None) -> tuple[str, ...]:
    """The marks of the days, or of the months, that a range touches; none when it is too long."""
    if since is None and until is None:
        return ()
    first = _day(since or "2000-01-01", at_end=False)
    last = _day(until, at_end=True) if until else wall_now().date() + timedelta(days=1)
    if last < first:
        return ("d0",)
    days = (last - first).days + 1
    if days <= _DAYS:
        return tuple(f"d{first + timedelta(days=n):%Y%m%d}" for n in range(days))
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months > _MONTHS:
        return ()
    counted = [first.year * 12 + first.month - 1 + n for n in range(months)]
    return tuple(f"m{n // 12:04d}{n % 12 + 1:02d}" for n in counted)


def _day(moment: str, *, at_end: bool) -> date:
    year, month, day = (*moment[:10].split("-"), "", "")[:3]
    if day:
        return date(int(year), int(month), int(day))
    if month:
        begins = date(int(year), int(month), 1)
        return begins + timedelta(days=27) if at_end else begins
    return date(int(year), 12 if at_end else 1, 28 if at_end else 1)
