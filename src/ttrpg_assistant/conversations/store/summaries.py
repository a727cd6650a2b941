"""Rows of `summaries`, found by the messages they end at.

A chain leads from a summary to the one before: it ends where `after_message_id` says. Chains
are followed by the index on `last_message_id`, a step a row, however long the talk is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, func, literal, select, update

from ttrpg_assistant.conversations.store.model_names import fit_model
from ttrpg_assistant.conversations.summaries.model import Listener, Outline, StoredSummary
from ttrpg_assistant.conversations.tables import conversations, messages, summaries
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.storage.among import prepare_among, spell_among
from ttrpg_assistant.storage.inserting import insert_into
from ttrpg_assistant.storage.prepared import Prepared

MOST_HOPS = 2_000
"""Summaries of one chain that are looked at: more than the longest talk makes."""

_c, _m = summaries.c, messages.c
_COLUMNS = [_c[name] for name in StoredSummary.__dataclass_fields__]
_FOR = (
    func.coalesce(_c.mode, "") == bindparam("mode"),
    func.coalesce(_c.hearer_npc_id, "") == bindparam("npc"),
)
_ENDING_AT = Prepared(
    select(*_COLUMNS)
    .where(_c.last_message_id == bindparam("message_id"), *_FOR)
    .order_by(_c.level.desc())
)
_ENDS = prepare_among(
    lambda is_among: (
        select(_c.last_message_id)
        .where(
            is_among(_c.conversation_id),
            _c.last_seq <= bindparam("newest", type_=Integer),
            _c.last_seq >= bindparam("oldest", type_=Integer),
            _c.level == 1,
            *_FOR,
        )
        .order_by(_c.last_seq.desc())
        .limit(bindparam("limit", type_=Integer))
    )
)
_ABOVE = prepare_among(
    lambda is_among: (
        select(_m.conversation_id)
        .join(conversations, conversations.c.branched_from_id == _m.id)
        .where(is_among(conversations.c.id))
    )
)


def _outline_query() -> Select[Any]:
    names = [name for name in Outline.__dataclass_fields__ if name != "length"]
    columns = [_m[name] for name in names]
    first = select(*columns, func.length(_m.content).label("length"), literal(1).label("n"))
    path = first.where(_m.id == bindparam("start")).cte("path", recursive=True)
    step = messages.alias("step")
    path = path.union_all(
        select(
            *(step.c[name] for name in names),
            func.length(step.c.content),
            path.c.n + 1,
        ).where(
            step.c.id == path.c.parent_id,
            step.c.seq < path.c.seq,  # along every path; a ring would never end
            path.c.n < bindparam("limit", type_=Integer),
        )
    )
    return select(*(path.c[name] for name in (*names, "length"))).order_by(path.c.n)


_OUTLINE = Prepared(_outline_query())


def _for(listener: Listener) -> dict[str, Any]:
    return {"mode": listener.mode or "", "npc": listener.npc_id or ""}


def list_outline(tx: Connection, start_id: str, limit: int) -> list[Outline]:
    """Up to `limit` messages from this one towards the root, newest first, without texts."""
    return [Outline(*row) for row in _OUTLINE.run(tx, {"start": start_id, "limit": limit})]


def list_lineage(tx: Connection, conversation_ids: Collection[str]) -> set[str]:
    """These conversations and those that they branched from, up to the first."""
    found: set[str] = set()
    new = set(conversation_ids)
    while new:
        found |= new
        new = {above for (above,) in _ABOVE.run(tx, spell_among(tx, new))} - found
    return found


def list_ends(
    tx: Connection,
    conversation_ids: Collection[str],
    listener: Listener,
    *,
    newest: int,
    oldest: int = 0,
    limit: int = 500,
) -> list[str]:
    """The messages of these conversations at which stretches end, newest first, by their seq.

    Whether one of them stands on a path is for the caller to see.
    """
    values = {"newest": newest, "oldest": oldest, "limit": limit, **_for(listener)}
    rows = _ENDS.run(tx, {**values, **spell_among(tx, conversation_ids)})
    return [last_message_id for (last_message_id,) in rows]


def list_ending_at(tx: Connection, message_id: str, listener: Listener) -> list[StoredSummary]:
    """The summaries that end with this message, the highest level first."""
    rows = _ENDING_AT.run(tx, {"message_id": message_id, **_for(listener)})
    return [StoredSummary(*row) for row in rows]


def iterate_cover(
    tx: Connection, end_id: str | None, listener: Listener, *, only_current: bool
) -> Iterator[StoredSummary]:
    """Summaries that together cover the talk up to a message, newest first, as few as can be.

    With `only_current` one that is out of date gives way to those it was made of, while there
    are any.
    """
    for _ in range(MOST_HOPS):
        alike = [] if end_id is None else list_ending_at(tx, end_id, listener)
        if not alike:
            return
        fit = (one for one in alike if one.is_current or not only_current)
        chosen = next(fit, alike[-1])
        yield chosen
        end_id = chosen.after_message_id


def list_made_of(tx: Connection, group: StoredSummary) -> list[StoredSummary]:
    """The summaries of the level below that a higher one is made of, oldest first."""
    found: list[StoredSummary] = []
    end: str | None = group.last_message_id
    while end is not None and end != group.after_message_id and len(found) < MOST_HOPS:
        alike = list_ending_at(tx, end, group.listener)
        below = next((one for one in alike if one.level == group.level - 1), None)
        if below is None:
            break
        found.append(below)
        end = below.after_message_id
    return found[::-1]


def get_summary(tx: Connection, summary_id: str) -> StoredSummary:
    """The summary; `NotFound` when there is none, or its conversation was removed."""
    row = tx.execute(
        select(*_COLUMNS)
        .join(conversations, conversations.c.id == _c.conversation_id)
        .where(_c.id == summary_id, conversations.c.removed_at.is_(None))
    ).first()
    if row is None:
        raise NotFound("This summary does not exist.", code="summary_not_found")
    return StoredSummary(*row)


def add_summary(tx: Connection, summary: StoredSummary) -> bool:
    """Store a new one. False: there is one of the same talk already, or the talk is gone."""
    if tx.execute(select(_m.id).where(_m.id == summary.last_message_id)).first() is None:
        return False
    row = {**asdict(summary), "made_by": fit_model(summary.made_by)}
    made = insert_into(tx, summaries).values(row).on_conflict_do_nothing()
    return tx.execute(made).rowcount == 1


def rewrite_summary(tx: Connection, summary_id: str, text: str, made_by: str) -> bool:
    """Put a new text in place of what was made before. A person's own text stays as it is."""
    changed = tx.execute(
        update(summaries)
        .where(_c.id == summary_id)
        .values(made_text=text, made_by=fit_model(made_by), made_at=utc_now(), outdated_at=None)
    )
    return changed.rowcount == 1


