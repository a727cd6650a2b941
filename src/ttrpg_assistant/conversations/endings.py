"""How a reply's end is written down: once, fenced, and even when its place has vanished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.marks import with_mark, without_mark
from ttrpg_assistant.conversations.model import (
    Beginning,
    Message,
    MessageError,
    MessageStatus,
    Turn,
    TurnState,
)
from ttrpg_assistant.conversations.store import messages, turns
from ttrpg_assistant.conversations.store.shown import get_shown_message, show_message
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.llm.reading import MAX_COUNT
from ttrpg_assistant.llm.types import FinishReason

DETAIL_CHARACTERS = 1_000
"""The longest sentence kept about a fault; a provider's own words may be in it."""


@dataclass(slots=True)
class Ending:
    """How a reply ended, as far as is known while it is being written.

    `marked` asks for the "[Stream interrupted]" mark: the server went down in mid-reply.
    """

    status: MessageStatus = "interrupted"
    fault: Fault | None = None
    finish_reason: FinishReason | None = None
    model: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int | None = None
    cost_microcents: int | None = None
    reasoning: str = ""
    reasoning_seconds: float = 0.0
    manifest: dict[str, Any] | None = None
    first_text_at: str | None = None
    marked: bool = False
    place: Message | None = None
    """The placeholder as it stood when the reply began: whose words they are, who hears them."""

    @property
    def error_code(self) -> str | None:
        """The code of the fault, if there was one."""
        return None if self.fault is None else self.fault.code

    def error_words(self) -> dict[str, str | None]:
        """The fault as a turn keeps it: the words that were shown when it happened."""
        if self.fault is None:
            return {"error_code": None, "error_detail": None, "error_cure": None}
        cure = self.fault.cure
        return {
            "error_code": self.fault.code,
            "error_detail": cut_text(self.fault.sentence, DETAIL_CHARACTERS),
            "error_cure": None if cure is None else cut_text(cure, DETAIL_CHARACTERS),
        }


