"""What answers took and cost, summed over `turns`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, case, cast, func, select

from ttrpg_assistant.conversations.store.model_names import fit_model
from ttrpg_assistant.conversations.tables import asked_beside, messages, turns
from ttrpg_assistant.ids import spell_moment
from ttrpg_assistant.llm.types import BUILT_IN
from ttrpg_assistant.storage.inserting import insert_into

_t, _m = turns.c, messages.c

_COUNTED = (_t.tokens_in.is_not(None) | _t.tokens_out.is_not(None)) & (
    func.coalesce(_t.model, "") != BUILT_IN
)
"""The built-in model costs nothing; earlier versions stored guesses of its tokens."""


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
class Taken:
    """What one answer took, in tokens and millionths of a cent; no cost where no price is known."""

    tokens_in: int
    tokens_cached: int
    tokens_out: int
    cost_microcents: int | None


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


def add_asked_beside(tx: Connection, moment: datetime, model: str, taken: Taken) -> None:
    """Add one answer beside the talk to the sums of its month."""
    cost = taken.cost_microcents
    row = {
        "answers": 1,
        "tokens_in": taken.tokens_in,
        "tokens_cached": taken.tokens_cached,
        "tokens_out": taken.tokens_out,
        "unpriced": int(cost is None),
    }
    key = {"month": spell_moment(moment)[:7], "model": fit_model(model)}
    sums: dict[str, Any] = {name: asked_beside.c[name] + more for name, more in row.items()}
    if cost is not None:
        sums["cost_microcents"] = func.coalesce(asked_beside.c.cost_microcents, 0) + cost
    new = insert_into(tx, asked_beside).values(**key, **row, cost_microcents=cost)
    tx.execute(new.on_conflict_do_update(index_elements=list(key), set_=sums))


def list_asked_beside_since(tx: Connection, since: datetime) -> list[Spent]:
    """What was asked beside the talk took, by month and model, the latest month first."""
    c = asked_beside.c
    rows = tx.execute(
        select(
            c.month, c.model, c.answers, c.tokens_in, c.tokens_cached, c.tokens_out,
            c.cost_microcents, c.unpriced,
        )
        .where(c.month >= spell_moment(since)[:7], c.model != BUILT_IN)
        .order_by(c.month.desc(), c.model)
    ).all()  # fmt: skip
    return [Spent(*row) for row in rows]


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
            _COUNTED,
        )
        .order_by(_m.seq.desc(), _t.part.desc())
        .limit(1)
    ).first()
    return None if row is None else LastTaken(row[0], row[1] or 0, row[2] or 0)