def put_own_text(tx: Connection, summary_id: str, text: str | None) -> None:
    """A person's own text, or None to go back to what was made."""
    edited_at = None if text is None else utc_now()
    tx.execute(
        update(summaries).where(_c.id == summary_id).values(own_text=text, edited_at=edited_at)
    )


def mark_outdated(tx: Connection, summary_ids: Collection[str]) -> None:
    """What these were made from reads otherwise now: they are to be made again."""
    if summary_ids:
        tx.execute(
            update(summaries).where(_c.id.in_(list(summary_ids))).values(outdated_at=utc_now())
        )


def list_outdated(tx: Connection, conversation_id: str, limit: int) -> list[StoredSummary]:
    """Those to be made again, the lowest level first; not those that a person wrote."""
    rows = tx.execute(
        select(*_COLUMNS)
        .where(
            _c.conversation_id == conversation_id,
            _c.outdated_at.is_not(None),
            _c.own_text.is_(None),
        )
        .order_by(_c.level, _c.last_seq.desc())
        .limit(limit)
    ).all()
    return [StoredSummary(*row) for row in rows]


def list_above(tx: Connection, summary: StoredSummary) -> list[StoredSummary]:
    """The summaries of higher levels that were made from this one, on whatever branch."""
    branches = select(conversations.c.id).where(conversations.c.branched_from_id.is_not(None))
    rows = tx.execute(
        select(*_COLUMNS).where(
            (_c.conversation_id == summary.conversation_id) | _c.conversation_id.in_(branches),
            _c.level == summary.level + 1,
            _c.first_seq <= summary.first_seq,
            _c.last_seq >= summary.last_seq,
            *_FOR,
        ),
        _for(summary.listener),
    ).all()
    near = [StoredSummary(*row) for row in rows]
    above = [one for one in near if any(p.id == summary.id for p in list_made_of(tx, one))]
    return above + [higher for one in above for higher in list_above(tx, one)]


def list_edited(tx: Connection, conversation_id: str, limit: int) -> list[StoredSummary]:
    """Those with a person's own text, whatever branch they belong to, newest talk first."""
    rows = tx.execute(
        select(*_COLUMNS)
        .where(_c.conversation_id == conversation_id, _c.own_text.is_not(None))
        .order_by(_c.last_seq.desc())
        .limit(limit)
    ).all()
    return [StoredSummary(*row) for row in rows]
