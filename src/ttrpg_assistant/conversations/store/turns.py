"""Rows of `turns`: posting, claiming, ending."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    Insert,
    Row,
    bindparam,
    func,
    literal_column,
    null,
    select,
    update,
)

from ttrpg_assistant.conversations.model import (
    AskedUnder,
    Beginning,
    Conversation,
    ConversationKind,
    Message,
    Mode,
    PostedTurn,
    Turn,
    TurnState,
)
from ttrpg_assistant.conversations.store.asked_under import put_asked_under
from ttrpg_assistant.conversations.store.conversations import lock_conversation
from ttrpg_assistant.conversations.store.leases import LEASE_SECONDS, database_clock
from ttrpg_assistant.conversations.store.messages import (
    add_message,
    advanced,
    check_open,
    find_message,
    find_posted,
    get_message,
    get_replaced,
)
from ttrpg_assistant.conversations.store.model_names import fit_model
from ttrpg_assistant.conversations.tables import messages, reasonings, turns
from ttrpg_assistant.errors import Conflict, InvalidInput
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage.inserting import insert_into
from ttrpg_assistant.storage.prepared import Prepared

_c = turns.c
_COLUMNS = [turns.c[name] for name in Turn.__dataclass_fields__]

# Spelled as literals: SQLite uses a partial index only when it can read the condition.
_ACTIVE = _c.state.in_([literal_column("'queued'"), literal_column("'running'")])
_OF_CONVERSATION = _c.conversation_id == bindparam("conversation_id")

_FIND_BUSY = Prepared(select(_c.id).where(_OF_CONVERSATION, _ACTIVE).limit(1))
_LIST_ACTIVE = Prepared(
    select(*_COLUMNS)
    .outerjoin(messages, messages.c.id == _c.assistant_message_id)
    .where(_OF_CONVERSATION, _ACTIVE)
    # In the order in which they were asked, which no clock decides.
    .order_by(func.coalesce(messages.c.seq, 0), _c.id)
)
_LAST_ATTEMPT = Prepared(
    select(func.max(_c.attempt)).where(_c.user_message_id == bindparam("message_id"))
)
_FIND = Prepared(
    select(*_COLUMNS)
    .where(_c.assistant_message_id == bindparam("message_id"))
    .order_by(_c.part.desc())
    .limit(1)
)
_OWNS = Prepared(select(_c.epoch, _c.state).where(_c.id == bindparam("turn_id")))


def _add(engine_name: str) -> Insert:
    # Without `continues`, which is JSON: converting it would slow down every message sent.
    given = [*Turn.__dataclass_fields__, "created_at", "started_at"]
    given.remove("continues")
    return turns.insert().values(
        {name: bindparam(name) for name in given}
        | {"lease_expires_at": database_clock(engine_name) + LEASE_SECONDS}
    )


_ADD = Prepared(_add("sqlite"), postgresql=lambda: _add("postgresql"))


def _read(row: Row[*tuple[Any, ...]] | tuple[Any, ...]) -> Turn:
    return Turn(*row)


def is_busy(tx: Connection, conversation_id: str) -> bool:
    """Whether an answer in this conversation is being written, or waited for."""
    return bool(_FIND_BUSY.run(tx, {"conversation_id": conversation_id}))


def find_turn(tx: Connection, assistant_message_id: str) -> Turn | None:
    """The newest turn that wrote this answer, or None."""
    rows = _FIND.run(tx, {"message_id": assistant_message_id})
    return _read(rows[0]) if rows else None


def find_owner(tx: Connection, assistant_message_id: str) -> str | None:
    """The server that writes this answer now; None while it waits, and when it has ended."""
    turn = find_turn(tx, assistant_message_id)
    return turn.owner if turn is not None and turn.state == "running" else None


def was_continued(tx: Connection, assistant_message_id: str) -> bool:
    """Whether more than one turn wrote this answer."""
    turn = find_turn(tx, assistant_message_id)
    return turn is not None and turn.part > 0


def find_first_attempt(tx: Connection, user_message_id: str) -> Turn | None:
    """The turn that answered this message first, or None when none was asked for."""
    row = tx.execute(
        select(*_COLUMNS).where(
            _c.user_message_id == user_message_id, _c.attempt == 0, _c.part == 0
        )
    ).first()
    return None if row is None else _read(row)


@dataclass(frozen=True, slots=True)
class Continuation:
    """What a turn continues: the answer as it was, and the turn that wrote it, if one did."""

    last: Turn | None
    beginning: Beginning


def add_turn(
    tx: Connection,
    user_message: Message,
    conversation_id: str,
    answer_id: str,
    owner: str,
    continues: Continuation | None = None,
) -> Turn:
    """Queue the turn, or start it at once when the conversation has none under way."""
    busy = is_busy(tx, conversation_id)
    [(attempts,)] = _LAST_ATTEMPT.run(tx, {"message_id": user_message.id})
    now = utc_now()
    row: dict[str, Any] = {
        "id": new_id(),
        "conversation_id": conversation_id,
        "user_message_id": user_message.id,
        "assistant_message_id": answer_id,
        "attempt": 0 if attempts is None else attempts + 1,
        "state": "queued" if busy else "running",
        "epoch": 0 if busy else 1,
        "owner": owner,
        "part": 0,
    }
    if continues is not None and continues.last is not None:
        row |= {"attempt": continues.last.attempt, "part": continues.last.part + 1}
    _ADD.run(tx, {**row, "created_at": now, "started_at": None if busy else now})
    if continues is not None:
        row["continues"] = msgspec.to_builtins(continues.beginning)
        tx.execute(update(turns).where(_c.id == row["id"]).values(continues=row["continues"]))
    return Turn(**row)


class AskedElsewhere(Exception):
    """A message was asked under another campaign than that of the conversation it came to."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(conversation.id)
        self.conversation = conversation


