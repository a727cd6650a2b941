"""What answers took and cost, summed over `turns`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, case, cast, func, select

from ttrpg_assistant.conversations.tables import messages, turns
from ttrpg_assistant.ids import spell_moment

_t, _m = turns.c, messages.c

_COUNTED = _t.tokens_in.is_not(None) | _t.tokens_out.is_not(None)


@dataclass(frozen=True, slots=True)
class Spent:
    """What one model took in one month (`2026-11`), in tokens and millionths of a cent.

    `unpriced` of the `answers` have no known cost; `cost_microcents` is None when none has.
    """

    month: str
    model: str | None
    answers: int
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    cost_microcents: int | None
    unpriced: int


@dataclass(frozen=True, slots=True)
class LastTaken:
    """What the newest counted answer of a conversation took, in tokens."""

    tokens_in: int
    tokens_cached: int
    tokens_out: int


def list_spent_since(tx: Connection, since: datetime) -> list[Spent]:
    """What all answers begun since a moment took, by month and model, the latest month first."""
    # Ids begin with the moment they were made at: the table is read by its key, from there on.
    first_id = f"{int(since.timestamp() * 1000):012x}"
    first_id = f"{first_id[:8]}-{first_id[8:]}"
    return _list_spent(tx, _t.id >= first_id, _t.created_at >= spell_moment(since))


def list_spent_in_conversation(tx: Connection, conversation_id: str) -> list[Spent]:
    """What the answers of one conversation took, by month and model, the latest month first."""
    answers = select(_m.id).where(_m.conversation_id == conversation_id, _m.role == "assistant")
    return _list_spent(tx, _t.assistant_message_id.in_(answers))


def _list_spent(tx: Connection, *wanted: ColumnElement[bool]) -> list[Spent]:
    month = func.substr(_t.created_at, 1, 7).label("month")
    rows = tx.execute(
        select(
            month,
            _t.model,
            func.count(),
            func.coalesce(func.sum(_t.tokens_in), 0),
            func.coalesce(func.sum(_t.tokens_cached), 0),
            func.coalesce(func.sum(_t.tokens_out), 0),
            func.sum(cast(_t.cost_microcents, Float)),
            func.sum(case((_t.cost_microcents.is_(None), 1), else_=0)),
        )
        .where(_COUNTED, *wanted)
        .group_by(month, _t.model)
        .order_by(month.desc(), _t.model)
    ).all()
    return [Spent(*row[:2], *map(_whole, row[2:])) for row in rows]


def _whole(value: Any) -> Any:
    # PostgreSQL sums into decimals, and costs are summed as fractions.
    return None if value is None else int(value)


def find_last_taken(tx: Connection, conversation_id: str, look_back: int) -> LastTaken | None:
    """What the newest of the last answers took whose provider counted; None if none did."""
    row = tx.execute(
        select(_t.tokens_in, _t.tokens_cached, _t.tokens_out)
        .join(messages, _m.id == _t.assistant_message_id)
        .where(
            _m.conversation_id == conversation_id,
            _m.seq
            > select(func.max(_m.seq) - look_back)
            .where(_m.conversation_id == conversation_id)
            .scalar_subquery(),
            _t.tokens_in.is_not(None),
        )
        .order_by(_m.seq.desc(), _t.part.desc())
        .limit(1)
    ).first()
    return None if row is None else LastTaken(row[0], row[1] or 0, row[2] or 0)
