"""An answer that was cut off is opened again, to be continued by another turn."""

from __future__ import annotations

from contextlib import suppress

import msgspec
from sqlalchemy import Connection, select, update

from ttrpg_assistant.conversations.marks import without_mark
from ttrpg_assistant.conversations.model import (
    FINISH_REASONS,
    INTERRUPTED_MARK,
    Beginning,
    Message,
    PostedTurn,
)
from ttrpg_assistant.conversations.store.conversations import (
    lock_conversation,
    update_conversation,
)
from ttrpg_assistant.conversations.store.messages import check_open, find_message, get_message
from ttrpg_assistant.conversations.store.turns import Continuation, add_turn, find_turn
from ttrpg_assistant.conversations.tables import messages, turns
from ttrpg_assistant.errors import Conflict, InvalidInput
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.llm.types import FinishReason

_m, _t = messages.c, turns.c


def continue_answer(tx: Connection, message_id: str, *, turn_id: str, owner: str) -> PostedTurn:
    """Let an answer that was cut at its length limit, stopped or interrupted go on in place.

    Asking again with the same `turn_id`, or while it is being continued, gives the first
    result. Raises `NotFound`, `InvalidInput` for what is no answer, and `Conflict` for one that
    is not the newest of its conversation, is whole, or is being written for the first time.
    """
    conversation = lock_conversation(tx, get_message(tx, message_id).conversation_id)
    answer = get_message(tx, message_id)
    last = find_turn(tx, message_id)
    asked_id = answer.parent_id if last is None else last.user_message_id
    asked = find_message(tx, asked_id or "")
    if answer.role != "assistant" or asked is None:
        raise InvalidInput("Only an answer can be continued.", code="cannot_continue")
    was_asked = any(turn.asked_as == turn_id for turn in _list_beginnings(tx, message_id))
    is_continued = answer.status == "streaming" and last is not None and last.part > 0
    if last is not None and (was_asked or is_continued):
        return PostedTurn(asked, answer, last, created=False)
    check_open(conversation)
    if answer.status == "streaming":
        raise Conflict("This answer is still being written.", code="turn_already_running")
    if conversation.tip_message_id != message_id:
        raise Conflict(
            "Only the newest answer of a conversation can be continued.",
            code="not_newest",
            cure="Ask in a new message instead.",
        )
    reason = _find_finish_reason(tx, message_id)
    text = without_mark(answer.content)
    is_cut = answer.status in ("stopped", "interrupted") or (
        answer.status == "complete" and reason == "length"
    )
    if not is_cut or not text.strip():
        raise Conflict(
            "This answer has nothing to continue.",
            code="nothing_to_continue",
            cure="Ask again.",
        )
    beginning = Beginning(
        status="complete" if answer.status == "unreadable" else answer.status,
        characters=len(text),
        is_marked=answer.content.endswith(INTERRUPTED_MARK),
        finish_reason=reason,
        error_code=answer.error_code,
        tokens_in=answer.tokens_in,
        tokens_out=answer.tokens_out,
        asked_as=turn_id,
    )
    turn = add_turn(tx, asked, conversation.id, message_id, owner, Continuation(last, beginning))
    _reopen(tx, answer, text)
    update_conversation(tx, conversation.id)
    return PostedTurn(asked, get_message(tx, message_id), turn, created=True)


def _list_beginnings(tx: Connection, message_id: str) -> list[Beginning]:
    parts = select(_t.continues).where(_t.assistant_message_id == message_id, _t.part > 0)
    found = []
    for continues in tx.execute(parts).scalars():
        with suppress(msgspec.ValidationError):
            found.append(msgspec.convert(continues, Beginning))
    return found


def _find_finish_reason(tx: Connection, message_id: str) -> FinishReason | None:
    newest = (
        select(_t.finish_reason)
        .where(_t.assistant_message_id == message_id)
        .order_by(_t.part.desc())
        .limit(1)
    )
    found = tx.execute(newest).scalar()
    return found if found in FINISH_REASONS else None


def _reopen(tx: Connection, answer: Message, text: str) -> None:
    tx.execute(
        update(messages)
        .where(_m.id == answer.id)
        .values(status="streaming", content=text, error_code=None, updated_at=utc_now())
    )