def post_turn(
    tx: Connection,
    conversation_id: str,
    *,
    message_id: str,
    content: str,
    owner: str,
    mode: Mode | None = None,
    replaces: str | None = None,
    asked_under: AskedUnder | None = None,
    answer_id: str | None = None,
    kind: ConversationKind | None = None,
    only_here: bool = True,
) -> PostedTurn:
    """Store what was said and the place of its answer, in one transaction.

    Posting the same id again gives what the first post gave. `answer_id` is for a new answer.
    `replaces` makes the new message a sibling of an earlier one: an edit. Raises `NotFound` when
    there is no conversation of that kind, `Conflict` for a reused id or an archived conversation,
    `InvalidInput` when `replaces` is not a message of the user's or was said in another mode, and
    `AskedElsewhere`, unless `only_here`, when it was asked under another campaign.
    """
    conversation = lock_conversation(tx, conversation_id, kind)
    campaign_id = conversation.campaign_id
    if not only_here and asked_under is not None and asked_under.campaign_id != campaign_id:
        raise AskedElsewhere(conversation)
    said = find_posted(tx, message_id, conversation_id, "user", content)
    if said is not None:
        turn = find_first_attempt(tx, said.id)
        if turn is not None:
            answer = get_message(tx, turn.assistant_message_id)
            return PostedTurn(said, answer, turn, created=False)
        # It was stored without asking for an answer (an outbox drained while no reply
        # could be made): the answer is asked for now.
        check_open(conversation)
    else:
        check_open(conversation)
        parent_id = conversation.tip_message_id
        if replaces is not None:
            parent_id = get_edited(tx, conversation_id, replaces, mode).parent_id
        said = add_message(
            tx,
            conversation,
            message_id=message_id,
            role="user",
            content=content,
            parent_id=parent_id,
            mode=mode,
        )
        conversation = advanced(tx, conversation, said)
    answer = add_message(
        tx,
        conversation,
        message_id=answer_id or new_id(),
        role="assistant",
        content="",
        parent_id=said.id,
        status="streaming",
        mode=said.mode,
    )
    turn = add_turn(tx, said, conversation_id, answer.id, owner)
    if asked_under is not None:
        put_asked_under(tx, turn.id, asked_under)
    return PostedTurn(said, answer, turn, created=True)


def get_edited(tx: Connection, conversation_id: str, message_id: str, mode: Mode | None) -> Message:
    """The message that an edit in this mode replaces.

    What is said about an NPC is the game master's: an edit never makes it words that the NPC
    hears. Raises `NotFound`, `InvalidInput` for another mode or a message that is not the user's.
    """
    earlier = get_replaced(tx, conversation_id, message_id)
    if earlier.mode != mode:
        raise InvalidInput(
            "An edit stays in the mode of the message it replaces; nothing was changed.",
            code="mode_differs",
            cure="Switch back to the mode in which the message was sent, then edit it.",
            facts={"mode": earlier.mode},
        )
    return earlier


