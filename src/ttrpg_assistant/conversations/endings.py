"""How a reply's end is written down: once, fenced, and even when its place has vanished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import (
    INTERRUPTED_MARK,
    Message,
    MessageStatus,
    Turn,
    TurnState,
)
from ttrpg_assistant.conversations.store import messages, turns
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.ids import utc_now


@dataclass(slots=True)
class Ending:
    """How a reply ended, as far as is known while it is being written.

    `marked` asks for the "[Stream interrupted]" mark: the server went down in mid-reply.
    """

    status: MessageStatus = "interrupted"
    fault: Fault | None = None
    finish_reason: str | None = None
    model: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    manifest: dict[str, Any] | None = None
    first_text_at: str | None = None
    marked: bool = False
    place: Message | None = None
    """The placeholder as it stood when the reply began: whose words they are, who hears them."""


def with_mark(text: str) -> str:
    """The text with one "[Stream interrupted]" at its end (seed, Strategy 5)."""
    if text.endswith(INTERRUPTED_MARK):
        return text
    return f"{text}\n\n{INTERRUPTED_MARK}" if text else INTERRUPTED_MARK


def without_mark(text: str) -> str:
    """The text as the model said it."""
    return text.removesuffix(INTERRUPTED_MARK).rstrip("\n") if INTERRUPTED_MARK in text else text


def store_ending(tx: Connection, turn: Turn, content: str, ending: Ending) -> Message:
    """Write the end of a reply and of its turn in one transaction; repeating is harmless.

    A turn that another process has taken over (its epoch moved) is left as that process
    wrote it. A placeholder that has vanished is made again under the same id; one whose state
    was broken by somebody's hand still takes the text.
    """
    if not turns.owns(tx, turn):
        found = messages.find_message(tx, turn.assistant_message_id)
        if found is not None:
            return found
    code = ending.fault.code if ending.fault is not None else None
    written = messages.write_streaming(
        tx,
        turn.assistant_message_id,
        content=content,
        status=ending.status,
        model=ending.model,
        tokens=(ending.tokens_in, ending.tokens_out),
        error_code=code,
        even_broken=True,
    )
    if written:
        messages.add_unread(tx, turn.conversation_id)
    elif messages.find_message(tx, turn.assistant_message_id) is None:
        said = messages.find_message(tx, turn.user_message_id)
        messages.restore_missing(tx, unstored_message(turn, content, ending, said))
    turns.end_turn(
        tx,
        turn,
        _turn_state(ending.status),
        model=ending.model,
        finish_reason=ending.finish_reason,
        tokens_in=ending.tokens_in,
        tokens_out=ending.tokens_out,
        error_code=code,
        manifest=ending.manifest,
        first_text_at=ending.first_text_at,
    )
    return messages.get_message(tx, turn.assistant_message_id)


def store_short_ending(tx: Connection, turn: Turn, content: str, ending: Ending) -> Message:
    """The last resort: the turn is over, and its answer is as much as was stored of it before.

    The message returned is made up from `content` when no row of it is there.
    """
    answer_id = turn.assistant_message_id
    if turns.owns(tx, turn):
        code = ending.fault.code if ending.fault is not None else None
        found = messages.find_message(tx, answer_id)
        status: MessageStatus = "failed"
        if found is not None and found.status == "streaming":
            status = "interrupted" if found.content else "failed"
            messages.write_streaming(
                tx, answer_id, content=found.content, status=status, error_code=code
            )
        turns.end_turn(tx, turn, _turn_state(status), error_code=code)
    return messages.find_message(tx, answer_id) or unstored_message(turn, content, ending)


def _turn_state(status: MessageStatus) -> TurnState:
    return "interrupted" if status == "streaming" else status


def unstored_message(
    turn: Turn, content: str, ending: Ending, said: Message | None = None
) -> Message:
    """The answer as it would be stored, after `said` where that is still there."""
    known = ending.place or said
    now = utc_now()
    return Message(
        id=turn.assistant_message_id,
        conversation_id=turn.conversation_id,
        seq=0,
        parent_id=turn.user_message_id if said is not None else None,
        role="assistant",
        content=content,
        mode=known.mode if known is not None else None,
        status=ending.status,
        tokens_in=ending.tokens_in,
        tokens_out=ending.tokens_out,
        model=ending.model,
        error_code=ending.fault.code if ending.fault is not None else None,
        origin=None,
        created_at=now,
        updated_at=now,
        speaker_npc_id=ending.place.speaker_npc_id if ending.place is not None else None,
        audience_npc_id=known.audience_npc_id if known is not None else None,
    )