def store_ending(tx: Connection, turn: Turn, content: str, ending: Ending) -> Message:
    """Write the end of a reply and of its turn in one transaction; repeating is harmless.

    Returns the message as it is shown. A turn that another process has taken over (its epoch
    moved) is left as that process wrote it. A placeholder that has vanished is made again under
    the same id; one whose state was broken by somebody's hand still takes the text. An answer
    that was to be continued and got no new text becomes what it was before.
    """
    if not turns.owns(tx, turn):
        found = messages.find_message(tx, turn.assistant_message_id)
        if found is not None:
            return show_message(tx, found)
    before = beginning_of(turn)
    if before is not None and len(content) < before.characters:
        # What is continued could not be read: its text stays, and nothing was added.
        content = messages.get_message(tx, turn.assistant_message_id).content
    outcome = _Outcome(content, ending.status, ending.finish_reason, ending.error_code)
    if (
        before is not None
        and ending.status != "complete"
        and len(without_mark(content)) <= before.characters
    ):
        outcome = _as_before(before, content, ending)
    written = messages.write_streaming(
        tx,
        turn.assistant_message_id,
        content=outcome.content,
        status=outcome.status,
        model=ending.model,
        tokens=_sum_tokens(before, ending),
        error_code=outcome.error_code,
        even_broken=True,
    )
    if written:
        if before is None:  # an answer that is continued was counted when it first ended
            messages.add_unread(tx, turn.conversation_id)
    elif messages.find_message(tx, turn.assistant_message_id) is None:
        said = messages.find_message(tx, turn.user_message_id or "")
        messages.restore_missing(tx, unstored_message(turn, content, ending, said))
    if ending.reasoning:
        turns.write_reasoning(tx, turn, ending.reasoning, ending.reasoning_seconds)
    turns.end_turn(
        tx,
        turn,
        _turn_state(ending.status),
        model=ending.model,
        finish_reason=outcome.finish_reason,
        tokens_in=ending.tokens_in,
        tokens_out=ending.tokens_out,
        tokens_cached=ending.tokens_cached,
        cost_microcents=ending.cost_microcents,
        manifest=ending.manifest,
        first_text_at=ending.first_text_at,
        **ending.error_words(),
    )
    return get_shown_message(tx, turn.assistant_message_id)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is stored of an answer that has ended."""

    content: str
    status: MessageStatus
    finish_reason: FinishReason | None
    error_code: str | None


def _as_before(before: Beginning, content: str, ending: Ending) -> _Outcome:
    """What an answer becomes again when continuing it brought no text."""
    text = without_mark(content)
    return _Outcome(
        with_mark(text) if before.is_marked else text,
        before.status,
        before.finish_reason,
        ending.error_code or before.error_code,
    )


def _sum_tokens(before: Beginning | None, ending: Ending) -> tuple[int | None, int | None]:
    now = (ending.tokens_in, ending.tokens_out)
    if before is None:
        return now
    then = (before.tokens_in, before.tokens_out)
    a, b = (
        None if x is None and y is None else min((x or 0) + (y or 0), MAX_COUNT)
        for x, y in zip(now, then, strict=True)
    )
    return a, b


def end_unwritten(
    tx: Connection, turn: Turn, status: MessageStatus, fault: Fault | None = None
) -> bool:
    """End a turn that nobody here writes, with what was stored of its answer. False: it had
    ended before.

    `interrupted` marks the text; an answer that got no new text becomes what it was before.
    """
    ending = Ending(status=status, fault=fault)
    found = messages.find_message(tx, turn.assistant_message_id)
    before = beginning_of(turn)
    text = "" if found is None else found.content
    if before is not None and len(text) <= before.characters:
        outcome = _as_before(before, text, ending)
    else:
        content = with_mark(text) if status == "interrupted" else text
        outcome = _Outcome(content, status, None, ending.error_code)
    ended = turns.end_turn(
        tx,
        turn,
        _turn_state(status),
        finish_reason=outcome.finish_reason,
        **ending.error_words(),
    )
    if ended:
        messages.write_streaming(
            tx,
            turn.assistant_message_id,
            content=outcome.content,
            status=outcome.status,
            tokens=_sum_tokens(before, ending),
            error_code=outcome.error_code,
        )
    return ended


def store_short_ending(tx: Connection, turn: Turn, content: str, ending: Ending) -> Message:
    """The last resort: the turn is over, and its answer is as much as was stored of it before.

    The message returned is made up from `content` when no row of it is there.
    """
    answer_id = turn.assistant_message_id
    if turns.owns(tx, turn):
        found = messages.find_message(tx, answer_id)
        status: MessageStatus = "failed"
        if found is not None and found.status == "streaming":
            status = "interrupted" if found.content else "failed"
            messages.write_streaming(
                tx, answer_id, content=found.content, status=status, error_code=ending.error_code
            )
        turns.end_turn(tx, turn, _turn_state(status), **ending.error_words())
    found = messages.find_message(tx, answer_id)
    return unstored_message(turn, content, ending) if found is None else show_message(tx, found)


def beginning_of(turn: Turn) -> Beginning | None:
    """What the answer was before this turn continued it; None for a turn that begins one."""
    if turn.continues is None:
        return None
    try:
        return msgspec.convert(turn.continues, Beginning)
    except msgspec.ValidationError:  # changed by somebody's hand
        return None


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
        error_code=ending.error_code,
        origin=None,
        created_at=now,
        updated_at=now,
        speaker_npc_id=ending.place.speaker_npc_id if ending.place is not None else None,
        audience_npc_id=known.audience_npc_id if known is not None else None,
        finish_reason=ending.finish_reason,
        reasoning=ending.reasoning or None,
        reasoning_seconds=ending.reasoning_seconds if ending.reasoning else None,
        tokens_cached=ending.tokens_cached,
        error=_error_of(ending),
    )


def _error_of(ending: Ending) -> MessageError | None:
    words = ending.error_words()
    code = words["error_code"]
    return None if code is None else MessageError(code, words["error_detail"], words["error_cure"])