def regenerate(tx: Connection, message_id: str, *, answer_id: str, owner: str) -> PostedTurn:
    """A sibling of an answer, to be written anew; the old answer stays reachable.

    Asking again with the same `answer_id` gives the first result. Raises `Conflict`
    while the answer is still being written.
    """
    old = get_message(tx, message_id)
    if old.role != "assistant" or old.parent_id is None:
        raise InvalidInput("Only an answer can be asked for again.", code="cannot_regenerate")
    conversation = lock_conversation(tx, old.conversation_id)
    user_message = get_message(tx, old.parent_id)
    again = find_message(tx, answer_id)
    if again is not None:
        turn = find_turn(tx, answer_id)
        if turn is None or turn.user_message_id != user_message.id:
            raise Conflict("This id belongs to another message.", code="message_id_reused")
        return PostedTurn(user_message, again, turn, created=False)
    check_open(conversation)
    if get_message(tx, message_id).status == "streaming":
        raise Conflict("This answer is still being written.", code="turn_already_running")
    answer = add_message(
        tx,
        conversation,
        message_id=answer_id,
        role="assistant",
        content="",
        parent_id=user_message.id,
        status="streaming",
        mode=old.mode,
        speaker_npc_id=old.speaker_npc_id,
        audience_npc_id=old.audience_npc_id,
    )
    turn = add_turn(tx, user_message, old.conversation_id, answer.id, owner)
    return PostedTurn(user_message, answer, turn, created=True)


def claim_next_turn(tx: Connection, conversation_id: str, owner: str) -> Turn | None:
    """Start the oldest queued turn of a conversation, unless one is running.

    `started_at` stays empty until `note_asked`: until then the model knows nothing of it.
    """
    lock_conversation(tx, conversation_id)
    waiting = list_active_turns(tx, conversation_id)
    if not waiting or any(turn.state == "running" for turn in waiting):
        return None
    first = waiting[0]
    tx.execute(
        update(turns)
        .where(_c.id == first.id)
        .values(
            state="running",
            owner=owner,
            epoch=first.epoch + 1,
            lease_expires_at=database_clock(tx.dialect.name) + LEASE_SECONDS,
        )
    )
    return replace(first, state="running", epoch=first.epoch + 1, owner=owner)


def note_asked(tx: Connection, turn: Turn) -> bool:
    """The model is asked now: from here on nobody asks it again for this turn. False: the turn is
    not ours any more, and the model must not be asked."""
    noted = tx.execute(
        update(turns)
        .where(_c.id == turn.id, _c.epoch == turn.epoch, _c.state == "running")
        .values(started_at=utc_now())
    )
    return noted.rowcount == 1


def list_active_turns(tx: Connection, conversation_id: str) -> list[Turn]:
    """Turns of the conversation that are running or wait for their turn, in order."""
    rows = _LIST_ACTIVE.run(tx, {"conversation_id": conversation_id})
    return [_read(row) for row in rows]


def owns(tx: Connection, turn: Turn) -> bool:
    """Whether this process still holds the turn: fenced by its epoch."""
    rows = _OWNS.run(tx, {"turn_id": turn.id})
    return bool(rows) and rows[0][0] == turn.epoch and rows[0][1] in ("queued", "running")


def end_turn(
    tx: Connection, turn: Turn, state: TurnState, *, model: str | None = None, **values: Any
) -> bool:
    """Write how the turn ended. False: it is not ours any more, or ended before."""
    written = {**values, "state": state, "ended_at": utc_now(), "model": fit_model(model)}
    given = {f"new_{name}": value for name, value in written.items()}
    ended = _prepare_ending(frozenset(written)).run(
        tx, {**given, "turn_id": turn.id, "turn_epoch": turn.epoch}
    )
    return bool(ended)


@lru_cache(maxsize=32)
def _prepare_ending(names: frozenset[str]) -> Prepared:
    written: dict[str, Any] = {name: bindparam(f"new_{name}") for name in sorted(names)}
    return Prepared(
        update(turns)
        .where(_c.id == bindparam("turn_id"), _c.epoch == bindparam("turn_epoch"), _ACTIVE)
        .values({**written, "lease_expires_at": null()})
        .returning(_c.id)
    )


def write_reasoning(tx: Connection, turn: Turn, content: str, seconds: float) -> None:
    """Keep what was thought for this turn, in place of what was kept of it before."""
    values = {"content": content, "seconds": round(seconds, 1)}
    tx.execute(
        insert_into(tx, reasonings)
        .values(turn_id=turn.id, **values)
        .on_conflict_do_update(index_elements=["turn_id"], set_=values)
    )


def list_newest_answers(tx: Connection, each: int) -> list[str]:
    """The ids of the newest answers of every conversation, so many of each, that ended well.

    Newest by `seq`, which only grows: a clock that was set back makes older ids.
    """
    newest_first = func.row_number().over(
        partition_by=messages.c.conversation_id, order_by=messages.c.seq.desc()
    )
    answers = (
        select(messages.c.id, newest_first.label("place"))
        .where(messages.c.role == "assistant")
        .subquery()
    )
    ended_well = _c.state.in_(("complete", "stopped"))
    found = tx.execute(
        select(answers.c.id)
        .where(answers.c.place <= each)
        .where(answers.c.id.in_(select(_c.assistant_message_id).where(ended_well)))
    )
    return list(found.scalars())
