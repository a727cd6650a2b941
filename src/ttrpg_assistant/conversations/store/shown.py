"""Messages as they are shown: with how their answers ended, what they cost, what was thought.

All of that is stored with the turns that wrote an answer. Only what is shown to the game master
is read here; prompts, summaries, searches and recaps read messages without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, select

from ttrpg_assistant.conversations.left_out import is_failed_without_text
from ttrpg_assistant.conversations.model import (
    FINISH_REASONS,
    Message,
    MessageError,
)
from ttrpg_assistant.conversations.store.messages import get_message
from ttrpg_assistant.conversations.tables import reasonings, turns
from ttrpg_assistant.llm.fault_words import describe
from ttrpg_assistant.llm.prices import MICROCENTS_PER_DOLLAR
from ttrpg_assistant.storage.prepared import Prepared

_t, _r = turns.c, reasonings.c

_FACTS = (
    select(
        _t.assistant_message_id,
        _t.state,
        _t.finish_reason,
        _t.tokens_cached,
        _t.cost_microcents,
        _t.error_code,
        _t.error_detail,
        _t.error_cure,
        _r.content,
        _r.seconds,
    )
    .select_from(turns.outerjoin(reasonings, _r.turn_id == _t.id))
    .order_by(_t.assistant_message_id, _t.part)
)
_FACTS_OF_ONE = Prepared(_FACTS.where(_t.assistant_message_id == bindparam("message_id")))

_STATE, _FINISH, _CACHED, _COST, _CODE, _DETAIL, _CURE, _THOUGHT, _SECONDS = range(1, 10)


def get_shown_message(tx: Connection, message_id: str) -> Message:
    """One message as it is shown; `NotFound` when there is none."""
    return show_message(tx, get_message(tx, message_id))


def show_message(tx: Connection, message: Message) -> Message:
    """This message as it is shown."""
    if message.role != "assistant":
        return message
    return _with_facts(message, _FACTS_OF_ONE.run(tx, {"message_id": message.id}))


def show_messages(
    tx: Connection, page: Iterable[Message], *, with_reasoning: bool = True
) -> list[Message]:
    """These messages as they are shown, in the same order."""
    said = list(page)
    answers = [message.id for message in said if message.role == "assistant"]
    facts: dict[str, list[Sequence[Any]]] = {}
    if answers:
        for row in tx.execute(_FACTS.where(_t.assistant_message_id.in_(answers))):
            facts.setdefault(row[0], []).append(row)
    shown = [_with_facts(message, facts.get(message.id, ())) for message in said]
    if not with_reasoning:
        shown = [replace(message, reasoning=None, reasoning_seconds=None) for message in shown]
    return shown


def _with_facts(message: Message, parts: Sequence[Sequence[Any]]) -> Message:
    """The message with what its turns know, given in the order in which they wrote it."""
    if message.role != "assistant":
        return message
    ended = [part for part in parts if part[_STATE] not in ("queued", "running")]
    last = ended[-1] if ended and message.status != "streaming" else None
    reason = last[_FINISH] if last is not None else None
    thought = [part[_THOUGHT] for part in parts if isinstance(part[_THOUGHT], str)]
    return replace(
        message,
        finish_reason=reason if reason in FINISH_REASONS else None,
        reasoning="\n\n".join(thought) if thought else None,
        reasoning_seconds=_sum(part[_SECONDS] for part in parts),
        tokens_cached=_sum(part[_CACHED] for part in parts),
        cost=_dollars(_sum(part[_COST] for part in parts)),
        error=_error(message, ended),
        left_out=is_failed_without_text(message),
    )


def _error(message: Message, ended: Sequence[Sequence[Any]]) -> MessageError | None:
    if message.error_code is None:
        return None
    for part in reversed(ended):
        if part[_CODE] == message.error_code:
            if part[_DETAIL]:
                return MessageError(message.error_code, part[_DETAIL], part[_CURE])
            break
    words = describe(message.error_code)
    return MessageError(message.error_code, words.detail, words.cure)


def _sum(values: Iterable[Any]) -> Any:
    known = [value for value in values if isinstance(value, int | float)]
    return sum(known) if known else None


def _dollars(microcents: int | None) -> float | None:
    return None if microcents is None else microcents / MICROCENTS_PER_DOLLAR
